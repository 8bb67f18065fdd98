"""The journal of secure deals: which legs each movement has. Positive adds to an account; clearing is negative while money
lies at the processor."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, Sum

from marketplace.kit.money import Money
from payments.ledger.services import Leg, book, platform_account
from payments.models import Account, Chargeback, Entry, Intent, Posting, SecureDeal

Kind = Account.Kind


def subject_of(deal: SecureDeal) -> str:
    return f"deal:{deal.pk}"


def memo_of(deal: SecureDeal, **more: Any) -> dict[str, Any]:
    """What statements say of a movement."""
    ids = {name: getattr(deal, name) for name in ("task_id", "assignment_id", "customer_id", "executor_id")}
    return {"deal_id": deal.pk, "title": deal.title, **ids, **more}


def held_for(deal: SecureDeal) -> Money:
    """What of the held money is this deal's, summed from the journal."""
    return Money(_sum(deal, Kind.HELD_DEALS), deal.currency)


def owed_to_us(deal: SecureDeal) -> Money:
    """What was transferred on although the customer's bank took the money back; zero when nothing is."""
    return Money(-_sum(deal, Kind.RECEIVABLES), deal.currency)


def book_payment(deal: SecureDeal, intent: Intent, *, source: str) -> Entry:
    """`source`, here and below: the object in the processor's own books."""
    legs = [(_account(Kind.CLEARING, deal), -intent.amount), (_account(Kind.HELD_DEALS, deal), intent.amount)]
    return book(operation=intent.operation, kind=Entry.Kind.DEAL_PAYMENT, legs=legs, memo=memo_of(deal, source=source))


def book_transfer(deal: SecureDeal, intent: Intent, *, source: str) -> Entry:
    """To the executor's account: from what is held, or, when the bank was faster, as a debt of the executor."""
    account = Kind.HELD_DEALS if held_for(deal) >= intent.amount else Kind.RECEIVABLES
    legs = [(_account(account, deal), -intent.amount), (_account(Kind.CLEARING, deal), intent.amount)]
    memo = memo_of(deal, source=source)
    return book(operation=intent.operation, kind=Entry.Kind.DEAL_TRANSFER, legs=legs, memo=memo)


def book_commission(deal: SecureDeal) -> None:
    """Earned when everybody has got theirs."""
    if deal.commission_minor and held_for(deal) >= deal.kept_commission:
        amount = deal.kept_commission
        legs = [(_account(Kind.HELD_DEALS, deal), -amount), (_account(Kind.REVENUE, deal), amount)]
        book(operation=subject_of(deal), kind=Entry.Kind.DEAL_COMMISSION, legs=legs, memo=memo_of(deal))


def book_refund(deal: SecureDeal, intent: Intent, *, source: str) -> Entry:
    legs = [(_account(Kind.HELD_DEALS, deal), -intent.amount), (_account(Kind.CLEARING, deal), intent.amount)]
    memo = memo_of(deal, outcome=deal.outcome, source=source)
    return book(operation=intent.operation, kind=Entry.Kind.DEAL_REFUND, legs=legs, memo=memo)


def book_refund_failed(deal: SecureDeal, intent: Intent) -> Entry:
    """The bank sent a return back: the money lies at the processor again, and is held again. Once per return."""
    legs = [(_account(Kind.HELD_DEALS, deal), intent.amount), (_account(Kind.CLEARING, deal), -intent.amount)]
    memo = memo_of(deal, source=intent.processor_id)
    return book(operation=intent.operation, kind=Entry.Kind.DEAL_REFUND_FAILED, legs=legs, memo=memo)


def failures_of_refunds(deal: SecureDeal) -> Q:
    """Entries of returns that the bank sent back: each has the operation of its return."""
    returns = Intent.objects.filter(subject=subject_of(deal), kind=Intent.Kind.DEAL_REFUND).values("operation")
    return Q(kind=Entry.Kind.DEAL_REFUND_FAILED, operation__in=returns)


def book_reversal(deal: SecureDeal, intent: Intent, *, source: str) -> Entry:
    """Money back from the executor's account: first against what is owed to us, the rest is held again."""
    owed = min(max(owed_to_us(deal).minor, 0), intent.amount_minor)
    parts = [(Kind.RECEIVABLES, owed), (Kind.HELD_DEALS, intent.amount_minor - owed)]
    legs = _legs(deal, [*parts, (Kind.CLEARING, -intent.amount_minor)])
    memo = memo_of(deal, source=source)
    return book(operation=intent.operation, kind=Entry.Kind.TRANSFER_REVERSAL, legs=legs, memo=memo)


def book_chargeback(deal: SecureDeal, chargeback: Chargeback, *, sent_on: int) -> Entry:
    """The bank takes the money: first what is still held, then what was sent on (the executor owes it), the rest is lost.
    `sent_on`: transferred and not reversed, minor units. Raises ValueError when it is booked as somebody else's already."""
    taken = chargeback.amount_minor
    held = min(max(held_for(deal).minor, 0), taken)
    owed = min(sent_on, taken - held)
    rest = taken - held - owed
    parts = [(Kind.HELD_DEALS, -held), (Kind.RECEIVABLES, -owed), (Kind.COSTS, -rest), (Kind.CLEARING, taken)]
    operation = f"dispute:{chargeback.processor_id}"
    memo = memo_of(deal, reason=chargeback.reason, source=chargeback.processor_id)
    entry = book(operation=operation, kind=Entry.Kind.CHARGEBACK, legs=_legs(deal, parts), memo=memo)
    if entry.memo.get("deal_id") != deal.pk:
        raise ValueError("This dispute is booked as another matter.")
    return entry


def book_chargeback_won(deal: SecureDeal, chargeback: Chargeback) -> Entry:
    """The bank gave the money back: the mirror of what it took."""
    operation = f"dispute:{chargeback.processor_id}"
    taken = Posting.objects.filter(entry__operation=operation, entry__kind=Entry.Kind.CHARGEBACK)
    legs = [(row.account, -Money(row.amount_minor, row.currency)) for row in taken.select_related("account")]
    return book(
        operation=operation,
        kind=Entry.Kind.CHARGEBACK_WON,
        legs=legs,
        memo=memo_of(deal, source=chargeback.processor_id),
    )


def entries_of(deal: SecureDeal) -> Q:
    """Every entry that is about this deal, found through indexed columns."""
    disputes = [f"dispute:{pk}" for pk in deal.chargebacks.values_list("processor_id", flat=True)]
    return (
        Q(intent__subject=subject_of(deal)) | Q(operation__in=[subject_of(deal), *disputes]) | failures_of_refunds(deal)
    )


def _sum(deal: SecureDeal, kind: str) -> int:
    entries = Entry.objects.filter(entries_of(deal)).values("pk")
    rows = Posting.objects.filter(entry__in=entries, account__kind=kind, currency=deal.currency)
    return rows.aggregate(total=Sum("amount_minor"))["total"] or 0


def _legs(deal: SecureDeal, parts: Sequence[tuple[str, int]]) -> list[Leg]:
    return [(_account(kind, deal), Money(minor, deal.currency)) for kind, minor in parts if minor]


def _account(kind: str, deal: SecureDeal) -> Account:
    return platform_account(kind, deal.currency)
