"""Reads of accounts for payouts and of the payouts themselves."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.kit.money import Money
from marketplace.kit.pagination import Page, key_page
from payments.models import Payout, PayoutAccount
from payments.payouts import words

Status = PayoutAccount.Status


@dataclass(frozen=True, slots=True)
class AccountView:
    """`status`: none, incomplete, pending, enabled or restricted; `missing`: what is asked, in words."""

    status: str
    missing: tuple[str, ...]
    problem: str
    bank_last4: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class PayoutView:
    """`status` is the processor's word; `why`: the reason of a failure in words, empty otherwise."""

    id: int
    amount: Money
    status: str
    why: str
    created_at: datetime
    arrives_at: datetime | None


def account_is_ready(user_id: int) -> bool:
    """Can a transfer reach this person?"""
    return PayoutAccount.objects.filter(user_id=user_id, status=Status.ENABLED).exists()


def payout_account(user_id: int) -> AccountView:
    row = PayoutAccount.objects.filter(user_id=user_id).first()
    if row is None:
        return AccountView("none", (), "", "", None)
    missing = tuple(words.missing(row.missing))
    return AccountView(row.status, missing, words.problem(row.problem), row.bank_last4, row.checked_at)


def payouts_page(*, user_id: int, after: str | None = None, size: int = 20) -> Page[PayoutView]:
    """The person's payouts to the bank, newest first."""
    rows = Payout.objects.filter(account__user_id=user_id)
    page = key_page(rows, order=["created_at", "id"], after=after, size=size)
    return Page([_view(row) for row in page.rows], page.next_key)


def payout_came_back(user_id: int) -> PayoutView | None:
    """The last payout, when the bank sent it back: the money lies at the processor until the bank account is changed."""
    last = Payout.objects.filter(account__user_id=user_id).order_by("-created_at", "-id").first()
    return _view(last) if last is not None and last.status == "failed" else None


def _view(row: Payout) -> PayoutView:
    why = words.failure(row.failure_code) if row.status == "failed" else ""
    return PayoutView(row.pk, row.amount, row.status, why, row.created_at, row.arrives_at)
