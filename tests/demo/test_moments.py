"""The world can be made at any moment of the day and of the year, and its money adds up at each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from demo import books
from demo.build import _plan, _save_tasks, build
from demo.cancelled import _onsite, plan_cancelled
from demo.dice import Dice
from marketplace.kit.clock import now
from tests.conftest import Clock

pytestmark = pytest.mark.django_db

# Nights, both sides of midnight here and there, the ends of months and years, the nights in which clocks used to be turned.
MOMENTS = [
    datetime(2026, 11, 22, 6, 1, 17, tzinfo=UTC),
    datetime(2026, 12, 31, 20, 59, 58, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC),
    datetime(2027, 2, 28, 21, 30, tzinfo=UTC),
    datetime(2027, 3, 27, 23, 15, tzinfo=UTC),
    datetime(2027, 10, 30, 23, 45, tzinfo=UTC),
    datetime(2028, 2, 29, 3, 40, tzinfo=UTC),
]


class _TakeBack(Exception):
    pass


@contextmanager
def taken_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise _TakeBack
    except _TakeBack:
        return


@pytest.fixture(autouse=True)
def _reference() -> None:
    call_command("load_reference", verbosity=0)


def lowest_balance(seed: int, scale: float) -> int:
    """The least that any wallet ever holds, in the order of time."""
    world = _plan(Dice(seed), scale)
    _save_tasks(world)
    ledger = books.keep_books(world.dice, world.plans, world.executors, world.moment)
    balances: dict[int, int] = {}
    lowest = 0
    for line in sorted(ledger.lines, key=lambda line: line.at):
        balances[line.wallet.pk] = balances.get(line.wallet.pk, 0) + line.minor
        lowest = min(lowest, balances[line.wallet.pk])
    return lowest


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_no_wallet_ever_goes_below_zero(clock: Clock, moment: datetime) -> None:
    clock.freeze(moment)
    with taken_back():
        assert lowest_balance(seed=moment.minute, scale=0.03) == 0


def test_nobody_answers_before_they_have_registered_and_been_given_their_first_credit(clock: Clock) -> None:
    """Cancelled deals too: once they were given to whoever came along."""
    clock.freeze(MOMENTS[0])
    with taken_back():
        world = _plan(Dice(1), 0.03)
        young = next(executor for executor in world.executors if _onsite(executor))
        young.user.date_joined = now() - timedelta(days=21)
        deals = plan_cancelled(Dice(2), world.places, world.executors, world.customers, 300, now())
        answered = [response.executor_id for deal in deals for response in deal.plan.responses]
        assert answered
        assert young.user.pk not in answered


def test_the_whole_world_is_made_at_night_too(clock: Clock) -> None:
    clock.freeze(MOMENTS[4])
    with taken_back():
        build(seed=3, scale=0.01, say=lambda line: None)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        call_command("reconcile", verbosity=0)
