"""People and their cards, as the processor knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import stripe

from payments.stripe_gateway.client import ask, client
from payments.stripe_gateway.payments import CardFacts, operation_of

_KEPT = ["setup_intent.payment_method"]
CARD_OPERATION = "card:"  # how the operation of a card page begins


@dataclass(frozen=True, slots=True)
class KeptCard:
    """`customer_id` is empty once the card was taken off."""

    facts: CardFacts
    customer_id: str


@dataclass(frozen=True, slots=True)
class CardPage:
    """The processor's page to type a card in that is only kept; nothing is charged on it. `status`: open, complete or expired;
    `card`: once it is kept."""

    id: str
    status: str
    url: str
    customer_id: str
    operation: str
    card: CardFacts | None


def open_customer(*, key: str, metadata: Mapping[str, str]) -> str:
    """Make the person known; the processor learns no name and no address from us. Returns its id for them."""
    return ask(lambda: client().v1.customers.create({"metadata": dict(metadata)}, {"idempotency_key": key})).id


def cards_of(customer_id: str) -> list[CardFacts]:
    """The cards kept for the person, newest first (the processor keeps few of them)."""
    found = ask(lambda: client().v1.customers.payment_methods.list(customer_id, {"type": "card", "limit": 100}))
    return [card_facts(row) for row in found.data]


def card(card_id: str) -> KeptCard:
    """Raises Refused when the processor knows no such card."""
    row = ask(lambda: client().v1.payment_methods.retrieve(card_id))
    return KeptCard(card_facts(row), _id(row.customer))


def detach_card(card_id: str) -> None:
    """Take a card off; for good. Raises Refused when it is not kept any more."""
    ask(lambda: client().v1.payment_methods.detach(card_id))


def open_card_page(
    *, key: str, customer_id: str, success_url: str, cancel_url: str, metadata: Mapping[str, str], language: str
) -> CardPage:
    """A page that keeps a card, also for payments without the person; it closes itself after 24 hours. The bank may ask the
    person to confirm. `success_url` may name the page as {CHECKOUT_SESSION_ID}. Raises Refused, Unavailable."""
    params: dict[str, Any] = {
        "mode": "setup",
        "customer": customer_id,
        "allowed_payment_method_types": ["card"],
        "setup_intent_data": {"metadata": dict(metadata)},
        "metadata": dict(metadata),
        "success_url": success_url,
        "cancel_url": cancel_url,
        "locale": language,
        "expand": _KEPT,
    }
    return _page(ask(lambda: client().v1.checkout.sessions.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def card_page(page_id: str) -> CardPage:
    """Raises Refused when there is no such page."""
    return _page(ask(lambda: client().v1.checkout.sessions.retrieve(page_id, {"expand": _KEPT})))


def kept_by(setup_id: str) -> KeptCard | None:
    """The card that a setup on one of our card pages kept; None while it is not done, and for a setup of another kind."""
    row = ask(lambda: client().v1.setup_intents.retrieve(setup_id, {"expand": ["payment_method"]}))
    card = _card_of(row)
    ours = operation_of(row).startswith(CARD_OPERATION)
    return KeptCard(card, _id(row.customer)) if card is not None and ours else None


def _page(row: stripe.checkout.Session) -> CardPage:
    setup = row.setup_intent
    return CardPage(
        id=row.id,
        status=row.status or "open",
        url=row.url or "",
        customer_id=_id(row.customer),
        operation=operation_of(row),
        card=_card_of(setup) if isinstance(setup, stripe.SetupIntent) else None,
    )


def _card_of(setup: stripe.SetupIntent) -> CardFacts | None:
    kept = setup.payment_method
    return card_facts(kept) if setup.status == "succeeded" and isinstance(kept, stripe.PaymentMethod) else None


def _id(value: Any) -> str:
    return value if isinstance(value, str) else getattr(value, "id", "") or ""


def card_facts(row: stripe.PaymentMethod) -> CardFacts:
    kept = row.card
    if kept is None:
        return CardFacts(row.id, row.type, "", 0, 0)
    return CardFacts(row.id, kept.brand or "", kept.last4 or "", kept.exp_month, kept.exp_year)
