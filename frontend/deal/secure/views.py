"""Choosing by paying, and what the two sides do about held money."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.deal.forms import place_error
from frontend.deal.notices import done, refused
from frontend.deal.people import portrait
from frontend.deal.secure import words
from frontend.deal.secure.forms import AppealForm, PartForm, PayForm
from frontend.shell.coming_back import in_the_readers_language
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.money import Money
from payments import selectors as money
from payments import services as payments
from payments.models import SecureDeal
from tasks_app import selectors, services
from tasks_app.models import Response

JUST_PAID = (
    "deal_just_paid"  # key of the session: the deal's page says that it is agreed, if the money is still held then
)


@login_required
@in_the_readers_language
def choose(request: SignedIn, response_id: int) -> HttpResponse:
    """What it costs each side, then the button that says the sum. Nothing is chosen before the money has come."""
    response = selectors.response_visible_to(request.user, response_id)
    if response.task.customer_id != request.user.pk:
        raise NotFound
    quote = selectors.secure_quote(response)
    form = _pay_form(request, agreed=quote.customer_pays)
    if request.method == "POST" and form.is_valid():
        try:
            return _pay(request, _open(request, response, form), form)
        except DomainError as error:
            place_error(form, error)
    context = {
        "response": response,
        "task": response.task,
        "portrait": portrait(response.executor),
        "quote": quote,
        "percent": words.percent_words(quote.commission.bp),
        "form": form,
        "on": money.card_payments_on(),
        "may_choose": selectors.may_choose(response),
    }
    return render(request, "deal/secure/choose.html", context, status=422 if form.errors else 200)


@login_required
@in_the_readers_language
def payment(request: SignedIn, deal_id: int) -> HttpResponse:
    """How the payment stands, by what the processor says now; another try while there is time."""
    deal = payments.see_payment(deal_id=deal_id, user_id=request.user.pk)
    if deal.status != "awaiting_payment" and deal.assignment_id is not None:
        request.session[JUST_PAID] = deal.assignment_id
        return redirect("deal:assignment", deal.assignment_id)
    form = _pay_form(request, agreed=deal.paid)
    if request.method == "POST" and form.is_valid():
        try:
            return _pay(request, deal, form)
        except DomainError as error:
            place_error(form, error)
    view = money.payment_view(deal)
    context = {
        "deal": deal,
        "form": form,
        "view": view,
        "stage": _stage(deal, view, came_back="from" in request.GET),
        "refusal": words.payment_refusal(view.refusal) if view else "",
    }
    return render(request, "deal/secure/payment.html", context, status=422 if form.errors else 200)


@login_required
def part(request: SignedIn, assignment_id: int) -> HttpResponse:
    """The customer names a part of the price and says why."""
    deal = selectors.assignment_visible_to(request.user, assignment_id)
    held = money.secure_deal_of(deal.pk)
    if deal.customer_id != request.user.pk or held is None:
        raise NotFound
    form = PartForm(request.POST if request.method == "POST" else None, currency=held.currency)
    if request.method == "POST" and form.is_valid():
        try:
            services.offer_part(
                assignment_id=deal.pk, by=request.user, amount=form.money(), reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            place_error(form, error)
        else:
            done(request, _("We told the executor. The money stays held until they answer."))
            return redirect("deal:assignment", deal.pk)
    context = {"deal": deal, "task": deal.task, "money": held, "form": form}
    return render(request, "deal/secure/part.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def answer_part(request: SignedIn, assignment_id: int) -> HttpResponse:
    selectors.assignment_visible_to(request.user, assignment_id)
    agree = request.POST.get("answer") == "agree"
    words_ = request.POST.get("words", "")
    try:
        services.answer_part(assignment_id=assignment_id, by=request.user, agree=agree, words=words_)
    except DomainError as error:
        refused(request, error)
    else:
        done(request, _("Agreed. The money is on its way.") if agree else _("A moderator will divide the money."))
    return redirect("deal:assignment", assignment_id)


@login_required
def appeal(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Another moderator is asked to look at the division again."""
    deal = selectors.assignment_visible_to(request.user, assignment_id)
    held = money.secure_deal_of(deal.pk)
    if held is None:
        raise NotFound
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.appeal_split(deal_id=held.pk, by=request.user, text=form.cleaned_data["text"])
        except DomainError as error:
            place_error(form, error)
        else:
            done(request, _("Another moderator will look at it. The money stays held until then."))
            return redirect("deal:assignment", deal.pk)
    context = {"deal": deal, "task": deal.task, "money": held, "split": money.split_of(held), "form": form}
    return render(request, "deal/secure/appeal.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def money_lines(request: SignedIn) -> HttpResponse:
    """Every movement of the person's secure deals, newest first."""
    page = money.movements_page(user_id=request.user.pk, after=request.GET.get("after"))
    whys = money.why_of_movements(page.rows)
    rows = [
        {"title": words.line_title(row.kind), "row": row, "why": why} for row, why in zip(page.rows, whys, strict=True)
    ]
    context = {"rows": rows, "next_key": page.next_key, "first_page": "after" not in request.GET}
    return render(request, "deal/secure/lines.html", context)


def _pay_form(request: SignedIn, *, agreed: Money) -> PayForm:
    cards = money.cards_of(request.user.pk)
    start = {
        "operation": PayForm.new_operation(),
        "agreed": agreed.minor,
        "card": str(cards[0].pk) if cards else "",
    }
    return PayForm(request.POST if request.method == "POST" else None, initial=start, cards=cards)


def _open(request: SignedIn, response: Response, form: PayForm) -> SecureDeal:
    return services.open_secure_deal(
        response_id=response.pk,
        by=request.user,
        operation=form.cleaned_data["operation"],
        agreed=Money(form.cleaned_data["agreed"], response.currency),
    )


def _pay(request: SignedIn, deal: SecureDeal, form: PayForm) -> HttpResponse:
    payments.pay_deal(
        deal_id=deal.pk,
        user_id=request.user.pk,
        method="card" if form.card_id else "page",
        card_id=form.card_id,
        language=(get_language() or "ru")[:2],
    )
    deal.refresh_from_db()
    view = money.payment_view(deal)
    return redirect(view.action_url) if view and view.action_url else redirect("deal:secure_payment", deal.pk)


def _stage(deal: SecureDeal, view: money.PaymentView | None, *, came_back: bool) -> str:
    """What the page of the payment shows: returned, expired, confirm, page, failed, asking or begin."""
    if deal.outcome == "not_chosen":
        return "returned"
    if deal.status == "expired":
        return "expired"
    if view is None:
        return "begin"
    if view.status in ("failed", "cancelled"):
        return "failed"
    if view.action_url:
        if view.method == "card":
            return "confirm"
        # Who comes from the processor's page has paid as far as they know: the bank is asked, nothing is denied.
        return "asking" if came_back and not view.refusal else "page"
    return "asking"
