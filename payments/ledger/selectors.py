"""Reads of the journal: the statement of a wallet, totals of the platform's accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.kit.money import Money
from marketplace.kit.pagination import Page, key_page
from payments.fees.selectors import ChargeView, charges_for
from payments.models import Account, Entry, Posting
from payments.refunds.engine import RULE_SENTENCES

_TITLES: dict[str, str | Promise] = {
    Entry.Kind.PROMOTION: _("Credit from Poruchi"),
    Entry.Kind.RESPONSE_FEE: _("Response"),
    Entry.Kind.FEE_REFUND: _("Refund"),
    Entry.Kind.REVERSAL: _("Correction"),
    Entry.Kind.TOP_UP: _("Top-up by card"),
    Entry.Kind.TOP_UP_REFUND: _("Back to your card"),
    Entry.Kind.CHARGEBACK: _("Taken back by your bank"),
    Entry.Kind.CHARGEBACK_WON: _("Given back by your bank"),
    Entry.Kind.DEBT_PAID: _("What was owed"),
}


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a statement: what, how much, when, about which task, why, and (for a fee) what became of it."""

    id: int
    kind: str
    title: str
    amount: Money
    at: datetime
    task_id: int | None
    task_title: str
    why: str
    charge: ChargeView | None

    @property
    def size(self) -> Money:
        """The amount without its sign."""
        return Money(abs(self.amount.minor), self.amount.currency)


def account_total(kind: str, currency: str = "RUB") -> Money:
    """The sum of a platform account's postings."""
    postings = Posting.objects.filter(account__kind=kind, account__currency=currency)
    return Money(postings.aggregate(total=Sum("amount_minor"))["total"] or 0, currency)


def statement_page(*, user_id: int, after: str | None = None, size: int = 30) -> Page[StatementLine]:
    """The person's wallet lines, newest first, each explained; paged by key."""
    postings = Posting.objects.filter(account__kind=Account.Kind.WALLET, account__owner_id=user_id)
    page = key_page(postings.select_related("entry"), order=["id"], after=after, size=size)
    fees = [row.entry.memo["response_id"] for row in page.rows if row.entry.kind == Entry.Kind.RESPONSE_FEE]
    charges = charges_for(fees)
    return Page([_line(row, charges) for row in page.rows], page.next_key)


def statement_line(*, user_id: int, line_id: int) -> StatementLine | None:
    """One line of the person's own statement; None when there is none with this id."""
    postings = Posting.objects.filter(account__kind=Account.Kind.WALLET, account__owner_id=user_id, pk=line_id)
    posting = postings.select_related("entry").first()
    if posting is None:
        return None
    memo = posting.entry.memo
    return _line(posting, charges_for([memo["response_id"]]) if "response_id" in memo else {})


def _line(posting: Posting, charges: dict[int, ChargeView]) -> StatementLine:
    memo: dict[str, Any] = posting.entry.memo
    return StatementLine(
        id=posting.pk,
        kind=posting.entry.kind,
        title=str(_TITLES[posting.entry.kind]),
        amount=Money(posting.amount_minor, posting.currency),
        at=posting.entry.at,
        task_id=memo.get("task_id"),
        task_title=memo.get("title", ""),
        why=str(RULE_SENTENCES[memo["rule"]]) if "rule" in memo else memo.get("why", ""),
        charge=charges.get(memo["response_id"]) if posting.entry.kind == Entry.Kind.RESPONSE_FEE else None,
    )
