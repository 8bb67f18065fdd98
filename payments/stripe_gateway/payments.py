"""Payments by card: take one from a saved card, ask how one stands, find one by our operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast, get_args

import stripe

from marketplace.kit.money import Money
from payments.stripe_gateway.client import ask, client

Status = Literal["succeeded", "processing", "requires_action", "requires_payment_method", "canceled", "other"]
EXPAND = ["latest_charge.balance_transaction"]


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a person recognises a card by. `id` is empty for a card that is not kept."""

    id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True, slots=True)
class PaymentState:
    """How a payment stands now. `charge_id` names the money in the processor's own books; `action_url`: where the person
    confirms (3-D Secure); `decline_code`: why the last try failed; `fee_minor`: what the processor keeps, once known."""

    id: str
    status: Status
    amount: Money
    received: Money
    charge_id: str = ""
    action_url: str = ""
    decline_code: str = ""
    fee_minor: int | None = None
    card: CardFacts | None = None
    receipt_url: str = ""
    refunded_minor: int = 0
    disputed: bool = False
    customer_id: str = ""
    metadata: Mapping[str, str] | None = None

    @property
    def operation(self) -> str:
        """Our operation, from the object's metadata."""
        return (self.metadata or {}).get("operation", "")


def charge_saved_card(
    *,
    key: str,
    amount: Money,
    customer_id: str,
    card_id: str,
    metadata: Mapping[str, str],
    description: str,
    off_session: bool,
    return_url: str = "",
) -> PaymentState:
    """Take money from a saved card. With the person present the bank may ask for a confirmation at `action_url`; without
    them such a card is declined. Raises Declined, Refused, Unavailable."""
    params: dict[str, Any] = {
        "amount": amount.minor,
        "currency": amount.currency.lower(),
        "customer": customer_id,
        "payment_method": card_id,
        "allowed_payment_method_types": ["card"],
        "confirm": True,
        "description": description,
        "metadata": dict(metadata),
        "expand": EXPAND,
    }
    if off_session:
        params["off_session"] = True
    else:
        params["return_url"] = return_url
    return payment_state(ask(lambda: client().v1.payment_intents.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def payment(payment_id: str) -> PaymentState:
    return payment_state(ask(lambda: client().v1.payment_intents.retrieve(payment_id, {"expand": EXPAND})))


def confirm_payment(payment_id: str, *, return_url: str) -> PaymentState:
    """Try a payment that waits for its person once more, so that the bank's page leads back to us. Raises Declined, Refused."""
    params: Any = {"return_url": return_url, "expand": EXPAND}
    return payment_state(ask(lambda: client().v1.payment_intents.confirm(payment_id, params)))


def cancel_payment(payment_id: str) -> PaymentState:
    """Give up a payment that waits. Raises Refused when it is too late (it may have succeeded)."""
    return payment_state(ask(lambda: client().v1.payment_intents.cancel(payment_id, {"expand": EXPAND})))


def find_payment(*, operation: str, since: datetime, customer_id: str = "") -> PaymentState | None:
    """The payment that carries our operation, among those made since just before `since`; None when there is none."""
    params: dict[str, Any] = {"created": {"gte": int((since - timedelta(minutes=15)).timestamp())}, "limit": 100}
    if customer_id:
        params["customer"] = customer_id
    pages = ask(lambda: client().v1.payment_intents.list(params))  # type: ignore[arg-type]
    found = ask(lambda: next((row for row in pages.auto_paging_iter() if operation_of(row) == operation), None))
    return payment(found.id) if found is not None else None


def operation_of(row: Any) -> str:
    """Our operation on any object of the processor's; empty when it is not ours."""
    return metadata_of(row).get("operation", "")


def metadata_of(row: Any) -> dict[str, str]:
    kept = getattr(row, "metadata", None)
    return kept.to_dict() if isinstance(kept, stripe.StripeObject) else dict(kept or {})


def payment_state(row: stripe.PaymentIntent) -> PaymentState:
    """The library's object in our words; `latest_charge` may be expanded or an id."""
    charge = row.latest_charge
    known = charge if isinstance(charge, stripe.Charge) else None
    error = row.last_payment_error
    currency = row.currency.upper()
    action = getattr(row.next_action, "redirect_to_url", None) if row.next_action else None
    return PaymentState(
        id=row.id,
        status=cast(Status, row.status if row.status in get_args(Status) else "other"),
        amount=Money(row.amount, currency),
        received=Money(row.amount_received or 0, currency),
        charge_id=known.id if known else (charge if isinstance(charge, str) else ""),
        action_url=(action.url or "") if action else "",
        # Optional fields may be missing altogether, not only empty.
        decline_code=getattr(error, "decline_code", None) or getattr(error, "code", None) or "",
        fee_minor=_fee(known),
        card=_card(row, known),
        receipt_url=(known.receipt_url or "") if known else "",
        refunded_minor=known.amount_refunded if known else 0,
        disputed=bool(known and known.disputed),
        customer_id=row.customer if isinstance(row.customer, str) else getattr(row.customer, "id", ""),
        metadata=metadata_of(row),
    )


def _fee(charge: stripe.Charge | None) -> int | None:
    line = charge.balance_transaction if charge else None
    return line.fee if isinstance(line, stripe.BalanceTransaction) else None


def _card(row: stripe.PaymentIntent, charge: stripe.Charge | None) -> CardFacts | None:
    details = charge.payment_method_details if charge else None
    card = getattr(details, "card", None) if details else None
    if card is None:
        return None
    kept = row.payment_method if isinstance(row.payment_method, str) else ""
    return CardFacts(kept, card.brand or "", card.last4 or "", card.exp_month, card.exp_year)
