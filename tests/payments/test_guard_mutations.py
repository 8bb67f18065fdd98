"""Mutation of the database's guards: with each one a bad write is refused, and with that one taken away the same write passes.

So no guard is there in vain, and none is covered by another alone. Everything happens in a transaction that is rolled back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import services
from payments.ledger.services import platform_account, wallet_of
from payments.models import Account, Charge, Document, DocumentSeries, Entry, Hold, Intent, Posting, Refund
from tests.payments.factories import category, city, person, response, tariff

pytestmark = pytest.mark.django_db


def sql(statement: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def funded() -> Account:
    user = person()
    services.grant_promotion(user_id=user.pk, amount=Money(50_000), operation=f"gift:{user.pk}", why="test")
    return wallet_of(user.pk)


def charged() -> Charge:
    tariff()
    wallet = funded()
    sent = response(wallet.owner)
    return services.charge_response_fee(
        user_id=wallet.owner_id,
        response_id=sent.pk,
        category_id=category().pk,
        city_id=city().pk,
        task_id=sent.task_id,
        title=sent.task.title,
        unopened_until=now() + timedelta(hours=48),
    )


def entry(operation: str = "bad") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_entry (operation, kind, at, memo) VALUES (%s, 'promotion', now(), '{}') RETURNING id",
            [operation],
        )
        return int(cursor.fetchone()[0])


def leg(entry_id: int, account: Account, minor: int, currency: str = "RUB") -> None:
    sql(
        "INSERT INTO payments_posting (entry_id, account_id, amount_minor, currency) VALUES (%s, %s, %s, %s)",
        entry_id, account.pk, minor, currency,
    )  # fmt: skip


def pair(entry_id: int, minor: int = 700, wallet: Account | None = None) -> None:
    leg(entry_id, wallet or funded(), minor)
    leg(entry_id, platform_account("promotions"), -minor)


# Each: makes what it needs and returns the bad write.
Bad = Callable[[], object]


def no_legs() -> Bad:
    return entry


def a_third_leg() -> Bad:
    """Added after the entry was found balanced: only the check of postings can see it."""
    wallet = funded()

    def write() -> None:
        new = entry()
        pair(new, wallet=wallet)
        sql("SET CONSTRAINTS entry_sums_to_zero IMMEDIATE")
        leg(new, wallet, 5)

    return write


def a_pair_added_to_an_old_entry() -> Bad:
    wallet, old = funded(), Entry.objects.latest("pk").pk
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    # "Old" is another transaction's: the entry's own number of its transaction is set back, which only a test can do.
    sql("ALTER TABLE payments_entry DISABLE TRIGGER entry_append_only")
    sql("UPDATE payments_entry SET written_in = written_in - 1 WHERE id = %s", old)
    sql("ALTER TABLE payments_entry ENABLE TRIGGER entry_append_only")
    sql("SET CONSTRAINTS ALL DEFERRED")
    return lambda: pair(old, wallet=wallet)


def a_changed_posting() -> Bad:
    funded()
    return lambda: sql("UPDATE payments_posting SET amount_minor = -amount_minor")


def a_changed_entry() -> Bad:
    funded()
    return lambda: sql('UPDATE payments_entry SET memo = \'{"why": "rewritten"}\'')


def a_removed_account() -> Bad:
    user = person()
    account = wallet_of(user.pk)
    return lambda: sql("DELETE FROM payments_account WHERE id = %s", account.pk)


def a_wallet_that_changes_hands() -> Bad:
    wallet, other = funded(), person()
    return lambda: sql("UPDATE payments_account SET owner_id = %s WHERE id = %s", other.pk, wallet.pk)


def a_balance_written_by_hand() -> Bad:
    wallet = funded()
    return lambda: sql("UPDATE payments_account SET balance_minor = balance_minor + 1 WHERE id = %s", wallet.pk)


def an_account_born_rich() -> Bad:
    user = person()
    return lambda: sql(
        "INSERT INTO payments_account (kind, owner_id, currency, balance_minor) VALUES ('wallet', %s, 'RUB', 5)",
        user.pk,
    )


def a_second_wallet() -> Bad:
    wallet = funded()
    return lambda: Account.objects.create(kind="wallet", owner_id=wallet.owner_id, currency="RUB")


def a_second_revenue() -> Bad:
    platform_account("revenue")
    return lambda: Account.objects.create(kind="revenue", currency="RUB")


def a_wallet_of_nobody() -> Bad:
    return lambda: Account.objects.create(kind="wallet", currency="EUR")


def a_wallet_below_zero() -> Bad:
    wallet = funded()
    return lambda: pair(entry(), -50_001, wallet)


def an_empty_leg() -> Bad:
    wallet = funded()

    def write() -> None:
        new = entry()
        pair(new, wallet=wallet)
        leg(new, wallet, 0)

    return write


def an_entry_booked_twice() -> Bad:
    wallet = funded()
    operation = Entry.objects.latest("pk").operation
    return lambda: pair(entry(operation), wallet=wallet)


def a_charge_without_its_entry() -> Bad:
    charge = charged()
    return lambda: Charge.objects.filter(pk=charge.pk).update(entry=None)


def a_second_charge_of_one_response() -> Bad:
    charge = charged()
    return lambda: Charge.objects.create(
        response_id=charge.response_id, user_id=charge.user_id, covered_by="free", amount_minor=0, currency="RUB",
        unopened_until=now(),
    )  # fmt: skip


def a_second_refund_of_one_charge() -> Bad:
    charge = charged()
    services.refund_response_fee(response_id=charge.response_id, rule="task_expired")
    return lambda: Refund.objects.create(charge=charge, rule="task_expired", not_before=now())


def a_refund_paid_without_an_entry() -> Bad:
    charge = charged()
    later = now() + timedelta(hours=1)
    services.schedule_refund(response_id=charge.response_id, rule="cancelled_after_assignment", not_before=later)
    return lambda: Refund.objects.filter(charge=charge).update(paid_at=now())


def two_standing_holds() -> Bad:
    charge = charged()
    Hold.objects.create(charge=charge, reference="case:1", until=now())
    return lambda: Hold.objects.create(charge=charge, reference="case:2", until=now())


def wish(operation: str = "wish", key: str = "key", **more: object) -> Intent:
    values: dict[str, object] = {
        "kind": "top_up_card",
        "user": person(),
        "amount_minor": 100,
        "currency": "RUB",
        **more,
    }
    return Intent.objects.create(operation=operation, idempotency_key=key, **values)


def one_wish_twice() -> Bad:
    wish()
    return lambda: wish(key="another")


def one_key_for_two_wishes() -> Bad:
    wish()
    return lambda: wish("another")


def a_wish_settled_without_an_entry() -> Bad:
    wish()
    return lambda: Intent.objects.update(status="settled")


def a_wish_for_nothing() -> Bad:
    return lambda: wish(amount_minor=0)


def paper(number: int = 1, **more: object) -> Document:
    values: dict[str, object] = {
        "user": person(), "series": "act", "year": 2026, "subject": "deal:1", "total_minor": 100, "currency": "RUB",
        "content": {}, **more,
    }  # fmt: skip
    DocumentSeries.objects.get_or_create(series="act", year=2026)
    DocumentSeries.objects.filter(series="act", last_number=number - 1).update(last_number=number)
    return Document.objects.create(number=number, **values)


def a_changed_paper() -> Bad:
    paper()
    return lambda: Document.objects.update(total_minor=1)


def a_paper_with_a_number_of_its_own() -> Bad:
    one = paper()
    return lambda: Document.objects.create(
        user=one.user, series="act", year=2026, number=9, subject="deal:9", total_minor=1, currency="RUB", content={}
    )


def a_series_that_jumps() -> Bad:
    paper()
    return lambda: sql("UPDATE payments_documentseries SET last_number = 0")


def a_number_without_a_paper() -> Bad:
    paper()
    return lambda: sql("UPDATE payments_documentseries SET last_number = last_number + 1")


@dataclass(frozen=True)
class Guard:
    """`name` of a trigger, constraint or unique index of `table`; `bad` makes the write that it alone refuses."""

    table: str
    name: str
    bad: Callable[[], Bad]
    kind: str = "constraint"

    def drop(self) -> None:
        sql("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be pending on a table that is altered
        {
            "trigger": lambda: sql(f"DROP TRIGGER {self.name} ON {self.table}"),
            "constraint": lambda: sql(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}"),
            "index": lambda: sql(f"DROP INDEX {self.name}"),
            "unique": self._drop_unique,
        }[self.kind]()
        sql("SET CONSTRAINTS ALL DEFERRED")

    def _drop_unique(self) -> None:
        """The unique constraint of a column, whose name Django made up."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.conname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum] "
                "WHERE c.contype = 'u' AND c.conrelid = %s::regclass AND a.attname = %s",
                [self.table, self.name],
            )
            (found,) = cursor.fetchone()
        sql(f'ALTER TABLE {self.table} DROP CONSTRAINT "{found}"')


GUARDS = [
    Guard("payments_entry", "entry_sums_to_zero", no_legs, "trigger"),
    Guard("payments_posting", "posting_sums_to_zero", a_third_leg, "trigger"),
    Guard("payments_posting", "posting_check", a_pair_added_to_an_old_entry, "trigger"),
    Guard("payments_posting", "posting_append_only", a_changed_posting, "trigger"),
    Guard("payments_entry", "entry_append_only", a_changed_entry, "trigger"),
    Guard("payments_account", "account_stays", a_removed_account, "trigger"),
    Guard("payments_account", "account_guard", a_wallet_that_changes_hands, "trigger"),
    Guard("payments_account", "account_guard", a_balance_written_by_hand, "trigger"),
    Guard("payments_account", "account_guard", an_account_born_rich, "trigger"),
    Guard("payments_account", "one_account_per_owner", a_second_wallet, "index"),
    Guard("payments_account", "one_platform_account_per_kind", a_second_revenue, "index"),
    Guard("payments_account", "wallets_have_owners", a_wallet_of_nobody),
    Guard("payments_account", "wallet_not_negative", a_wallet_below_zero),
    Guard("payments_posting", "posting_moves_something", an_empty_leg),
    Guard("payments_entry", "entry_booked_once", an_entry_booked_twice),
    Guard("payments_charge", "charge_has_its_entry", a_charge_without_its_entry),
    Guard("payments_charge", "response_id", a_second_charge_of_one_response, "unique"),
    Guard("payments_refund", "charge_id", a_second_refund_of_one_charge, "unique"),
    Guard("payments_refund", "refund_has_its_entry", a_refund_paid_without_an_entry),
    Guard("payments_hold", "one_standing_hold", two_standing_holds, "index"),
    Guard("payments_intent", "operation", one_wish_twice, "unique"),
    Guard("payments_intent", "idempotency_key", one_key_for_two_wishes, "unique"),
    Guard("payments_intent", "settled_intent_has_its_entry", a_wish_settled_without_an_entry),
    Guard("payments_intent", "intent_moves_something", a_wish_for_nothing),
    Guard("payments_document", "document_stays", a_changed_paper, "trigger"),
    Guard("payments_document", "document_number", a_paper_with_a_number_of_its_own, "trigger"),
    Guard("payments_documentseries", "series_step", a_series_that_jumps, "trigger"),
    Guard("payments_documentseries", "series_without_gaps", a_number_without_a_paper, "trigger"),
]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.name}: {guard.bad.__name__}")
def test_the_guard_refuses_and_without_it_the_same_write_passes(guard: Guard) -> None:
    bad = guard.bad()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(IntegrityError), transaction.atomic():
        committed(bad)
    guard.drop()
    with transaction.atomic():
        committed(bad)


def committed(write: Bad) -> None:
    """The write, and what the database checks at the commit."""
    write()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


def test_without_the_trigger_that_follows_postings_balances_would_stand_still() -> None:
    wallet = funded()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("DROP TRIGGER posting_apply ON payments_posting")
    sql("SET CONSTRAINTS ALL DEFERRED")
    pair(entry(), 700, wallet)
    assert Account.objects.get(pk=wallet.pk).balance_minor == 50_000
    assert sum(Posting.objects.filter(account=wallet).values_list("amount_minor", flat=True)) == 50_700


def test_every_trigger_of_the_books_is_in_the_list() -> None:
    """A guard that somebody adds has to show what it is good for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN ("
            "'payments_account'::regclass, 'payments_entry'::regclass, 'payments_posting'::regclass, "
            "'payments_document'::regclass, 'payments_documentseries'::regclass)"
        )
        there = {row[0] for row in cursor.fetchall()}
    stamped = {"entry_stamp", "posting_apply"}  # the stamp serves posting_check; the other has its own test above
    assert there == {guard.name for guard in GUARDS if guard.kind == "trigger"} | stamped
