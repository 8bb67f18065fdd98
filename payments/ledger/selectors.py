"""Reads of the journal: the statement of a wallet, totals of the platform's accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext
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
    Entry.Kind.PROCESSOR_FEE: _("Fee of the card processor"),
    Entry.Kind.SUBSCRIPTION: _("Subscription"),
    Entry.Kind.SUBSCRIPTION_REFUND: _("Subscription returned"),
    Entry.Kind.DEAL_PAYMENT: _("Secure deal: paid"),
    Entry.Kind.DEAL_TRANSFER: _("Secure deal: paid out"),
    Entry.Kind.DEAL_COMMISSION: _("Secure deal: commission"),
    Entry.Kind.DEAL_REFUND: _("Secure deal: returned"),
    Entry.Kind.DEAL_REFUND_FAILED: _("Secure deal: return sent back by the bank"),
    Entry.Kind.TRANSFER_REVERSAL: _("Secure deal: payout taken back"),
}
# What a line says of the rule that its entry names.
_WHY: dict[str, str | Promise] = {
    **{rule.value: sentence for rule, sentence in RULE_SENTENCES.items()},
    "subscription_sent_back": _("The bank did not take the return of your subscription: it is in your wallet instead."),
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
    response_id: int | None = None

    @property
    def size(self) -> Money:
        """The amount without its sign."""
        return Money(abs(self.amount.minor), self.amount.currency)


def title_of_kind(kind: str) -> str:
    """What an entry of this kind is called in the reader's language."""
    return str(_TITLES[kind])


def account_total(kind: str, currency: str = "RUB") -> Money:
    """The sum of a platform account's postings."""
    postings = Posting.objects.filter(account__kind=kind, account__currency=currency)
    return Money(postings.aggregate(total=Sum("amount_minor"))["total"] or 0, currency)


def statement_page(*, user_id: int, after: str | None = None, size: int = 30) -> Page[StatementLine]:
    """The person's wallet lines, newest first by the time of their entries, each explained; paged by key."""
    postings = Posting.objects.filter(account__kind=Account.Kind.WALLET, account__owner_id=user_id)
    dated = postings.select_related("entry").annotate(at=F("entry__at"))
    page = key_page(dated, order=["at", "id"], after=after, size=size)
    return Page(lines_of(page.rows), page.next_key)


def lines_of(postings: Sequence[Posting]) -> list[StatementLine]:
    """Each posting (its entry loaded) explained; one further query for all of them."""
    fees = [row.entry.memo["response_id"] for row in postings if row.entry.kind == Entry.Kind.RESPONSE_FEE]
    charges = charges_for(fees)
    return [_line(row, charges) for row in postings]


def statement_line(*, user_id: int, line_id: int) -> StatementLine | None:
    """One line of the person's own statement; None when there is none with this id."""
    postings = Posting.objects.filter(account__kind=Account.Kind.WALLET, account__owner_id=user_id, pk=line_id)
    posting = postings.select_related("entry").first()
    if posting is None:
        return None
    memo = posting.entry.memo
    return _line(posting, charges_for([memo["response_id"]]) if "response_id" in memo else {})


def line_for_desk(line_id: int) -> StatementLine | None:
    """One line of anybody's wallet, for staff; None when there is none with this id."""
    posting = Posting.objects.filter(account__kind=Account.Kind.WALLET, pk=line_id).select_related("entry").first()
    return lines_of([posting])[0] if posting else None


def other_line(*, user_id: int, line_id: int) -> int | None:
    """The refund's line of a fee, or the fee's line of a refund; None when there is none."""
    pairs = {Entry.Kind.RESPONSE_FEE: Entry.Kind.FEE_REFUND, Entry.Kind.FEE_REFUND: Entry.Kind.RESPONSE_FEE}
    wallet = Posting.objects.filter(account__kind=Account.Kind.WALLET, account__owner_id=user_id)
    posting = wallet.filter(pk=line_id).select_related("entry").first()
    if posting is None or posting.entry.kind not in pairs:
        return None
    kind = pairs[Entry.Kind(posting.entry.kind)]
    prefix = "refund" if kind == Entry.Kind.FEE_REFUND else "response"
    operation = f"{prefix}:{posting.entry.memo['response_id']}"
    return wallet.filter(entry__kind=kind, entry__operation=operation).values_list("pk", flat=True).first()


def _told(why: str) -> str:
    """Our own reasons are kept as source texts; what a person typed stays as it is."""
    return gettext(why) if why else ""


def _line(posting: Posting, charges: dict[int, ChargeView]) -> StatementLine:
    memo: dict[str, Any] = posting.entry.memo
    return StatementLine(
        id=posting.pk,
        kind=posting.entry.kind,
        title=title_of_kind(posting.entry.kind),
        amount=Money(posting.amount_minor, posting.currency),
        at=posting.entry.at,
        task_id=memo.get("task_id"),
        task_title=memo.get("title", ""),
        why=str(_WHY[memo["rule"]]) if "rule" in memo else _told(memo.get("why", "")),
        charge=charges.get(memo["response_id"]) if posting.entry.kind == Entry.Kind.RESPONSE_FEE else None,
        response_id=memo.get("response_id"),
    )
