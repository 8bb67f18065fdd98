"""Taking a fee from a wallet: one statement locks it and tells all that the taking asks, one writes the entry, its legs and the charge."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.rows import Prepared, rows
from payments.fees.policies import Caps
from payments.fees.terms import ChargeTerms
from payments.ledger.services import (
    BOOK,
    Leg,
    as_written,
    balanced,
    book_params,
    platform_account,
    refusing_overdraft,
    wallet_of,
)
from payments.models import Account, Charge, Entry

# The wallet under its lock, the person's caps, the line of the automatic top-up, and the account that earns.
_PURSE: Final = """
SELECT wallet.id, wallet.balance_minor, cap.daily_minor, cap.weekly_minor, automatic.threshold_minor, revenue.id
FROM payments_account AS wallet
LEFT JOIN payments_spendingcap AS cap ON cap.user_id = wallet.owner_id AND cap.currency = wallet.currency
LEFT JOIN payments_autotopup AS automatic ON automatic.user_id = wallet.owner_id AND automatic.enabled
    AND automatic.paused_code = '' AND automatic.currency = wallet.currency
LEFT JOIN payments_account AS revenue ON revenue.kind = 'revenue' AND revenue.owner_id IS NULL
    AND revenue.currency = wallet.currency
WHERE wallet.kind = 'wallet' AND wallet.owner_id = %s AND wallet.currency = %s
"""
LOCKED = Prepared(f"{_PURSE} FOR UPDATE OF wallet")
_TAKE: Final = Prepared(f"""{BOOK}
INSERT INTO payments_charge (covered_by, amount_minor, currency, status, charged_at, unopened_until, response_id, user_id,
    entry_id, tariff_id)
SELECT %s::text, %s::bigint, %s::text, %s::text, %s::timestamptz, %s::timestamptz, %s::bigint, %s::bigint, entry.id,
    %s::bigint FROM entry
RETURNING id, entry_id, (SELECT written_in FROM entry)
""")  # noqa: S608  composed of constants


@dataclass(frozen=True, slots=True)
class Purse:
    """A wallet under its lock. `line`: below it an automatic top-up begins; None: it is switched off."""

    user_id: int
    wallet: Account
    revenue: Account
    caps: Caps
    line: int | None

    @property
    def balance(self) -> Money:
        return Money(self.wallet.balance_minor, self.wallet.currency)


def lock_purse(user_id: int, currency: str) -> Purse:
    """The wallet, locked until the transaction ends; it is made on first use. Order of locks: the task first, then the
    wallet."""
    found = rows(LOCKED, [user_id, currency])
    if not found:
        wallet_of(user_id, currency)
        return lock_purse(user_id, currency)
    wallet_id, balance, daily, weekly, line, revenue_id = found[0]
    wallet = Account(pk=wallet_id, kind=Account.Kind.WALLET, owner_id=user_id, currency=currency, balance_minor=balance)
    if revenue_id is None:
        revenue = platform_account(Account.Kind.REVENUE, currency)
    else:
        revenue = Account(pk=revenue_id, kind=Account.Kind.REVENUE, currency=currency)
    return Purse(user_id, wallet, revenue, Caps(daily, weekly), line)


def take_fee(
    *, purse: Purse, terms: ChargeTerms, response_id: int, memo: dict[str, object], unopened_until: datetime
) -> Charge:
    """The entry, its legs and the charge. Raises InsufficientFunds, IntegrityError when the response was charged before."""
    legs: list[Leg] = [(purse.wallet, -terms.amount), (purse.revenue, terms.amount)]
    balanced(legs)
    at = now()
    entry = Entry(operation=f"response:{response_id}", kind=Entry.Kind.RESPONSE_FEE, memo=memo, at=at)
    charge = Charge(
        response_id=response_id, user_id=purse.user_id, tariff_id=terms.tariff_id, covered_by=terms.covered_by,
        amount_minor=terms.amount.minor, currency=terms.amount.currency, charged_at=at, unopened_until=unopened_until,
    )  # fmt: skip
    written_as = [
        charge.covered_by, charge.amount_minor, charge.currency, charge.status, charge.charged_at, charge.unopened_until,
        charge.response_id, charge.user_id, charge.tariff_id,
    ]  # fmt: skip
    with refusing_overdraft():
        written = rows(_TAKE, [*book_params(entry, legs), *written_as])
    if not written:
        raise IntegrityError(f"The fee of response {response_id} is booked already.")
    charge.pk, entry_id, written_in = written[0]
    charge._state.adding, charge._state.db = False, "default"
    as_written(entry, entry_id, written_in)
    charge.entry = entry
    return charge
