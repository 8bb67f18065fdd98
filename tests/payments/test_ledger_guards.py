"""The ledger attacked with raw SQL: the database itself refuses, whatever the code does."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.kit.money import Money
from payments import services
from payments.errors import InsufficientFunds
from payments.ledger.reconciliation import mismatches
from payments.ledger.services import book, platform_account, wallet_of
from payments.models import Account, Entry, Posting
from payments.selectors import wallet_balance
from tests.payments.factories import person

pytestmark = pytest.mark.django_db(transaction=True)


def sql(statement: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def funded(minor: int = 50_000) -> Account:
    user = person()
    services.grant_promotion(user_id=user.pk, amount=Money(minor), operation=f"gift:{user.pk}", why="test")
    return wallet_of(user.pk)


def books() -> tuple[int, int, int]:
    return Entry.objects.count(), Posting.objects.count(), sum(Account.objects.values_list("balance_minor", flat=True))


def refused(attack: Callable[[], object]) -> None:
    """The attack raises in the database, at the statement or at the commit, and the books stay as they were."""
    before = books()
    with pytest.raises(IntegrityError), transaction.atomic():
        attack()
    assert books() == before
    assert list(mismatches()) == []


def insert_entry(operation: str = "attack") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_entry (operation, kind, at, memo) VALUES (%s, 'promotion', now(), '{}') RETURNING id",
            [operation],
        )
        return int(cursor.fetchone()[0])


def insert_posting(entry: int, account: Account, minor: int, currency: str = "RUB") -> None:
    sql(
        "INSERT INTO payments_posting (entry_id, account_id, amount_minor, currency) VALUES (%s, %s, %s, %s)",
        entry, account.pk, minor, currency,
    )  # fmt: skip


def test_an_entry_that_does_not_sum_to_zero_is_refused_at_the_commit() -> None:
    wallet, promotions = funded(), platform_account("promotions")

    def attack() -> None:
        entry = insert_entry()
        insert_posting(entry, wallet, 1_000)
        insert_posting(entry, promotions, -999)

    refused(attack)


def test_an_entry_with_one_leg_or_none_is_refused() -> None:
    wallet = funded()
    refused(lambda: insert_posting(insert_entry(), wallet, 1_000))
    refused(insert_entry)


def test_a_balanced_pair_cannot_be_added_to_an_old_entry() -> None:
    wallet, promotions = funded(), platform_account("promotions")
    old = Entry.objects.latest("pk").pk

    def attack() -> None:
        insert_posting(old, wallet, 700)
        insert_posting(old, promotions, -700)

    refused(attack)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_posting SET amount_minor = amount_minor * 2",
        "DELETE FROM payments_posting",
        "UPDATE payments_entry SET memo = '{}'",
        "DELETE FROM payments_entry",
        "UPDATE payments_account SET balance_minor = balance_minor + 100 WHERE kind = 'wallet'",
        "UPDATE payments_account SET owner_id = NULL WHERE kind = 'wallet'",
        "DELETE FROM payments_account",
        "INSERT INTO payments_account (kind, currency, balance_minor) VALUES ('receivables', 'RUB', 5)",
        "INSERT INTO payments_account (kind, currency, balance_minor) VALUES ('wallet', 'RUB', 0)",
    ],
)
def test_written_history_and_balances_cannot_be_changed(statement: str) -> None:
    funded()
    refused(lambda: sql(statement))


def test_a_wallet_cannot_go_below_zero() -> None:
    wallet, revenue = funded(500), platform_account("revenue")

    def attack() -> None:
        entry = insert_entry()
        insert_posting(entry, wallet, -501)
        insert_posting(entry, revenue, 501)

    refused(attack)
    with pytest.raises(InsufficientFunds):
        book(operation="x", kind="response_fee", legs=[(wallet, Money(-501)), (revenue, Money(501))])
    assert wallet_balance(wallet.owner_id) == Money(500)


def test_a_leg_in_another_currency_than_its_account_is_refused() -> None:
    wallet, promotions = funded(), platform_account("promotions")

    def attack() -> None:
        entry = insert_entry()
        insert_posting(entry, wallet, 100, "USD")
        insert_posting(entry, promotions, -100, "USD")

    refused(attack)


def test_the_same_operation_is_booked_once() -> None:
    wallet = funded()
    operation = Entry.objects.latest("pk").operation
    refused(lambda: insert_entry(operation))
    again = services.grant_promotion(user_id=wallet.owner_id, amount=Money(50_000), operation=operation, why="twice")
    assert again.operation == operation
    assert wallet_balance(wallet.owner_id) == Money(50_000)


def test_a_mistake_is_reversed_by_its_mirror_once() -> None:
    wallet = funded()
    entry = Entry.objects.latest("pk")
    first = services.reverse_entry(entry=entry, why="given by mistake")
    second = services.reverse_entry(entry=entry, why="given by mistake")
    assert first == second
    assert wallet_balance(wallet.owner_id) == Money(0)
    assert list(mismatches()) == []


def test_without_the_guards_the_attacks_would_pass() -> None:
    """The control: with the triggers off the same statements are accepted, and reconcile finds what they did."""
    wallet, promotions = funded(), platform_account("promotions")
    try:
        for table in ("payments_posting", "payments_entry", "payments_account"):
            sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        entry = insert_entry()
        insert_posting(entry, wallet, 1_000)
        insert_posting(entry, promotions, -999)
        sql("UPDATE payments_account SET balance_minor = balance_minor + 100 WHERE id = %s", wallet.pk)
        found = {mismatch.check for mismatch in mismatches()}
        assert {"entries sum to zero", "wallet balances are the sum of their postings"} <= found
    finally:
        for table in ("payments_posting", "payments_entry", "payments_account"):
            sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
