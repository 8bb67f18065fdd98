"""What an intent of each kind does: the call, the look-up, the booking. Rooms register theirs at start-up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from payments.errors import AmountDiffers
from payments.models import Entry, Intent
from payments.stripe_gateway.payments import PaymentState


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the processor says of an intent. `settled`: the money moved; `waiting`: the person or the processor is not done;
    `failed`, `cancelled`: nothing moved and nothing will by this call. `facts`: what the booking needs to remember."""

    status: Literal["settled", "waiting", "failed", "cancelled"]
    processor_id: str
    payment_id: str = ""
    refusal_code: str = ""
    action_url: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class Handler(Protocol):
    """One kind of intent. `call` and `look_up` run outside any transaction and only speak with the processor; the other
    three run inside the transaction that settles, under the lock of the intent's row."""

    def call(self, intent: Intent) -> Outcome:
        """Ask for the effect with `intent.idempotency_key`. Raises Declined, Refused, Unavailable."""
        ...

    def look_up(self, intent: Intent) -> Outcome | None:
        """How it stands: by `processor_id`, or, when that is empty, by our operation. None: the processor knows nothing of it."""
        ...

    def book(self, intent: Intent, outcome: Outcome) -> Entry:
        """Write the entry of a settled intent; its operation names the intent, so that it is written once."""
        ...

    def after(self, intent: Intent) -> None:
        """What follows from the money being there: hooks, news."""
        ...

    def failed(self, intent: Intent) -> None:
        """What follows from nothing having moved: `intent.refusal_code` says why."""
        ...


_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    _handlers[kind] = handler


def handler_of(kind: str) -> Handler:
    """KeyError for a kind that nobody registered."""
    return _handlers[kind]


def metadata_of(intent: Intent) -> dict[str, str]:
    """What every object made at the processor carries, so that it can be found again."""
    return {"operation": intent.operation, "intent": str(intent.pk)}


def require_amount(intent: Intent, payment: PaymentState) -> None:
    """The journal takes what was asked for and nothing else. Raises AmountDiffers: it stays unsettled, for a person to look at."""
    if payment.status == "succeeded" and payment.received != intent.amount:
        raise AmountDiffers


def outcome_of_payment(payment: PaymentState, *, processor_id: str = "") -> Outcome:
    """How a payment by card stands, as an outcome; `processor_id` when the intent stands behind a page."""
    facts: dict[str, Any] = {"charge_id": payment.charge_id, "receipt_url": payment.receipt_url}
    if payment.card is not None:
        card = payment.card
        facts["card"] = {
            "id": card.id,
            "brand": card.brand,
            "last4": card.last4,
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
        }
    named = processor_id or payment.id
    match payment.status:
        case "succeeded":
            return Outcome("settled", named, payment.id, facts=facts)
        case "canceled":
            return Outcome("cancelled", named, payment.id, refusal_code=payment.decline_code)
        case "requires_payment_method" if payment.decline_code and not processor_id:
            return Outcome("failed", named, payment.id, refusal_code=payment.decline_code)
    return Outcome("waiting", named, payment.id, action_url=payment.action_url, refusal_code=payment.decline_code)
