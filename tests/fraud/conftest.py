from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from fraud import services
from fraud.evidence.situation import Fix
from fraud.models import Case
from marketplace.accounts.models import User
from tasks_app.models import Assignment, Cancellation
from tasks_app.tracking import consent
from tasks_app.tracking import services as tracking
from tests.conftest import Clock
from tests.fraud.tracks import DAY, FAR, joined, moved, ride, stand
from tests.journeys import steps

DEVICE = "phone-of-the-executor"


def walk(
    executor: User, fixes: Sequence[Fix], clock: Clock, *, sent: datetime | None = None, slow: timedelta = timedelta()
) -> None:
    """The executor walks with the shift on; what the phone saw is sent at the end, or at `sent`; its clock may be `slow`.
    Leaves the clock at that time."""
    clock.freeze(fixes[0].at)
    tracking.start_shift(user=executor, device_id=DEVICE, consent_version=consent.VERSION)
    clock.freeze(fixes[-1].at)
    tracking.end_shift(user=executor)
    clock.freeze(sent or fixes[-1].at)
    told = clock.now() - slow
    points = [
        {
            "id": str(uuid4()),
            "at": (fix.at - slow).isoformat(),
            "lon": fix.lon,
            "lat": fix.lat,
            "accuracy": fix.accuracy_m,
        }
        for fix in fixes
    ]
    for part in range(0, len(points), 200):
        receipt = tracking.accept_pings(
            user=executor, device_id=DEVICE, batch={"sent_at": told.isoformat(), "points": points[part : part + 200]}
        )
        assert receipt.refused == ()


def place_of(deal: Assignment) -> tuple[float, float]:
    point = deal.task.point
    return point.x, point.y


def was_out_before(executor: User, clock: Clock) -> None:
    """On five days before, elsewhere: nobody is flagged of whom nothing else is known."""
    for days in (6, 5, 4, 3, 2):
        track = stand(FAR, 9, 12, every=15)
        walk(executor, [Fix(fix.at - timedelta(days=days), fix.lon, fix.lat, fix.accuracy_m) for fix in track], clock)


@pytest.fixture
def agreed(db: None, clock: Clock) -> Assignment:
    """A deal for tomorrow 14–17 UTC, chosen today at noon; the executor was out on five days before, elsewhere."""
    executor = steps.executor()
    was_out_before(executor, clock)
    clock.freeze(DAY - timedelta(hours=12))
    deal = steps.assigned(steps.post_task(), by=executor)
    Assignment.objects.filter(pk=deal.pk).update(
        window_start=DAY + timedelta(hours=14), window_end=DAY + timedelta(hours=17)
    )
    deal.refresh_from_db()
    return deal


@pytest.fixture
def cancelled(agreed: Assignment, clock: Clock) -> Cancellation:
    """The customer cancels at 13:12 on the day."""
    clock.freeze(DAY + timedelta(hours=13.2))
    return steps.cancel(agreed)


def works_all_the_same(deal: Assignment, clock: Clock) -> None:
    place = place_of(deal)
    walk(
        deal.executor,
        joined(
            stand(FAR, 13.3, 13.6), ride(FAR, place, 13.6, 14), stand(moved(place, 20), 14.1, 15.5), ride(place, FAR, 15.5, 16),
            stand(FAR, 16, 17),
        ),
        clock,
    )  # fmt: skip


def stays_away(deal: Assignment, clock: Clock) -> None:
    walk(deal.executor, stand(FAR, 13.3, 19), clock)


def sweep(clock: Clock, *, hour: float) -> None:
    clock.freeze(DAY + timedelta(hours=hour))
    services.collect_due_evidence()
    services.expire_overdue_holds()
    steps.sweep_deadlines()


@pytest.fixture
def case(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> Case:
    """Cancelled, and worked all the same: flagged at the end of the window."""
    works_all_the_same(agreed, clock)
    sweep(clock, hour=17.1)
    return Case.objects.get(cancellation=cancelled)


@pytest.fixture
def moderator(db: None) -> User:
    return steps.moderator()
