"""The pages of subscriptions. What is paid, and when, is said before each button."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from frontend.numbers import whole_number
from frontend.shell.coming_back import in_the_readers_language
from frontend.wallet.cards.forms import card_words, new_operation, until_words
from frontend.wallet.subscriptions import words
from marketplace.accounts.policies import may_respond
from marketplace.accounts.requests import SignedIn
from marketplace.accounts.selectors import executor_categories
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.money import Money
from marketplace.kit.policy import Denied
from payments import services as payments
from payments.selectors import card_payments_on, cards_of, may_add_card
from payments.subscriptions import selectors, services
from payments.topups.cards import own_card
from tasks_app.selectors import active_cities, groups_with_categories


@login_required
@require_safe
@in_the_readers_language
def overview(request: SignedIn) -> HttpResponse:
    """One's own subscriptions, and what is offered for the services one does."""
    user = request.user
    mine = list(selectors.subscriptions_of(user.pk)[:30])
    names = _categories()
    standing = {(row.category_id, row.city_id) for row in mine if row.status in selectors.LIVING}
    wanted = [(pk, user.city_id) for pk in executor_categories(user) if user.city_id and pk in names]
    prices = selectors.month_prices(user_id=user.pk, places=[place for place in wanted if place not in standing])
    context = {
        "mine": [(row, words.place(row), words.stands(row), words.story(row)) for row in mine],
        "offers": [(place, names[place[0]], price) for place, price in prices.items()],
        "city": active_cities().filter(pk=user.city_id or 0).first(),
        "on": card_payments_on(),
    }
    return render(request, "wallet/subscriptions/overview.html", context)


@login_required
@require_safe
def compare(request: SignedIn) -> HttpResponse:
    """What was paid by the response, and what the subscription would have cost."""
    names, cities = _categories(), {city.pk: city for city in active_cities()}
    rows = [
        (row, names[row.category_id], cities[row.city_id], words.verdict(row), _bars(row))
        for row in selectors.comparison(user_id=request.user.pk)
        if row.category_id in names and row.city_id in cities
    ]
    return render(request, "wallet/subscriptions/compare.html", {"rows": rows, "days": settings.RULES["preview_days"]})


@login_required
@in_the_readers_language
def subscribe(request: SignedIn, category_id: int, city_id: int) -> HttpResponse:
    """What it covers and costs; then the processor's page, or a kept card."""
    user, category = request.user, _categories().get(category_id)
    city = active_cities().filter(pk=city_id).first()
    offer = selectors.offer(user_id=user.pk, category_id=category_id, city_id=city_id)
    if category is None or city is None or offer is None:
        raise NotFound
    if offer.standing is not None and request.method != "POST":
        return redirect("wallet:subscription", offer.standing.pk)
    refusal = ""
    if request.method == "POST":
        try:
            made = _begin(request, category_id, city_id)
        except DomainError as error:
            refusal = error.sentence
        else:
            return redirect(made.action_url or "wallet:subscription", *([] if made.action_url else [made.pk]))
    decision = may_respond(user)
    context = {
        "category": category, "city": city, "offer": offer, "refusal": refusal, "on": card_payments_on(),
        "cards": [(card, card_words(card)) for card in cards_of(user.pk)],
        "denied": decision.reason if isinstance(decision, Denied) else "",
        "break_even": -(-offer.month.minor // offer.fee.minor) if offer.fee else None,
        "grace_days": settings.RULES["subscription_grace_days"],
        "refund_days": settings.RULES["subscription_refund_days"],
    }  # fmt: skip
    return render(request, "wallet/subscriptions/subscribe.html", context, status=409 if refusal else 200)


@login_required
@require_safe
@in_the_readers_language
def state(request: SignedIn, subscription_id: int) -> HttpResponse:
    """How it stands; also where the processor's page leads back to. Somebody with an unpaid bill may just have paid it."""
    found = selectors.own_subscription(user_id=request.user.pk, subscription_id=subscription_id)
    if found.status in ("pending", "past_due") or selectors.is_being_told(found):
        payments.carry_out_subscription(subscription_id=found.pk)
        found = selectors.own_subscription(user_id=request.user.pk, subscription_id=subscription_id)
    kind, word = words.stands(found)
    context = {
        "subscription": found, "place": words.place(found), "kind": kind, "word": word, "story": words.story(found),
        "can": selectors.rights(found), "change": selectors.price_change_ahead(found),
        "payments": [(row, words.refund_words(row, found.city.time_zone)) for row in selectors.payments_of(found)],
        **_cards(request, found),
        "waits": selectors.is_being_told(found) or (found.status == "pending" and not found.action_url),
        "refund_days": settings.RULES["subscription_refund_days"],
    }  # fmt: skip
    return render(request, "wallet/subscriptions/state.html", context)


@login_required
@require_POST
def change(request: SignedIn, subscription_id: int, verb: str) -> HttpResponse:
    """One of the verbs below; the processor is told at once if it answers, and later if it does not."""
    if verb not in _VERBS:
        raise NotFound
    act, done = _VERBS[verb]
    try:
        act(request, subscription_id)
        messages.success(request, done())
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
    payments.carry_out_subscription(subscription_id=subscription_id)
    return redirect("wallet:subscription", subscription_id)


def _cards(request: SignedIn, subscription: Any) -> dict[str, Any]:
    """The card that pays, and the others that could; one that was just added is chosen already."""
    paying = selectors.paying_card(subscription)
    others = [card for card in cards_of(request.user.pk) if paying is None or card.pk != paying.pk]
    added = request.GET.get("card", "")
    return {
        "paying": (card_words(paying), until_words(paying)) if paying else None,
        "card_ends_first": selectors.card_ends_first(subscription),
        "cards": [(card, card_words(card), until_words(card), str(card.pk) == added) for card in others],
        "just_added": any(str(card.pk) == added for card in others),
        "may_add": may_add_card(request.user.pk),
        "operation": new_operation(),
    }


def _begin(request: SignedIn, category_id: int, city_id: int) -> Any:
    chosen = whole_number(request.POST.get("card", ""))
    card = own_card(user_id=request.user.pk, card_id=chosen) if chosen is not None else None
    made = services.subscribe(
        by=request.user,
        category_id=category_id,
        city_id=city_id,
        agreed=Money(whole_number(request.POST.get("agreed", "")) or 0),
        card=card,
        language=(get_language() or "ru")[:2],
    )
    return payments.carry_out_subscription(subscription_id=made.pk)


def _change_card(request: SignedIn, subscription_id: int) -> None:
    chosen = whole_number(request.POST.get("card", ""))
    if chosen is None:
        raise NotFound
    card = own_card(user_id=request.user.pk, card_id=chosen)
    services.change_card(subscription_id=subscription_id, by=request.user, card=card)


def _simply(service: Callable[..., Any]) -> Callable[[SignedIn, int], None]:
    def act(request: SignedIn, subscription_id: int) -> None:
        service(subscription_id=subscription_id, by=request.user)

    return act


_VERBS: dict[str, tuple[Callable[[SignedIn, int], None], Callable[[], str]]] = {
    "pause": (_simply(services.pause), lambda: _("Paused. The time left is kept.")),
    "resume": (_simply(services.resume), lambda: _("It is in force again, with the time that was left.")),
    "cancel": (_simply(services.cancel), lambda: _("Cancelled. Nothing more is charged.")),
    "come-back": (_simply(services.come_back), lambda: _("It is renewed as before.")),
    "refund": (_simply(services.refund_unused_month), lambda: _("The month is on its way back to your card.")),
    "give-up": (_simply(services.give_up), lambda: _("Given up. Nothing was charged.")),
    "card": (_change_card, lambda: _("Further payments are taken from this card.")),
}


def _categories() -> dict[int, Any]:
    return {row.pk: row for group in groups_with_categories() for row in group.categories.all()}


def _bars(row: Any) -> dict[str, int]:
    """Lengths in percent of the longer one."""
    spent, would = (row.by_response + row.by_month).minor, row.would.minor
    top = max(spent, would, 1)
    return {"spent": spent * 100 // top, "would": would * 100 // top}
