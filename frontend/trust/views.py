"""What builds trust: an executor's page, reviews of a deal, portfolios."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from frontend.trust.forms import AlbumForm, PhotoForm, ReplyForm, ReviewForm
from frontend.trust.profile import executor_page
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound
from marketplace.trust import selectors, services
from marketplace.trust.policies import may_review
from tasks_app.selectors import assignment_visible_to


@require_GET
def executor(request: HttpRequest, user_id: int) -> HttpResponse:
    page = executor_page(user_id, after=request.GET.get("after"))
    return render(request, "trust/executor.html", {"page": page})


def _thanks() -> str:
    days = int(settings.RULES["review_blind_days"])
    sentence = ngettext(
        "Thank you. The review is shown when both have written, or in %(days)s day.",
        "Thank you. The review is shown when both have written, or in %(days)s days.",
        days,
    )
    return sentence % {"days": days}


@login_required
def review(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Write a review, or see what was written."""
    deal = assignment_visible_to(request.user, assignment_id)
    if request.user.pk not in (deal.customer_id, deal.executor_id):
        raise NotFound
    window = selectors.review_window(deal.pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(form, lambda: _write(request, deal.pk, form)):
        messages.success(request, _thanks())
        return redirect("trust:review", deal.pk)
    decision = may_review(deal, window, request.user)
    context = {
        "deal": deal,
        "other": deal.executor if request.user.pk == deal.customer_id else deal.customer,
        "window": window,
        "form": form if decision else None,
        "refusal": "" if decision else getattr(decision, "reason", ""),
        "reviews": selectors.reviews_in(window, request.user) if window else [],
    }
    return render(request, "trust/review.html", context, status=422 if form.errors else 200)


@login_required
def reply(request: SignedIn, review_id: int) -> HttpResponse:
    found = selectors.review_about(request.user, review_id)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if _done(form, lambda: services.reply_to_review(review_id=review_id, by=request.user, text=text)):
            return redirect("trust:executor", request.user.pk)
    return render(request, "trust/reply.html", {"form": form, "review": found}, status=422 if form.errors else 200)


@login_required
def portfolio(request: SignedIn) -> HttpResponse:
    form = AlbumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_album(by=request.user, title=form.cleaned_data["title"])
            return redirect("trust:album", made.pk)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    context = {"form": form, "albums": selectors.portfolio_of(request.user.pk)}
    return render(request, "trust/portfolio.html", context, status=422 if form.errors else 200)


@login_required
def album(request: SignedIn, album_id: int) -> HttpResponse:
    found = selectors.portfolio_of(request.user.pk).filter(pk=album_id).first()
    if found is None:
        raise NotFound
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        source, caption = form.cleaned_data["photo"].file, form.cleaned_data["caption"]
        if _done(
            form,
            lambda: services.add_album_photo(album_id=album_id, by=request.user, source=source, caption=caption),
        ):
            return redirect("trust:album", album_id)
    return render(request, "trust/album.html", {"album": found, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def delete_album(request: SignedIn, album_id: int) -> HttpResponse:
    services.delete_album(album_id=album_id, by=request.user)
    return redirect("trust:portfolio")


@login_required
@require_POST
def delete_photo(request: SignedIn, photo_id: int) -> HttpResponse:
    album_id = services.delete_album_photo(photo_id=photo_id, by=request.user)
    return redirect("trust:album", album_id)


def _write(request: SignedIn, assignment_id: int, form: ReviewForm) -> object:
    return services.write_review(
        assignment_id=assignment_id,
        by=request.user,
        stars=form.cleaned_data["stars"],
        criteria=form.criteria(),
        text=form.cleaned_data["text"],
    )


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Run the service; a refusal becomes the form's sentence and nothing typed is lost."""
    try:
        act()
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True
