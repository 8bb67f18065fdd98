"""Positions that come after a moment was judged: the moment is judged again, from rows, once they are there."""

from datetime import timedelta
from typing import Any

import pytest

from fraud import selectors, services
from fraud.evidence.situation import Fix
from fraud.models import Case, Evidence, Score
from marketplace.accounts.models import User
from tasks_app.models import Assignment, Cancellation
from tasks_app.tracking.models import TrackHold
from tests.conftest import Clock
from tests.fraud.conftest import place_of, sweep, walk
from tests.fraud.tracks import DAY, FAR, joined, moved, ride, stand

EVENING = DAY + timedelta(hours=20)


@pytest.fixture(autouse=True)
def _no_audit(settings: Any) -> None:
    settings.FRAUD = {"audit_share": 0.0}


def at_work(deal: Assignment) -> list[Fix]:
    place = place_of(deal)
    return joined(
        stand(FAR, 13.3, 13.6), ride(FAR, place, 13.6, 14), stand(moved(place, 20), 14.1, 15.5),
        ride(place, FAR, 15.5, 16), stand(FAR, 16, 17),
    )  # fmt: skip


def scores(cancellation: Cancellation, role: str = "champion") -> list[tuple[str, int, str]]:
    rows = Score.objects.filter(cancellation=cancellation, role=role).order_by("as_of", "late")
    return [(row.moment, row.late, row.outcome) for row in rows]


def read_and_collect() -> int:
    """As the beat would run it."""
    services.read_all_positions()
    return services.collect_due_evidence()


def test_a_phone_that_comes_back_in_the_evening_is_judged_by_what_it_saw(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    sweep(clock, hour=19.2)
    quiet = [("cancellation", 0, "nothing"), ("window_end", 0, "nothing"), ("plus_2h", 0, "nothing")]
    assert scores(cancelled) == quiet
    assert not TrackHold.objects.filter(released_at=None).exists()

    walk(agreed.executor, at_work(agreed), clock, sent=EVENING)
    services.read_all_positions()
    assert Evidence.objects.get(moment="plus_2h").late_at is not None, "the row waits, whatever becomes of the worker"
    assert services.collect_due_evidence() == 1
    assert scores(cancelled)[:3] == quiet
    assert scores(cancelled)[3:] == [("plus_2h", 1, "hold")]
    case = Case.objects.get()
    told = selectors.score_of(cancelled.pk)
    assert told is not None
    assert told.probability == case.score
    assert TrackHold.objects.filter(released_at=None).count() == 1, "the day is kept while the case is open"
    assert read_and_collect() == 0


def test_before_the_last_moment_the_last_judged_one_is_judged_again(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    sweep(clock, hour=17.1)
    walk(agreed.executor, at_work(agreed), clock, sent=DAY + timedelta(hours=17.3))
    assert read_and_collect() == 1
    assert scores(cancelled) == [
        ("cancellation", 0, "nothing"), ("window_end", 0, "nothing"), ("window_end", 1, "hold"),
    ]  # fmt: skip
    assert Case.objects.get().opened_at == DAY + timedelta(hours=17.3)


def test_positions_of_another_time_change_nothing(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> None:
    sweep(clock, hour=19.2)
    walk(agreed.executor, stand(FAR, 19.3, 20), clock)
    assert read_and_collect() == 0
    assert len(scores(cancelled)) == 3


def test_the_last_moment_sees_late_positions_by_itself(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    sweep(clock, hour=17.1)
    walk(agreed.executor, at_work(agreed), clock, sent=DAY + timedelta(hours=19.05))
    assert read_and_collect() == 1
    assert scores(cancelled)[-1] == ("plus_2h", 0, "hold")
    assert len(scores(cancelled)) == 3


def test_a_late_alibi_is_seen_too(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> None:
    sweep(clock, hour=19.2)
    walk(agreed.executor, stand(FAR, 13.3, 19), clock, sent=EVENING)
    assert read_and_collect() == 1
    last = Score.objects.get(cancellation=cancelled, late=1, role="champion")
    assert (last.verifiable, last.outcome) == (True, "nothing")
    assert not Case.objects.exists()


def test_what_is_decided_stays_decided(case: Case, agreed: Assignment, moderator: User, clock: Clock) -> None:
    services.decide_case(case_id=case.pk, by=moderator, outcome="innocent", reason="Пришёл к соседям.")
    before = Score.objects.count()
    late = stand(moved(place_of(agreed), 10), 16.1, 16.9, every=7)
    walk(agreed.executor, late, clock, sent=DAY + timedelta(hours=17.5))
    services.read_all_positions()
    assert not Evidence.objects.exclude(late_at=None).exists()
    assert Score.objects.count() == before
