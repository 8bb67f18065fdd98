"""The customer begins to pay: the terms are frozen, the payment is a row before it is a call."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound, StaleState
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments.intents.closing import close
from payments.intents.services import begin, look_again, perform
from payments.models import Intent, SavedCard, SecureDeal, SecureDealEvent
from payments.secure_deals import books, policies
from payments.secure_deals.history import lock_deal, step_deal
from payments.secure_deals.movements import payments_of
from payments.secure_deals.terms import commission_for, quote
from payments.stripe_gateway.errors import Unavailable
from payments.topups.policies import may_use_cards

Status = SecureDeal.Status
PATIENCE = 2.0  # seconds to wait for a worker that asks the processor already
LIVE = (Intent.Status.CREATED, Intent.Status.WAITING)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the money would be for: a response to a task. `announced`: the task offered a secure deal before the response."""

    task_id: int
    response_id: int
    customer_id: int
    executor_id: int
    category_id: int
    city_id: int
    title: str
    price: Money
    announced: bool


@transaction.atomic
def open_deal(*, offer: Offer, operation: str) -> SecureDeal:
    """Freeze the terms and await the payment. Call under the lock of the task. The same operation, or another one while this
    response still awaits its payment, gives the same deal."""
    known = SecureDeal.objects.filter(customer_id=offer.customer_id, operation=operation).first()
    if known is not None:
        if known.response_id != offer.response_id:
            raise StaleState
        return known
    waiting = _waiting(offer)
    return waiting if waiting is not None else _create(offer, operation)


def _waiting(offer: Offer) -> SecureDeal | None:
    """The open deal of this response; one whose time is over, or whose price changed, is closed."""
    rows = SecureDeal.objects.select_for_update(of=("self",))
    deal = rows.filter(response_id=offer.response_id, status=Status.AWAITING_PAYMENT).first()
    if deal is None:
        return None
    if now() < deal.pay_by and deal.price == offer.price:
        return deal
    step_deal(deal, Status.EXPIRED, reason="not_paid")
    return None


def _create(offer: Offer, operation: str) -> SecureDeal:
    found = commission_for(
        category_id=offer.category_id,
        city_id=offer.city_id,
        executor_id=offer.executor_id,
        announced=offer.announced,
    )
    terms = quote(price=offer.price, commission=found)
    deal = SecureDeal.objects.create(
        task_id=offer.task_id,
        response_id=offer.response_id,
        customer_id=offer.customer_id,
        executor_id=offer.executor_id,
        title=offer.title,
        operation=operation,
        price_minor=offer.price.minor,
        currency=offer.price.currency,
        customer_commission_minor=terms.customer_part.minor,
        executor_commission_minor=terms.executor_part.minor,
        commission_bp=found.bp,
        commission_payer=found.payer,
        tariff_id=found.tariff_id,
        created_at=now(),
        pay_by=now() + timedelta(minutes=settings.RULES["secure_pay_minutes"]),
    )
    SecureDealEvent.objects.create(deal=deal, actor_id=offer.customer_id, entered=deal.status, reason="opened")
    return deal


def pay_deal(
    *, deal_id: int, user_id: int, method: str, card_id: int | None = None, language: str = "ru", key: str = ""
) -> Intent:
    """Pay by the processor's page (`method` "page") or by a saved card ("card"). A payment already under way by the same
    method is taken up again (a page in the language of now), and so is the one that was begun with the same `key`; one by another method is closed first.
    Raises PolicyDenied, also when that one turns out to be paid, and NotFound for a card of others.

    Outside a transaction: the row is committed first, then the processor is asked at once.
    """
    require(may_use_cards())
    card = _card(user_id, card_id) if method == "card" else None
    _close_others(deal_id, user_id, card, language, key)
    intent = _begin_payment(deal_id, user_id, card, language, key)
    return perform(intent_id=intent.pk, patience=PATIENCE)


def _close_others(deal_id: int, user_id: int, card: SavedCard | None, language: str, key: str) -> None:
    """What was begun by another method, or is a page in another language, can no longer be paid. When the processor does not answer it stays open: money that
    comes twice goes back by itself."""
    mine = Intent.objects.filter(kind=Intent.Kind.DEAL_PAYMENT, subject=f"deal:{deal_id}", user_id=user_id)
    if key and mine.filter(details__key=key).exists():
        return
    for attempt in mine.filter(status=Intent.Status.WAITING).exclude(processor_id=""):
        other_method = attempt.details.get("card") != (card.processor_id if card else None)
        if other_method or (card is None and attempt.details.get("language") != language):
            with suppress(Unavailable):
                close(attempt, page=not attempt.details.get("card"))
                look_again(intent_id=attempt.pk)


@transaction.atomic
def _begin_payment(deal_id: int, user_id: int, card: SavedCard | None, language: str, key: str) -> Intent:
    deal = lock_deal(deal_id)
    attempts = list(payments_of(deal))
    details: dict[str, Any] = {"method": "card" if card else "page", "language": language, "key": key}
    if card is not None:
        details["card"] = card.processor_id
    for attempt in attempts:
        if deal.customer_id == user_id and key and attempt.details.get("key") == key:
            return attempt
    require(policies.may_pay(deal, user_id))
    for attempt in attempts:
        if attempt.status in LIVE and attempt.details.get("card") == details.get("card"):
            return attempt
    return begin(
        operation=f"deal:{deal.pk}:pay:{len(attempts) + 1}",
        kind=Intent.Kind.DEAL_PAYMENT,
        user_id=deal.customer_id,
        amount=deal.paid,
        subject=books.subject_of(deal),
        details=details,
    )


def _card(user_id: int, card_id: int | None) -> SavedCard:
    """Without an id, the default card. Raises NotFound for a card of others."""
    cards = SavedCard.objects.filter(user_id=user_id, removed_at=None)
    found = cards.filter(pk=card_id).first() if card_id is not None else cards.filter(is_default=True).first()
    if found is None:
        raise NotFound
    return found


def see_payment(*, deal_id: int, user_id: int) -> SecureDeal:
    """Ask the processor how the customer's latest try stands, and act on it. Outside a transaction. Raises NotFound."""
    deal = SecureDeal.objects.filter(pk=deal_id, customer_id=user_id).first()
    if deal is None:
        raise NotFound
    last = payments_of(deal).last()
    if last is not None and last.status in LIVE and settings.STRIPE_SECRET_KEY:
        with suppress(Unavailable):
            look_again(intent_id=last.pk)
        deal.refresh_from_db()
    return deal
