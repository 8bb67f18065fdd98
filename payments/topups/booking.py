"""The entries of money that came in by card."""

from marketplace.kit.money import Money
from payments.intents.handlers import Outcome
from payments.ledger.services import Leg, book, lock_wallet, platform_account
from payments.models import Account, Entry, Intent
from payments.topups.debts import pay_debt


def book_top_up(intent: Intent, outcome: Outcome) -> Entry:
    """Money lies at the processor now, so the clearing account goes down and the wallet up; a debt is paid first."""
    operation = f"intent:{intent.pk}"
    wallet = lock_wallet(intent.user_id, intent.currency)
    legs: list[Leg] = [
        (platform_account(Account.Kind.CLEARING, intent.currency), -intent.amount),
        (wallet, intent.amount),
    ]
    memo = {
        "source": outcome.facts.get("charge_id", ""),
        "intent_id": intent.pk,
        "card": outcome.facts.get("card") or {},
        "automatic": intent.kind == Intent.Kind.TOP_UP_AUTOMATIC,
    }
    entry = book(operation=operation, kind=Entry.Kind.TOP_UP, legs=legs, memo=memo)
    pay_debt(user_id=intent.user_id, operation=operation, available=intent.amount)
    return entry


def reserve_refund(intent: Intent) -> Entry:
    """Money on its way back leaves the wallet before the processor is asked, so that it cannot be spent meanwhile.

    Raises InsufficientFunds.
    """
    legs: list[Leg] = [
        (lock_wallet(intent.user_id, intent.currency), -intent.amount),
        (platform_account(Account.Kind.CLEARING, intent.currency), intent.amount),
    ]
    memo = {"intent_id": intent.pk, "top_up_id": intent.details["top_up_id"], "card": intent.details.get("card") or {}}
    return book(operation=f"intent:{intent.pk}", kind=Entry.Kind.TOP_UP_REFUND, legs=legs, memo=memo)


def reserved_refund(intent: Intent) -> Entry:
    return Entry.objects.get(operation=f"intent:{intent.pk}", kind=Entry.Kind.TOP_UP_REFUND)


def returned_so_far(top_up: Intent) -> Money:
    """What of a top-up has gone back to its card, or is on its way."""
    alive = Intent.objects.filter(kind=Intent.Kind.TOP_UP_REFUND, subject=f"top_up:{top_up.pk}").exclude(
        status__in=(Intent.Status.FAILED, Intent.Status.CANCELLED)
    )
    undone = Entry.objects.filter(reverses__intent__in=alive).values_list("reverses_id", flat=True)
    return Money(sum(row.amount_minor for row in alive if row.entry_id not in set(undone)), top_up.currency)
