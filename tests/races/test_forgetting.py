"""Positions are deleted while somebody reads, copies or holds them: gone or held, never half of each, and no deadlock."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from fraud import services
from fraud.models import Case, CaseTrack, Evidence
from fraud.services import collecting, copying, opening
from fraud.services import late as fraud_late
from fraud.stays import keeping
from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from tasks_app import services as tasks_services
from tasks_app.models import Assignment, Cancellation
from tasks_app.tracking import services as tracking
from tasks_app.tracking.models import Ping
from tests.conftest import Clock
from tests.fraud.conftest import agreed, cancelled, sweep, walk, works_all_the_same
from tests.fraud.test_late_positions import at_work
from tests.fraud.tracks import DAY
from tests.journeys import steps
from tests.races.test_rivals import at_once

__all__ = ["agreed", "cancelled"]  # fixtures of the fraud tests

pytestmark = pytest.mark.django_db(transaction=True)
LONG_ENOUGH = 0.7  # seconds in which an unhindered rival is surely done
BACK = Money(100_000)


@pytest.fixture(autouse=True)
def _no_chance(settings: Any) -> None:
    settings.FRAUD = {"audit_share": 0.0, "second_share": 0.0}


@pytest.fixture
def late(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> Assignment:
    """Nothing was seen, the day is free; then the phone sends a day of work, which nobody has read yet."""
    sweep(clock, hour=19.2)
    walk(agreed.executor, at_work(agreed), clock, sent=DAY + timedelta(hours=20))
    return agreed


def between(monkeypatch: pytest.MonkeyPatch, room: Any, name: str, rival: Callable[[], object]) -> Callable[[], object]:
    """`rival`, which begins when `room.name` has read what it reads; that goes on once the rival is done, or hindered."""
    real, read, done = getattr(room, name), Event(), Event()

    def slow(*args: Any, **more: Any) -> Any:
        found = real(*args, **more)
        read.set()
        done.wait(LONG_ENOUGH)
        return found

    def act() -> None:
        read.wait(30)
        try:
            rival()
        finally:
            done.set()

    monkeypatch.setattr(room, name, slow)
    return act


def delete_of(deal: Assignment) -> Callable[[], object]:
    return partial(tracking.delete_track, user=deal.executor, day=DAY.date())


def read_and_collect() -> None:
    services.read_all_positions()
    services.collect_due_evidence()


def deletes_while_copied(deal: Assignment, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    return at_once([read_and_collect, between(monkeypatch, copying, "_points", delete_of(deal))])


def test_what_is_being_copied_for_a_case_is_held_from_who_deletes_it(
    late: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert deletes_while_copied(late, monkeypatch) == {"done": 1, "track_held": 1}
    assert Ping.objects.filter(executor=late.executor, day=DAY.date()).exists()
    assert len(CaseTrack.objects.get(moment="plus_2h").points) > 20


def test_without_the_lock_of_the_tracks_a_deleted_day_lives_on_in_the_copy(
    late: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(tracking, "lock_tracks", lambda **_: None)
    monkeypatch.setattr(tasks_services, "lock_tracks", lambda **_: None)
    assert deletes_while_copied(late, monkeypatch) == {"done": 2}
    assert not Ping.objects.filter(executor=late.executor, day=DAY.date()).exists()
    assert len(CaseTrack.objects.get(moment="plus_2h").points) > 20


def test_deleted_first_nothing_is_left_to_judge(late: Assignment) -> None:
    services.read_all_positions()
    assert at_once([delete_of(late), services.collect_due_evidence] * 2).total() == 4
    held = Case.objects.exists()
    assert Ping.objects.filter(executor=late.executor, day=DAY.date()).exists() == held
    assert CaseTrack.objects.exclude(points=[]).exists() == held
    assert not Evidence.objects.exclude(late_at=None).exists()


def reads_while_deleted(deal: Assignment, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    reading = partial(services.read_positions, person_id=deal.executor_id)
    return at_once([reading, between(monkeypatch, keeping, "_pings", delete_of(deal))])


def test_reading_and_deleting_do_not_block_each_other(late: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reads_while_deleted(late, monkeypatch) == {"done": 2}
    assert not Ping.objects.filter(executor=late.executor, day=DAY.date()).exists()
    assert not keeping.KeptStay.objects.filter(start__gte=DAY).exists()


def test_with_a_lock_that_keeps_references_out_they_would(late: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the reader's new rows refer to the person."""

    def lock(*, executor_id: int) -> None:
        get_user_model().objects.select_for_update(of=("self",)).get(pk=executor_id)

    monkeypatch.setattr(tracking, "lock_tracks", lock)
    assert reads_while_deleted(late, monkeypatch)["OperationalError"] == 1


def comes_while_collected(deal: Assignment, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Counter[str]:
    """One worker has the row and is about to ask for the positions' lock; another has that and reads what came meanwhile."""
    services.read_all_positions()
    walk(deal.executor, at_work(deal)[-3:], clock, sent=DAY + timedelta(hours=20, minutes=5))
    reading = partial(services.read_positions, person_id=deal.executor_id)
    rival = between(monkeypatch, collecting.tasks, "cancelled_assignment", reading)
    return at_once([services.collect_due_evidence, rival])


def test_positions_that_come_while_a_late_moment_is_collected_are_in_nobodys_way(
    late: Assignment, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    assert comes_while_collected(late, monkeypatch, clock) == {"done": 2}
    assert Evidence.objects.get(moment="plus_2h").late == 1


def test_waiting_for_a_row_that_is_being_collected_would_lock_both(
    late: Assignment, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """The control."""
    monkeypatch.setattr(fraud_late, "_free", lambda pks: Evidence.objects.filter(pk__in=pks))
    assert comes_while_collected(late, monkeypatch, clock)["OperationalError"] == 1


@pytest.fixture
def looked_at(agreed: Assignment, cancelled: Cancellation, clock: Clock, settings: Any) -> Case:
    """A case for which no money waits; two hours later it would."""
    works_all_the_same(agreed, clock)
    settings.FRAUD = {**settings.FRAUD, "hold_from": 1.1}
    sweep(clock, hour=17.1)
    settings.FRAUD = {**settings.FRAUD, "hold_from": 0.5}
    clock.freeze(DAY + timedelta(hours=19.05))
    return Case.objects.get(holds_refund=False)


def decides_while_raised(case: Case, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    decide = partial(
        services.decide_case, case_id=case.pk, by=steps.moderator(), outcome="innocent", reason_code="sent_away"
    )
    return at_once([services.collect_due_evidence, between(monkeypatch, opening, "_raise_score", decide)])


def paid_back(case: Case, clock: Clock) -> bool:
    sweep(clock, hour=24 * 10)
    return wallet_balance(case.executor_id) == BACK


def test_a_case_that_is_decided_holds_no_money_afterwards(
    looked_at: Case, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert decides_while_raised(looked_at, monkeypatch) == {"done": 2}
    assert paid_back(looked_at, clock)


def test_without_the_lock_of_the_case_the_fee_of_a_closed_one_would_be_held(
    looked_at: Case, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(opening, "_locked", lambda case: case)
    decides_while_raised(looked_at, monkeypatch)
    assert not paid_back(looked_at, clock)
