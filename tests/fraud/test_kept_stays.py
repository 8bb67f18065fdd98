"""Stays are kept as positions come, in any order and any batches, and are those of one reading of all of them."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from fraud import services
from fraud.evidence.situation import Fix
from fraud.features.inputs import Pings
from fraud.geometry.globe import degrees
from fraud.models import KeptDay, KeptStay, KeptTrack
from fraud.stays import keeping
from fraud.stays.bulk import find_stays
from fraud.stays.days import Edges, Marks, edges_of, marks_of
from fraud.stays.kept import kept_past
from marketplace.accounts.models import User
from tasks_app import selectors as tasks
from tasks_app.tracking import consent
from tasks_app.tracking import services as tracking
from tasks_app.tracking.jobs import forget_days
from tasks_app.tracking.models import Shift
from tests.conftest import Clock
from tests.fraud.conftest import DEVICE
from tests.fraud.tracks import DAY, FAR, PLACE, at, joined, moved, ride, stand
from tests.journeys import steps

NEAR = moved(PLACE, 300)
NOTHING = Edges(np.zeros(0), np.zeros(0), np.zeros(0))


@pytest.fixture
def executor(db: None, clock: Clock) -> User:
    """On a shift 8–20 on two days, with a phone that sends everything later."""
    person = steps.executor()
    for day in (0, 24):
        clock.freeze(at(8 + day))
        tracking.start_shift(user=person, device_id=DEVICE, consent_version=consent.VERSION)
        clock.freeze(at(20 + day))
        tracking.end_shift(user=person)
    clock.freeze(at(45))
    return person


def two_days() -> list[Fix]:
    """Home, a ride, work, a silence, a place beside it, and the same ride on the next day, to the decimetre."""
    first = joined(
        stand(FAR, 8, 9.5, every=7), ride(FAR, PLACE, 9.5, 10, every=3), stand(PLACE, 10.1, 13, every=6, error=25),
        stand(NEAR, 13.1, 15, every=9), stand(NEAR, 19.2, 19.9, every=4), [Fix(at(12.02), *moved(PLACE, 900), 600)],
    )  # fmt: skip
    again = [Fix(fix.at + timedelta(hours=24), fix.lon, fix.lat, fix.accuracy_m) for fix in first[5:60]]
    return first + again


def sent(executor: User, fixes: list[Fix], clock: Clock, number: int) -> None:
    clock.advance(minutes=1)
    points = [
        {"id": str(UUID(int=round(fix.at.timestamp()))), "at": fix.at.isoformat(), "lon": fix.lon, "lat": fix.lat,
         "accuracy": fix.accuracy_m}
        for fix in fixes
    ]  # fmt: skip
    receipt = tracking.accept_pings(user=executor, device_id=DEVICE, batch={"points": points})
    assert receipt.refused == (), number


def batches(fixes: list[Fix], dice: Random) -> Iterator[list[Fix]]:
    """Cut anywhere, in any order, some sent twice."""
    cuts = sorted(dice.sample(range(1, len(fixes)), 9))
    parts = [fixes[a:b] for a, b in zip([0, *cuts], [*cuts, len(fixes)], strict=True)]
    if dice.random() < 0.3:
        parts = [dice.sample(fixes, len(fixes))[n::7] for n in range(7)]
    dice.shuffle(parts)
    yield from [*parts, dice.choice(parts)]


def all_of(executor: User) -> Pings:
    return keeping.pings_of(tasks.positions(executor_id=executor.pk, start=at(-2000), end=at(2000)))


def same_as_at_once(executor: User) -> int:
    """Asserts that what is kept is what one reading gives; how many stays there are."""
    pings, kept = all_of(executor), kept_past(executor.pk)
    stays = find_stays(pings)
    lat, lon = degrees(stays.vectors)
    told: Any = [(s.start, s.end, s.closed_at, s.lat, s.lon, s.spread_m) for s in kept.stays]
    once = np.column_stack([stays.start, stays.end, stays.closed_at, lat, lon, stays.spread_m])
    np.testing.assert_allclose(np.reshape(told, (-1, 6)), once, rtol=0, atol=1e-6)
    edges, marks = edges_of(NOTHING, pings), marks_of(None, pings)
    for a, b in zip(_columns(kept.edges, kept.marks), _columns(edges, marks), strict=True):
        np.testing.assert_array_equal(a, b)
    return stays.count


def _columns(edges: Edges, marks: Marks) -> list[Any]:
    return [edges.at, edges.lat, edges.lon, marks.at, marks.mark]


@pytest.mark.parametrize("seed", range(6))
def test_any_batches_in_any_order_give_the_stays_of_one_reading(executor: User, clock: Clock, seed: int) -> None:
    dice = Random(seed)
    for number, batch in enumerate(batches(two_days(), dice)):
        sent(executor, batch, clock, number)
        if dice.random() < 0.6:
            keeping.keep_up(person_id=executor.pk)
            same_as_at_once(executor)
    assert services.read_all_positions() in (0, 1)
    assert same_as_at_once(executor) >= 6
    assert not Shift.objects.exclude(unread_from=None).exists()


def test_reading_again_changes_nothing(executor: User, clock: Clock) -> None:
    sent(executor, two_days(), clock, 0)
    keeping.keep_up(person_id=executor.pk)
    before = list(KeptStay.objects.values_list("pk", "end").order_by("pk"))
    assert keeping.keep_up(person_id=executor.pk) is None
    assert services.read_all_positions() == 0
    assert list(KeptStay.objects.values_list("pk", "end").order_by("pk")) == before


def test_newer_positions_read_only_what_is_new(executor: User, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    fixes = two_days()
    sent(executor, fixes[:100], clock, 0)
    keeping.keep_up(person_id=executor.pk)
    asked = []
    real = tasks.positions

    def watched(**span: Any) -> Any:
        rows = real(**span)
        asked.append(len(rows))
        return rows

    monkeypatch.setattr(tasks, "positions", watched)
    sent(executor, fixes[100:104], clock, 1)
    keeping.keep_up(person_id=executor.pk)
    assert asked == [4]


def test_a_failure_leaves_the_batch_unread(executor: User, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(executor, two_days(), clock, 0)

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the worker dies")

    monkeypatch.setattr(keeping, "_keep_days", broken)
    assert services.read_all_positions() == 1
    assert not KeptStay.objects.exists()
    assert tasks.people_with_unread(limit=5) == [executor.pk]
    monkeypatch.undo()
    services.read_all_positions()
    assert same_as_at_once(executor) >= 6


def test_a_deleted_day_takes_its_stays_along(executor: User, clock: Clock) -> None:
    sent(executor, two_days(), clock, 0)
    keeping.keep_up(person_id=executor.pk)
    tracking.delete_track(user=executor, day=DAY.date())
    assert not KeptStay.objects.filter(start__lt=at(24)).exists()
    assert list(KeptDay.objects.values_list("day", flat=True)) == [at(24).date()]
    assert same_as_at_once(executor) >= 2
    tracking.delete_track(user=executor, day=at(24).date())
    assert not KeptStay.objects.exists()
    assert not KeptDay.objects.exists()
    assert KeptTrack.objects.get().fixes == 0


def test_stays_are_forgotten_with_their_positions(executor: User, clock: Clock) -> None:
    sent(executor, two_days(), clock, 0)
    keeping.keep_up(person_id=executor.pk)
    clock.freeze(DAY + timedelta(days=61, hours=3))
    forget_days()
    assert same_as_at_once(executor) >= 2
    assert list(KeptDay.objects.values_list("day", flat=True)) == [at(24).date()]
    clock.freeze(DAY + timedelta(days=62, hours=3))
    forget_days()
    assert not KeptStay.objects.exists()
    assert not KeptTrack.objects.exists()
