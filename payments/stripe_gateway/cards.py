"""People and their cards, as the processor knows them."""

from collections.abc import Mapping
from dataclasses import dataclass

import stripe

from payments.stripe_gateway.client import ask, client
from payments.stripe_gateway.payments import CardFacts


@dataclass(frozen=True, slots=True)
class KeptCard:
    """`customer_id` is empty once the card was taken off."""

    facts: CardFacts
    customer_id: str


def open_customer(*, key: str, metadata: Mapping[str, str]) -> str:
    """Make the person known; the processor learns no name and no address from us. Returns its id for them."""
    return ask(lambda: client().v1.customers.create({"metadata": dict(metadata)}, {"idempotency_key": key})).id


def cards_of(customer_id: str) -> list[CardFacts]:
    """The cards kept for the person, newest first (the processor keeps few of them)."""
    found = ask(lambda: client().v1.customers.payment_methods.list(customer_id, {"type": "card", "limit": 100}))
    return [_facts(row) for row in found.data]


def card(card_id: str) -> KeptCard:
    """Raises Refused when the processor knows no such card."""
    row = ask(lambda: client().v1.payment_methods.retrieve(card_id))
    owner = row.customer if isinstance(row.customer, str) else getattr(row.customer, "id", "")
    return KeptCard(_facts(row), owner or "")


def detach_card(card_id: str) -> None:
    """Take a card off; for good. Raises Refused when it is not kept any more."""
    ask(lambda: client().v1.payment_methods.detach(card_id))


def _facts(row: stripe.PaymentMethod) -> CardFacts:
    kept = row.card
    if kept is None:
        return CardFacts(row.id, row.type, "", 0, 0)
    return CardFacts(row.id, kept.brand or "", kept.last4 or "", kept.exp_month, kept.exp_year)
