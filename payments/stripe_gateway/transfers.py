"""Money from the platform's balance to an executor's account, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import stripe

from marketplace.kit.money import Money
from payments.stripe_gateway.client import ask, client
from payments.stripe_gateway.payments import operation_of


@dataclass(frozen=True, slots=True)
class TransferState:
    """`reversed_minor`: how much of it came back already."""

    id: str
    amount: Money
    account_id: str
    reversed_minor: int


@dataclass(frozen=True, slots=True)
class ReversalState:
    id: str
    amount: Money
    transfer_id: str


def transfer(
    *, key: str, amount: Money, account_id: str, charge_id: str, group: str, metadata: Mapping[str, str]
) -> TransferState:
    """Send money of a charge on; it need not have become available for that. Raises Refused, Unavailable."""
    params: dict[str, Any] = {
        "amount": amount.minor,
        "currency": amount.currency.lower(),
        "destination": account_id,
        "source_transaction": charge_id,
        "transfer_group": group,
        "metadata": dict(metadata),
    }
    return _transfer(ask(lambda: client().v1.transfers.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def transfer_by_id(transfer_id: str) -> TransferState:
    return _transfer(ask(lambda: client().v1.transfers.retrieve(transfer_id)))


def find_transfer(*, operation: str, group: str) -> TransferState | None:
    """The transfer of a deal that carries our operation; None when there is none."""
    pages = ask(lambda: client().v1.transfers.list({"transfer_group": group, "limit": 100}))
    found = ask(lambda: next((row for row in pages.auto_paging_iter() if operation_of(row) == operation), None))
    return _transfer(found) if found is not None else None


def reverse_transfer(*, key: str, transfer_id: str, amount: Money, metadata: Mapping[str, str]) -> ReversalState:
    """Take a part of a transfer, or all of it, back. Raises Refused when the account no longer holds so much."""
    params: dict[str, Any] = {"amount": amount.minor, "metadata": dict(metadata)}
    made = ask(lambda: client().v1.transfers.reversals.create(transfer_id, params, {"idempotency_key": key}))  # type: ignore[arg-type]
    return _reversal(made, transfer_id)


def find_reversal(*, operation: str, transfer_id: str) -> ReversalState | None:
    pages = ask(lambda: client().v1.transfers.reversals.list(transfer_id, {"limit": 100}))
    found = ask(lambda: next((row for row in pages.auto_paging_iter() if operation_of(row) == operation), None))
    return _reversal(found, transfer_id) if found is not None else None


def send_evidence(*, key: str, dispute_id: str, evidence: Mapping[str, str]) -> None:
    """Tell the card's bank what we know of a disputed payment, and submit it for its decision."""
    params: dict[str, Any] = {"evidence": dict(evidence), "submit": True}
    ask(lambda: client().v1.disputes.update(dispute_id, params, {"idempotency_key": key}))  # type: ignore[arg-type]


def _transfer(row: stripe.Transfer) -> TransferState:
    account = row.destination
    return TransferState(
        id=row.id,
        amount=Money(row.amount, row.currency.upper()),
        account_id=account if isinstance(account, str) else getattr(account, "id", ""),
        reversed_minor=row.amount_reversed or 0,
    )


def _reversal(row: Any, transfer_id: str) -> ReversalState:
    return ReversalState(id=row.id, amount=Money(row.amount, row.currency.upper()), transfer_id=transfer_id)
