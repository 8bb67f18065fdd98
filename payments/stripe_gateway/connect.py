"""Executors' accounts at the processor: opened by us, filled in by the person on the processor's own pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe

from marketplace.kit.money import Money
from payments.stripe_gateway.client import ask, client


@dataclass(frozen=True, slots=True)
class AccountState:
    """`missing`: the processor's names of what it asks for now; `problem`: why it stopped the account, in its words.
    `can_receive`: transfers reach it; `can_pay_out`: its money goes on to the bank."""

    id: str
    submitted: bool
    can_receive: bool
    can_pay_out: bool
    missing: tuple[str, ...]
    being_checked: tuple[str, ...]
    problem: str
    bank_last4: str


@dataclass(frozen=True, slots=True)
class PayoutState:
    """Money on its way from the person's account to their bank. `status`: pending, in_transit, paid, failed, canceled."""

    id: str
    amount: Money
    status: str
    failure_code: str
    created_at: datetime
    arrives_at: datetime | None


def open_account(*, key: str, country: str, email: str, metadata: Mapping[str, str]) -> AccountState:
    """Open an account of a private person that can only receive transfers. Raises Refused, Unavailable."""
    params: dict[str, Any] = {
        "type": "express",
        "country": country,
        "business_type": "individual",
        "capabilities": {"transfers": {"requested": True}},
        "metadata": dict(metadata),
    }
    if email:
        params["email"] = email
    return _account(ask(lambda: client().v1.accounts.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def account(account_id: str) -> AccountState:
    return _account(ask(lambda: client().v1.accounts.retrieve(account_id)))


def onboarding_link(*, account_id: str, return_url: str, refresh_url: str) -> str:
    """Where the person fills in what is asked; short-lived, so a new one for each visit."""
    params: dict[str, Any] = {
        "account": account_id,
        "type": "account_onboarding",
        "return_url": return_url,
        "refresh_url": refresh_url,
    }
    return ask(lambda: client().v1.account_links.create(params)).url  # type: ignore[arg-type]


def payouts_of(account_id: str, *, limit: int = 30) -> list[PayoutState]:
    """The latest payouts of a person's account, newest first."""
    found = ask(lambda: client().v1.payouts.list({"limit": limit}, {"stripe_account": account_id}))
    return [_payout(row) for row in found.data]


def _account(row: stripe.Account) -> AccountState:
    asked = row.requirements
    past, due = (list(asked.past_due or []), list(asked.currently_due or [])) if asked else ([], [])
    transfers = row.capabilities.transfers if row.capabilities else None
    return AccountState(
        id=row.id,
        submitted=bool(row.details_submitted),
        can_receive=transfers == "active",
        can_pay_out=bool(row.payouts_enabled),
        missing=tuple(dict.fromkeys([*past, *due])),
        being_checked=tuple(asked.pending_verification or []) if asked else (),
        problem=(asked.disabled_reason or "") if asked else "",
        bank_last4=_bank(row),
    )


def _bank(row: stripe.Account) -> str:
    kept = getattr(row, "external_accounts", None)
    rows = list(kept.data) if kept else []
    return str(getattr(rows[0], "last4", "") or "") if rows else ""


def _payout(row: stripe.Payout) -> PayoutState:
    return PayoutState(
        id=row.id,
        amount=Money(row.amount, row.currency.upper()),
        status=row.status,
        failure_code=row.failure_code or "",
        created_at=datetime.fromtimestamp(row.created, UTC),
        arrives_at=datetime.fromtimestamp(row.arrival_date, UTC) if row.arrival_date else None,
    )
