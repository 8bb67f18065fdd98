"""Topping up: choose, pay on the processor's page or by a kept card, and read how it stands."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.deal.forms import place_error
from frontend.numbers import whole_number
from frontend.shell.coming_back import in_the_readers_language
from frontend.wallet.cards.forms import NEW_CARD, ReturnForm, TopUpForm
from marketplace.accounts import selectors as people
from marketplace.accounts.requests import SignedIn
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from payments import selectors, services
from payments.selectors import TopUpView

PATIENCE = 3.0  # seconds to wait for a worker that asks the processor already
ONWARD = timedelta(minutes=2)  # after that whoever opens the page again decides anew


@login_required
@in_the_readers_language
def top_up(request: SignedIn) -> HttpResponse:
    """Pressing the button twice is one top-up: the form carries its operation."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            intent = services.top_up(
                user_id=request.user.pk,
                amount=form.amount,
                operation=form.cleaned_data["operation"],
                card_id=form.card_id,
                keep_card=form.cleaned_data["keep_card"],
                language=(get_language() or "ru")[:2],
                back=local_path(form.cleaned_data["back"]),
            )
        except DomainError as error:
            place_error(form, error)
        else:
            view = selectors.top_up_view(services.carry_out(intent_id=intent.pk, patience=PATIENCE))
            return redirect(view.action_url) if view.action_url else redirect(_onward(view))
    context = {
        "form": form,
        "on": selectors.card_payments_on(),
        "balance": selectors.wallet_balance(request.user.pk),
        "debt": selectors.debt_of(request.user.pk),
        "missing": _missing(request),
        "back": local_path(request.GET.get("back", "")) or "/wallet/",
    }
    return render(request, "wallet/cards/top_up.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
@in_the_readers_language
def state(request: SignedIn, intent_id: int) -> HttpResponse:
    """How a top-up stands, by what the processor says now and not by how the person came here."""
    view = selectors.top_up_of(user_id=request.user.pk, intent_id=intent_id)
    if view.stage in ("asking", "pay", "confirm"):
        view = selectors.top_up_view(services.see_how_it_stands(user_id=request.user.pk, intent_id=intent_id))
    came_back = "from" in request.GET
    if "onward" in request.GET and view.action_url and now() - view.created_at < ONWARD:
        return _lead(request, view.action_url)
    context = {
        "top_up": view,
        "came_back": came_back,
        "waits": view.stage == "asking" or (came_back and view.stage in ("pay", "confirm") and not view.reason),
        "balance": selectors.wallet_balance(request.user.pk),
        "returnable": selectors.returnable_of(user_id=request.user.pk, intent_id=intent_id),
        "again": _again(view),
    }
    return render(request, "wallet/cards/state.html", context)


@login_required
@require_POST
def give_up(request: SignedIn, intent_id: int) -> HttpResponse:
    try:
        services.give_up(user_id=request.user.pk, intent_id=intent_id)
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("wallet:top_up_state", intent_id)


@login_required
def give_back(request: SignedIn, intent_id: int) -> HttpResponse:
    """Unused money back to its card."""
    view = selectors.top_up_of(user_id=request.user.pk, intent_id=intent_id)
    left = selectors.returnable_of(user_id=request.user.pk, intent_id=intent_id)
    start = {"operation": TopUpForm.new_operation(), "amount": left.minor // 100}
    form = ReturnForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            _return(request, intent_id, form)
        except DomainError as error:
            place_error(form, error)
        else:
            messages.success(request, _("The money is on its way to the card. The bank shows it in 5–10 days."))
            return redirect("wallet:overview")
    context = {"top_up": view, "form": form, "left": left}
    return render(request, "wallet/cards/return.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def history(request: SignedIn) -> HttpResponse:
    page = selectors.top_ups_page(user_id=request.user.pk, after=request.GET.get("after"))
    return render(request, "wallet/cards/history.html", {"top_ups": page.rows, "next_key": page.next_key})


def local_path(path: str) -> str:
    """A path of our own site, or nothing: nobody is led away after paying."""
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours and len(path) <= 300 else ""


def _form(request: SignedIn) -> TopUpForm:
    cards = selectors.cards_of(request.user.pk)
    city_id = people.service_area(request.user).city_id if people.is_executor(request.user.pk) else None
    sums = selectors.presets(
        user_id=request.user.pk, city_id=city_id or request.user.city_id, at=now(), missing=_missing(request)
    )
    start = {
        "operation": TopUpForm.new_operation(),
        "back": local_path(request.GET.get("back", "")),
        "preset": str(sums[0].minor),
        "card": str(cards[0].pk) if cards else NEW_CARD,
    }
    return TopUpForm(request.POST if request.method == "POST" else None, initial=start, presets=sums, cards=cards)


def _missing(request: SignedIn) -> Money | None:
    """The sum that a response in hand is short of, from the address of the page."""
    need = whole_number(request.GET.get("need", ""), most=999_999_999)
    return Money(need) if need else None


def _return(request: SignedIn, intent_id: int, form: ReturnForm) -> Any:
    intent = services.return_top_up(
        user_id=request.user.pk,
        top_up_id=intent_id,
        amount=Money(form.cleaned_data["amount"] * 100),
        operation=form.cleaned_data["operation"],
    )
    return services.carry_out(intent_id=intent.pk)


def _onward(view: TopUpView) -> str:
    """The page that leads on to the payment by itself as soon as there is one; for what is done, the plain page."""
    path = reverse("wallet:top_up_state", args=[view.id])
    return f"{path}?onward=1" if view.stage == "asking" else path


def _lead(request: SignedIn, url: str) -> HttpResponse:
    """Go to the processor's page, also from a request that only renews a part of ours."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _again(view: TopUpView) -> str:
    """Where to try once more, with the same way back."""
    return f"back={view.back}" if view.back else ""
