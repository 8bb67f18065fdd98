"""Money given back to a card, and money that a card's bank takes back (disputes)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import stripe

from marketplace.kit.money import Money
from payments.stripe_gateway.client import ask, client
from payments.stripe_gateway.payments import operation_of


@dataclass(frozen=True, slots=True)
class RefundState:
    """`status`: pending, succeeded, failed, canceled or requires_action."""

    id: str
    status: str
    amount: Money
    payment_id: str
    charge_id: str
    failure_code: str


@dataclass(frozen=True, slots=True)
class DisputeState:
    """A card's bank took money back, or asks. `status`: needs_response, under_review, won, lost, or a warning_… that moves
    nothing. `lines`: the movements in the processor's books it caused: id, amount (negative: taken), fee."""

    id: str
    status: str
    amount: Money
    payment_id: str
    charge_id: str
    reason: str
    lines: tuple[tuple[str, int, int], ...]

    @property
    def taken_minor(self) -> int:
        """What it has taken from our balance so far, without the processor's fees."""
        return -sum(amount for _id, amount, _fee in self.lines)


def refund_payment(*, key: str, payment_id: str, amount: Money, metadata: Mapping[str, str]) -> RefundState:
    """Give a part of a payment, or all of it, back to its card. Raises Refused when more than is left is asked for."""
    params: dict[str, Any] = {"payment_intent": payment_id, "amount": amount.minor, "metadata": dict(metadata)}
    return _refund(ask(lambda: client().v1.refunds.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def refund(refund_id: str) -> RefundState:
    return _refund(ask(lambda: client().v1.refunds.retrieve(refund_id)))


def find_refund(*, operation: str, since: datetime, payment_id: str) -> RefundState | None:
    """The refund that carries our operation; None when there is none."""
    earliest = int((since - timedelta(minutes=15)).timestamp())
    params: dict[str, Any] = {"payment_intent": payment_id, "created": {"gte": earliest}, "limit": 100}
    pages = ask(lambda: client().v1.refunds.list(params))  # type: ignore[arg-type]
    found = ask(lambda: next((row for row in pages.auto_paging_iter() if operation_of(row) == operation), None))
    return _refund(found) if found is not None else None


def dispute(dispute_id: str) -> DisputeState:
    return _dispute(ask(lambda: client().v1.disputes.retrieve(dispute_id)))


def _refund(row: stripe.Refund) -> RefundState:
    return RefundState(
        id=row.id,
        status=row.status or "pending",
        amount=Money(row.amount, row.currency.upper()),
        payment_id=_id(row.payment_intent),
        charge_id=_id(row.charge),
        failure_code=getattr(row, "failure_reason", None) or "",
    )


def _dispute(row: stripe.Dispute) -> DisputeState:
    return DisputeState(
        id=row.id,
        status=row.status,
        amount=Money(row.amount, row.currency.upper()),
        payment_id=_id(row.payment_intent),
        charge_id=_id(row.charge),
        reason=row.reason,
        lines=tuple((line.id, line.amount, line.fee) for line in row.balance_transactions),
    )


def _id(value: Any) -> str:
    return value if isinstance(value, str) else getattr(value, "id", "") or ""
