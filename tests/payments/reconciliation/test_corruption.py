"""One damaged row anywhere is found: at the processor, in our copy of its books, in an intent, in the journal, at a person."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import services
from payments.ledger.services import book, platform_account, wallet_of
from payments.models import BalanceLine, Intent
from tests.payments.conftest import differences
from tests.payments.factories import person
from tests.payments.topups.steps import by_page
from tests.simulator import Simulator

pytestmark = [pytest.mark.django_db, pytest.mark.books_differ]

Damage = Callable[[Simulator, int], object]


def sql(statement: str, *params: object) -> None:
    """Past every guard of the database, as a disk or a careless hand would."""
    with connection.cursor() as cursor:
        _guards(cursor, "DISABLE")
        cursor.execute(statement, params)
        _guards(cursor, "ENABLE")


def _guards(cursor: Any, verb: str) -> None:
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what was written before has passed the guards
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in ("payments_posting", "payments_account"):
        cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER USER")


def charged_twice(simulator: Simulator, intent_id: int) -> None:
    """The processor took the money a second time, and nobody here knows."""
    simulator.client().v1.payment_intents.create(
        {
            "amount": 100_000,
            "currency": "rub",
            "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "metadata": {"operation": Intent.objects.get(pk=intent_id).operation},
        }
    )


def refunded_behind_our_back(simulator: Simulator, intent_id: int) -> None:
    payment = Intent.objects.get(pk=intent_id).payment_id
    simulator.client().v1.refunds.create({"payment_intent": payment, "amount": 500})


def a_copied_line_changed(simulator: Simulator, intent_id: int) -> None:
    BalanceLine.objects.filter(kind="charge").update(amount_minor=1)


def a_copied_line_gone(simulator: Simulator, intent_id: int) -> None:
    BalanceLine.objects.all().delete()
    BalanceLine.objects.create(line_id="txn_x", kind="charge", source="ch_x", amount_minor=5, currency="RUB", happened_at="2026-01-01T00:00Z")  # fmt: skip


def an_intent_of_another_sum(simulator: Simulator, intent_id: int) -> None:
    Intent.objects.filter(pk=intent_id).update(amount_minor=100_001)


def an_intent_of_another_person(simulator: Simulator, intent_id: int) -> None:
    Intent.objects.filter(pk=intent_id).update(user=person("Чужой Человек"))


def an_intent_unsettled(simulator: Simulator, intent_id: int) -> None:
    Intent.objects.filter(pk=intent_id).update(status="failed", entry=None)


def an_entry_gone(simulator: Simulator, intent_id: int) -> None:
    sql("DELETE FROM payments_posting WHERE entry_id = (SELECT entry_id FROM payments_intent WHERE id = %s)", intent_id)


def a_posting_changed(simulator: Simulator, intent_id: int) -> None:
    sql("UPDATE payments_posting SET amount_minor = amount_minor + 1 WHERE amount_minor = 100000")


def both_legs_changed(simulator: Simulator, intent_id: int) -> None:
    """The entry still sums to zero, and the wallet's balance still follows it."""
    sql("UPDATE payments_posting SET amount_minor = amount_minor * 2 WHERE abs(amount_minor) = 100000")
    sql("UPDATE payments_account SET balance_minor = balance_minor * 2 WHERE kind = 'wallet'")


def a_balance_changed(simulator: Simulator, intent_id: int) -> None:
    sql("UPDATE payments_account SET balance_minor = balance_minor + 1 WHERE kind = 'wallet'")


def money_out_of_nothing(simulator: Simulator, intent_id: int) -> None:
    """A balanced entry that claims a payment the processor never saw."""
    someone = Intent.objects.get(pk=intent_id).user_id
    legs = [(platform_account("clearing"), Money(-700)), (wallet_of(someone), Money(700))]
    book(operation="intent:0", kind="top_up", legs=legs, memo={"source": "ch_nobody"})


def a_fee_booked_twice(simulator: Simulator, intent_id: int) -> None:
    legs = [(platform_account("costs"), Money(-30)), (platform_account("clearing"), Money(30))]
    book(operation="fee:txn_nobody", kind="processor_fee", legs=legs)


def two_intents_of_one_payment(simulator: Simulator, intent_id: int) -> None:
    one = Intent.objects.get(pk=intent_id)
    Intent.objects.create(
        operation="twin", kind=one.kind, user=one.user, amount_minor=1, currency="RUB", idempotency_key="twin",
        status="failed", processor_id=one.processor_id,
    )  # fmt: skip


DAMAGES: list[Damage] = [
    charged_twice, refunded_behind_our_back, a_copied_line_changed, a_copied_line_gone, an_intent_of_another_sum,
    an_intent_of_another_person, an_intent_unsettled, an_entry_gone, a_posting_changed, both_legs_changed, a_balance_changed,
    money_out_of_nothing, a_fee_booked_twice, two_intents_of_one_payment,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_one_damaged_row_is_found(simulator: Simulator, andrey: User, damage: Damage) -> None:
    view = by_page(simulator, andrey, Money(100_000))
    services.return_top_up(user_id=andrey.pk, top_up_id=view.id, amount=Money(20_000), operation="a-return")
    assert differences() == []
    damage(simulator, view.id)
    assert differences() != []


def test_the_command_says_what_differs(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, Money(100_000))
    call_command("reconcile", stdout=StringIO())
    charged_twice(simulator, view.id)
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("reconcile", stdout=StringIO(), stderr=told)
    assert "100000 at the processor, 0 in the journal" in told.getvalue()
