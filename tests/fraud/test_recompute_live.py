"""Every measure that stands in the evidence of a live score, and those of the track itself, come out of SQL over the raw
pings as well; and with them every fact that a model tells."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from fraud.evidence.gather import deal_of
from fraud.evidence.recompute import recompute
from fraud.evidence.recompute_past import recompute_past
from fraud.evidence.recompute_silence import recompute_silence
from fraud.evidence.recompute_stay import recompute_stays
from fraud.evidence.recompute_track import recompute_track
from fraud.evidence.situation import Deal, Fix
from fraud.model.facts import facts_of
from fraud.models import Evidence, Score
from tasks_app import selectors as tasks
from tasks_app.models import Assignment, Cancellation
from tests.conftest import Clock
from tests.fraud.conftest import place_of, sweep, walk
from tests.fraud.tracks import FAR, joined, moved, ride, stand

Walk = Callable[[Assignment, Clock], None]
DAY_BEFORE = timedelta(hours=24)


def _worked(deal: Assignment, clock: Clock) -> None:
    place = place_of(deal)
    way = joined(
        stand(FAR, 13, 13.5), ride(FAR, place, 13.5, 14), stand(moved(place, 30), 14.1, 15), stand(place, 15.6, 16)
    )
    walk(deal.executor, way, clock)
    walk(deal.executor, joined(ride(place, FAR, 16.1, 16.6), stand(FAR, 16.6, 17.5, accuracy=None)), clock,
         slow=timedelta(minutes=9))  # fmt: skip


def _replayed(deal: Assignment, clock: Clock) -> None:
    place, far = moved(place_of(deal), 3.1, 2.9), moved(FAR, 13.7, 8.3)  # round numbers would be told by nobody's phone
    way = joined(ride(far, place, 13.5, 14, every=1), stand(place, 14, 15), ride(place, far, 15, 15.5, every=1))
    walk(deal.executor, [Fix(fix.at - DAY_BEFORE, fix.lon, fix.lat, fix.accuracy_m) for fix in way], clock)
    walk(deal.executor, way, clock)


def _untrue(deal: Assignment, clock: Clock) -> None:
    """Leaps there and back, the same coordinates again and again, four reports a minute."""
    place = place_of(deal)
    frozen = stand(place, 14, 14.5, every=0.25, error=0)
    jumps = [Fix(fix.at, *(FAR if n // 3 % 2 else place), 20) for n, fix in enumerate(stand(FAR, 15, 15.2, every=1))]
    walk(deal.executor, joined(frozen, jumps), clock)


def _lives_near(deal: Assignment, clock: Clock) -> None:
    """At a place 70 m from the address on four other days, one of them a week before, and a shop beside it."""
    home, shop = moved(place_of(deal), 70), moved(place_of(deal), -300)
    for days in (7, 3, 2, 1):
        way = joined(stand(home, 12, 14.6, every=8), stand(shop, 15, 15.5), stand(FAR, 16, 17, every=10))
        walk(deal.executor, [Fix(fix.at - days * DAY_BEFORE, fix.lon, fix.lat, fix.accuracy_m) for fix in way], clock)
    inside = [Fix(fix.at, fix.lon, fix.lat, 80) for fix in stand(home, 15.7, 17.5, every=25)]
    walk(deal.executor, joined(stand(FAR, 13, 13.5), stand(home, 14.2, 15), inside), clock)


def _shops_beside(deal: Assignment, clock: Clock) -> None:
    """Never nearer than 300 m."""
    walk(deal.executor, joined(stand(FAR, 13, 14), stand(moved(place_of(deal), 300), 14.5, 15.5)), clock)


def _falls_silent(deal: Assignment, clock: Clock) -> None:
    """At the door at two, and again an hour and a half later; then nothing more."""
    place = place_of(deal)
    walk(deal.executor, joined(stand(FAR, 13, 13.5), stand(place, 14, 14.1), stand(place, 15.6, 15.7)), clock)


TRACKS: dict[str, Walk] = {
    "worked": _worked,
    "lives near": _lives_near,
    "shops beside": _shops_beside,
    "replayed": _replayed,
    "untrue": _untrue,
    "falls silent": _falls_silent,
    "nothing": lambda deal, clock: None,
}


@pytest.mark.parametrize("name", TRACKS)
def test_every_measure_of_the_evidence_comes_out_of_sql(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, name: str
) -> None:
    TRACKS[name](agreed, clock)
    sweep(clock, hour=19.2)
    cancellation = tasks.cancelled_assignment(cancelled.pk)
    deal = deal_of(cancellation)
    assert deal is not None
    for row in Evidence.objects.filter(cancellation=cancelled):
        told = row.findings["measures"]
        sql = recompute(executor_id=agreed.executor_id, deal=deal, as_of=row.due_at)
        track = recompute_track(executor_id=agreed.executor_id, deal=deal, as_of=row.due_at)
        assert set(told) - {"looked_from", "looked_to"} == set(_evidence(sql, track))
        for measure, value in _evidence(sql, track).items():
            assert told[measure] == _nearly(value), (row.moment, measure)
        score = Score.objects.get(cancellation=cancelled, moment=row.moment, role="shadow")
        live = score.measures
        stays, there = recompute_stays(executor_id=agreed.executor_id, deal=deal, as_of=row.due_at)
        past = recompute_past(executor_id=agreed.executor_id, deal=deal, as_of=row.due_at, there=there)
        silence = recompute_silence(executor_id=agreed.executor_id, deal=deal, as_of=row.due_at)
        assert _facts({**track, **stays, **past, **silence, **_agreed(deal)}) == [
            _numbers(fact) for fact in score.facts
        ]
        for measure, known in {**track, **stays, **past, **silence}.items():
            assert live.get(measure, math.nan) == pytest.approx(
                math.nan if known is None else known, rel=1e-6, abs=1e-3, nan_ok=True
            ), (row.moment, measure)
    if name == "falls silent":
        assert {"dark_near", "dark_after"} <= {fact["kind"] for fact in score.facts}
    if name == "replayed":
        assert track["replay_share"] == pytest.approx(1, abs=0.1)
    if name == "lives near":
        assert (past["past_here_days"], past["past_ago_days"]) == (4, 1)
        assert past["regular_m"] == pytest.approx(0, abs=30)
        assert stays["stay_min"] == pytest.approx(100, abs=5)
        assert stays["bridged_min"] == pytest.approx(190, abs=15)
    if name == "shops beside":
        assert stays["stay_m"] is None
        assert stays["wide_m"] == pytest.approx(300, abs=20)
    if name == "untrue":
        assert (track["leaps"], track["frozen_share"]) == (4, pytest.approx(0.9, abs=0.1))


def _agreed(deal: Deal) -> dict[str, float | None]:
    """What needs no positions."""
    window = (deal.window_end - deal.window_start) / timedelta(minutes=1)
    notice = (deal.window_start - deal.cancelled_at) / timedelta(minutes=1)
    expected = float(deal.expected_minutes)
    told = {"window_min": window, "notice_min": notice, "expected_min": expected}
    return {**told, "pair_cancellations": 0.0, "other_job_near": 0.0}


def _facts(measures: dict[str, float | None]) -> list[Any]:
    known = {name: math.nan if value is None else value for name, value in measures.items()}
    return [_numbers({"kind": fact.kind, "side": fact.side, "params": fact.params}) for fact in facts_of(known)]


def _numbers(fact: dict[str, Any]) -> Any:
    """Without the times, which come from the same positions; `dark_after` is told by them."""
    told = {} if fact["kind"] == "dark_after" else fact["params"]
    return fact["kind"], fact["side"], {name: told[name] for name in told if name not in ("start", "end")}


def _evidence(sql: Any, track: dict[str, float | None]) -> dict[str, Any]:
    return {
        "fixes": sql.fixes,
        "dwell": {str(radius): minutes for radius, minutes in sql.dwell.items()},
        "after": sql.after,
        "before": sql.before,
        "seen": sql.seen,
        "stays": [_iso(pair) for pair in sql.all_stays],
        "gaps": [_iso(pair) for pair in sql.gaps],
        "stay_metres": sql.metres,
        "stay_accuracy": sql.accuracy_m,
        "stay_fixes": sql.stay_fixes or 0,
        "clock_off_min": track["clock_off_min"],
        "clock_turned_min": track["clock_turned_min"],
    }


def _iso(pair: list[datetime]) -> list[str]:
    return [moment.isoformat() for moment in pair]


def _nearly(value: Any) -> Any:
    """The evidence keeps three decimals."""
    return pytest.approx(value, abs=2e-3) if isinstance(value, dict | float) else value
