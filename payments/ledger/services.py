"""Writing the journal. The database refuses what this code should never try: see migration 0002."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, connection, transaction

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.rows import rows
from payments.errors import InsufficientFunds
from payments.models import Account, Entry

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Leg = tuple[Account, Money]
# An entry with its legs in one statement, to be followed by what is to be read or written with it (`FROM entry`). It
# waits for a rival with the same operation, and is empty when the rival was first. Parameters: book_params.
BOOK: Final = """
WITH entry AS (
    INSERT INTO payments_entry (operation, kind, at, memo, by_id) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (operation, kind) DO NOTHING RETURNING id, written_in
), legs AS (
    INSERT INTO payments_posting (entry_id, account_id, amount_minor, currency)
    SELECT entry.id, leg.account, leg.minor, leg.currency
    FROM entry, unnest(%s::bigint[], %s::bigint[], %s::text[]) AS leg(account, minor, currency)
)
"""
_BOOK_ALONE = f"{BOOK} SELECT id, written_in FROM entry"  # noqa: S608  composed of constants
_POST = """
INSERT INTO payments_posting (entry_id, account_id, amount_minor, currency)
SELECT %s, leg.account, leg.minor, leg.currency
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS leg(account, minor, currency)
"""


def wallet_of(user_id: int, currency: str = "RUB") -> Account:
    """The person's wallet in a currency, made on first use."""
    return Account.objects.get_or_create(kind=Account.Kind.WALLET, owner_id=user_id, currency=currency)[0]


def platform_account(kind: str, currency: str = "RUB") -> Account:
    return Account.objects.get_or_create(kind=kind, owner=None, currency=currency)[0]


def lock_wallet(user_id: int, currency: str = "RUB") -> Account:
    """The wallet, locked until the transaction ends. Order of locks: the task first, then the wallet."""
    wallets = Account.objects.select_for_update(of=("self",))
    found = wallets.filter(kind=Account.Kind.WALLET, owner_id=user_id, currency=currency).first()
    return found or wallets.get(pk=wallet_of(user_id, currency).pk)


def book(
    *, operation: str, kind: str, legs: Iterable[Leg], memo: dict[str, Any] | None = None, by: "User | None" = None
) -> Entry:
    """Write one entry with its postings; the same operation and kind twice gives the first entry again.

    Raises InsufficientFunds when a wallet would go below zero, ValueError when the legs do not sum to zero.
    """
    legs = list(legs)
    balanced(legs)
    entry = Entry(operation=operation, kind=kind, memo=memo or {}, by=by, at=now())
    with transaction.atomic(), refusing_overdraft():
        written = rows(_BOOK_ALONE, book_params(entry, legs))
        if not written:
            return Entry.objects.get(operation=operation, kind=kind)
    as_written(entry, *written[0])
    return entry


def book_params(entry: Entry, legs: list[Leg]) -> list[Any]:
    """The parameters of BOOK. One order of accounts for everybody, wallets first: two entries that touch the same
    accounts never deadlock."""
    ordered = sorted(legs, key=lambda leg: (leg[0].kind != Account.Kind.WALLET, leg[0].pk))
    return [
        entry.operation, entry.kind, entry.at, json.dumps(entry.memo, ensure_ascii=False), entry.by_id,
        [account.pk for account, _amount in ordered],
        [amount.minor for _account, amount in ordered],
        [amount.currency for _account, amount in ordered],
    ]  # fmt: skip


def as_written(row: Entry, pk: int, written_in: int) -> None:
    """The instance is the row that a plain statement wrote."""
    row.pk, row.written_in = pk, written_in
    row._state.adding, row._state.db = False, "default"


@contextmanager
def refusing_overdraft() -> Iterator[None]:
    """Raises InsufficientFunds when the database refuses a wallet below zero."""
    try:
        yield
    except IntegrityError as error:
        if "wallet_not_negative" in str(error):
            raise InsufficientFunds from error
        raise


def reverse_entry(*, entry: Entry, why: str, by: "User | None" = None) -> Entry:
    """Undo an entry by its mirror image; a mistake is never edited."""
    legs = [
        (posting.account, -Money(posting.amount_minor, posting.currency))
        for posting in entry.postings.select_related("account")
    ]
    with transaction.atomic():
        mirror, created = Entry.objects.get_or_create(
            operation=f"reverse:{entry.pk}",
            kind=Entry.Kind.REVERSAL,
            defaults={"memo": {**entry.memo, "why": why}, "by": by, "at": now(), "reverses": entry},
        )
        if created:
            _post(mirror, legs)
    return mirror


def grant_promotion(*, user_id: int, amount: Money, operation: str, why: str, by: "User | None" = None) -> Entry:
    """Give promotional credit to a wallet, once per operation."""
    if amount.minor <= 0:
        raise ValueError("A promotion gives something.")
    legs = [
        (platform_account(Account.Kind.PROMOTIONS, amount.currency), -amount),
        (wallet_of(user_id, amount.currency), amount),
    ]
    return book(operation=operation, kind=Entry.Kind.PROMOTION, legs=legs, memo={"why": why}, by=by)


def _post(entry: Entry, legs: list[Leg]) -> None:
    accounts, amounts, currencies = book_params(entry, legs)[-3:]
    with refusing_overdraft(), connection.cursor() as cursor:
        cursor.execute(_POST, [entry.pk, accounts, amounts, currencies])


def balanced(legs: list[Leg]) -> None:
    """Raises ValueError unless they sum to zero in each currency."""
    totals: dict[str, int] = {}
    for _account, amount in legs:
        totals[amount.currency] = totals.get(amount.currency, 0) + amount.minor
    if len(legs) < 2 or any(totals.values()):
        raise ValueError("The legs of an entry sum to zero in each currency.")
