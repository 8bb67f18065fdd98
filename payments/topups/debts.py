"""What a person owes after their bank took money back: read from the journal, paid by the next top-up."""

from datetime import datetime
from typing import Final

from marketplace.kit.money import Money
from marketplace.kit.rows import first_value
from payments.ledger.services import Leg, book, lock_wallet, platform_account
from payments.models import Account, Entry

# One number; below zero when more was paid than is owed. Parameters: those of debt_params.
DEBT: Final = """
SELECT -COALESCE(sum(p.amount_minor), 0) FROM payments_entry e
JOIN payments_posting p ON p.entry_id = e.id JOIN payments_account a ON a.id = p.account_id
WHERE e.kind IN ('chargeback', 'chargeback_won', 'debt_paid') AND e.memo ->> 'user_id' = %s
  AND a.kind = 'receivables' AND a.currency = %s
"""
_BEFORE: Final = f"{DEBT} AND e.at < %s"


def debt_of(user_id: int, currency: str = "RUB") -> Money:
    """Zero for almost everybody; never negative."""
    return Money(max(int(first_value(DEBT, debt_params(user_id, currency)) or 0), 0), currency)


def debt_at(user_id: int, at: datetime, currency: str = "RUB") -> Money:
    """What was owed just before a moment."""
    found = first_value(_BEFORE, [*debt_params(user_id, currency), at])
    return Money(max(int(found or 0), 0), currency)


def debt_params(user_id: int, currency: str = "RUB") -> list[object]:
    return [str(user_id), currency]


def pay_debt(*, user_id: int, operation: str, available: Money) -> Entry | None:
    """Take what is owed out of money that just arrived, at most `available`. Call under the wallet's lock."""
    wallet = lock_wallet(user_id, available.currency)
    debt = debt_of(user_id, available.currency)
    part = min(debt, available, Money(wallet.balance_minor, available.currency))
    if part.minor <= 0:
        return None
    legs: list[Leg] = [(wallet, -part), (platform_account(Account.Kind.RECEIVABLES, part.currency), part)]
    return book(operation=operation, kind=Entry.Kind.DEBT_PAID, legs=legs, memo={"user_id": user_id})
