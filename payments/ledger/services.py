"""Writing the journal. The database refuses what this code should never try: see migration 0002."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.errors import InsufficientFunds
from payments.models import Account, Entry

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Leg = tuple[Account, Money]
_POSTINGS = "INSERT INTO payments_posting (entry_id, account_id, amount_minor, currency) VALUES %s"


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
    _balanced(legs)
    entry = Entry(operation=operation, kind=kind, memo=memo or {}, by=by, at=now())
    with transaction.atomic():
        if not _insert(entry):
            return Entry.objects.get(operation=operation, kind=kind)
        _post(entry, legs)
    return entry


def _insert(entry: Entry) -> bool:
    """One statement that waits for a rival with the same operation; False when the rival was first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO payments_entry (operation, kind, at, memo, by_id) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (operation, kind) DO NOTHING RETURNING id, written_in""",
            [entry.operation, entry.kind, entry.at, json.dumps(entry.memo, ensure_ascii=False), entry.by_id],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    entry.pk, entry.written_in = row
    entry._state.adding, entry._state.db = False, "default"
    return True


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
    # One order of accounts for everybody: two entries that touch the same accounts never deadlock.
    ordered = sorted(legs, key=lambda leg: (leg[0].kind != Account.Kind.WALLET, leg[0].pk))
    values = [(entry.pk, account.pk, amount.minor, amount.currency) for account, amount in ordered]
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                _POSTINGS % ", ".join(["(%s, %s, %s, %s)"] * len(values)), [v for row in values for v in row]
            )
    except IntegrityError as error:
        if "wallet_not_negative" in str(error):
            raise InsufficientFunds from error
        raise


def _balanced(legs: list[Leg]) -> None:
    totals: dict[str, int] = {}
    for _account, amount in legs:
        totals[amount.currency] = totals.get(amount.currency, 0) + amount.minor
    if len(legs) < 2 or any(totals.values()):
        raise ValueError("The legs of an entry sum to zero in each currency.")
