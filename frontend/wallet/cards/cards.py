"""Kept cards and automatic top-up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.deal.forms import place_error
from frontend.wallet.cards.forms import AutomaticForm, card_words, new_operation, until_words
from frontend.wallet.subscriptions.words import place
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from payments import selectors, services


@login_required
@require_GET
def cards(request: SignedIn) -> HttpResponse:
    paid: dict[int, list[tuple[int, str]]] = {}
    for row in selectors.paid_by(request.user.pk):
        if row.card_id:
            paid.setdefault(row.card_id, []).append((row.pk, place(row)))
    context = {
        "cards": [
            (card, card_words(card), until_words(card), paid.get(card.pk, []))
            for card in selectors.cards_of(request.user.pk)
        ],
        "may_add": selectors.may_add_card(request.user.pk),
        "operation": new_operation(),
        "on": selectors.card_payments_on(),
        "wish": selectors.settings_of(request.user.pk),
    }
    return render(request, "wallet/cards/cards.html", context)


@login_required
@require_POST
def make_default(request: SignedIn, card_id: int) -> HttpResponse:
    card = services.make_default(user_id=request.user.pk, card_id=card_id)
    messages.success(request, _("%(card)s is used first from now on.") % {"card": card_words(card)})
    return redirect("wallet:cards")


@login_required
@require_POST
def remove(request: SignedIn, card_id: int) -> HttpResponse:
    try:
        services.remove_card(user_id=request.user.pk, card_id=card_id)
        messages.success(request, _("The card is not kept any more."))
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("wallet:cards")


@login_required
def automatic(request: SignedIn) -> HttpResponse:
    wish = selectors.settings_of(request.user.pk)
    form = AutomaticForm.of(wish, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_automatic(user_id=request.user.pk, **form.money())
        except DomainError as error:
            place_error(form, error)
        else:
            messages.success(request, _("Automatic top-up is on."))
            return redirect("wallet:automatic")
    card = selectors.default_card(request.user.pk)
    context = {
        "form": form,
        "wish": wish,
        "on": selectors.card_payments_on(),
        "operation": new_operation(),
        "card": card_words(card) if card else "",
        "paused": selectors.decline_sentence(wish.paused_code) if wish and wish.paused_code else "",
        "taken": selectors.taken_since(request.user.pk, selectors.start_of_month()),
        "cap": Money(wish.monthly_cap_minor, wish.currency) if wish else None,
    }
    return render(request, "wallet/cards/automatic.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def automatic_off(request: SignedIn) -> HttpResponse:
    services.switch_off(user_id=request.user.pk)
    messages.success(request, _("Automatic top-up is off. Nothing is taken by itself."))
    return redirect("wallet:automatic")
