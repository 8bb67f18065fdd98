"""Every column of the model, as a live score holds it, comes out of SQL over the raw pings and the rows as well; and with
them every fact that is told and the score of the readable rule."""

import math
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import Point

from fraud.evidence.gather import deal_of
from fraud.evidence.recompute_all import measures_by_sql
from fraud.evidence.situation import Fix
from fraud.features.table import COLUMNS, Table
from fraud.model.facts import facts_of
from fraud.model.rule import rule_scores
from fraud.models import Evidence, Score
from tasks_app import selectors as tasks
from tasks_app.models import Assignment, Ping, Task
from tests.conftest import Clock
from tests.fraud.conftest import place_of, sweep, walk
from tests.fraud.tracks import DAY, FAR, at, joined, moved, ride, stand
from tests.journeys import steps

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


def _comes_and_goes(deal: Assignment, clock: Clock) -> None:
    """Silences of every length and distance, the nearest of them too early to count; then fast past the door."""
    place = place_of(deal)
    beside, street = moved(place, 90), moved(place, 400)
    way = joined(
        stand(moved(place, 40), 12.6, 12.65, every=3), stand(moved(place, 40), 13.33, 13.33), stand(street, 13.45, 13.5), stand(beside, 13.62, 13.62), stand(beside, 14, 14.05, every=1),
        stand(street, 14.3, 14.3), stand(street, 15.4, 15.4), ride(FAR, place, 15.5, 15.7, every=1.25), [Fix(at(15.7), *place, 15)],
        ride(place, FAR, 15.7, 15.9, every=1.25), stand(FAR, 16.16, 17),
    )  # fmt: skip
    walk(deal.executor, way, clock)


def _on_the_date_line(deal: Assignment, clock: Clock) -> None:
    """The place lies 7 m west of it, the way there crosses it; every other position comes twice, and all in disorder."""
    place, far = (179.9999, -17.0), (-179.93, -17.02)
    _put(deal, place)
    there = (place[0] - 360, place[1])
    way = joined(
        stand(far, 12.5, 13.6), ride(far, there, 13.6, 14, every=1), stand(place, 14, 15.2, error=25),
        stand(place, 15.9, 16.5), ride(there, far, 16.6, 17.2, every=7),
    )  # fmt: skip
    turned = [Fix(fix.at, (fix.lon + 180) % 360 - 180, fix.lat, fix.accuracy_m) for fix in way]
    again = [Fix(fix.at, fix.lon, fix.lat + 0.00002, 60) for fix in turned[1:-1:2]]
    middle = Random(7).sample([*turned[1:-1], *again, *again], k=len(turned) - 2 + 2 * len(again))
    walk(deal.executor, [turned[0], *middle, turned[-1]], clock)


def _beside_the_pole(deal: Assignment, clock: Clock) -> None:
    place = (10.0, 89.9995)
    _put(deal, place)
    walk(
        deal.executor,
        joined(stand((10.0, 89.97), 13, 13.5), stand(place, 14, 15.2, error=5), stand((-150.0, 89.98), 16, 17)),
        clock,
    )


def _tells_no_accuracy(deal: Assignment, clock: Clock) -> None:
    """Neither by satellites nor, in half of the reports, by networks."""
    place = place_of(deal)
    way = joined(
        stand(place, 12.2, 12.9), stand(FAR, 13, 13.4), ride(FAR, place, 13.4, 14), stand(place, 14, 16, error=60)
    )
    walk(deal.executor, [Fix(fix.at, fix.lon, fix.lat, None) for fix in way], clock)
    Ping.objects.filter(executor=deal.executor, lon__gte=place[0]).update(source=Ping.Source.NETWORK)


def _once(deal: Assignment, clock: Clock) -> None:
    walk(deal.executor, stand(moved(place_of(deal), 20), 14.5, 14.5), clock)


def _put(deal: Assignment, place: tuple[float, float]) -> None:
    Task.objects.filter(pk=deal.task_id).update(point=Point(*place, srid=4326))


CALLED_OFF = {"called off long before": 9.0}  # no position may be looked at then
TRACKS: dict[str, Walk] = {
    "worked": _worked,
    "lives near": _lives_near,
    "shops beside": _shops_beside,
    "replayed": _replayed,
    "untrue": _untrue,
    "falls silent": _falls_silent,
    "comes and goes": _comes_and_goes,
    "on the date line": _on_the_date_line,
    "beside the pole": _beside_the_pole,
    "tells no accuracy": _tells_no_accuracy,
    "once": _once,
    "called off long before": _worked,
    "nothing": lambda deal, clock: None,
}


@pytest.mark.parametrize("name", TRACKS)
def test_every_column_comes_out_of_sql(agreed: Assignment, clock: Clock, name: str) -> None:
    clock.freeze(DAY + timedelta(hours=CALLED_OFF.get(name, 13.2)))
    cancelled = steps.cancel(agreed)
    TRACKS[name](agreed, clock)
    sweep(clock, hour=19.2)
    cancellation = tasks.cancelled_assignment(cancelled.pk)
    deal = deal_of(cancellation)
    assert deal is not None
    for row in Evidence.objects.filter(cancellation=cancelled):
        sql = measures_by_sql(executor_id=agreed.executor_id, deal=deal, row=row)
        score = Score.objects.get(cancellation=cancelled, moment=row.moment, role="shadow")
        assert _facts(sql) == [_numbers(fact) for fact in score.facts]
        assert set(sql) == set(COLUMNS), "a column of the model that SQL does not know"
        for measure in COLUMNS:
            assert score.measures.get(measure, math.nan) == pytest.approx(
                math.nan if (known := sql[measure]) is None else known, rel=1e-6, abs=1e-6, nan_ok=True
            ), (row.moment, measure)
        assert row.score == pytest.approx(_by_rule(sql), abs=1e-4)
        assert (sql["seen_share"] is None) == (row.due_at <= deal.window_start)
    if name == "tells no accuracy":
        assert (sql["told_share"], sql["before_150"]) == (pytest.approx(0.8, abs=0.1), pytest.approx(30, abs=15))
    if name == "falls silent":
        assert {"dark_near", "dark_after"} <= {fact["kind"] for fact in score.facts}
    if name == "replayed":
        assert sql["replay_share"] == pytest.approx(1, abs=0.1)
    if name == "lives near":
        assert (sql["past_here_days"], sql["past_ago_days"]) == (4, 1)
        assert sql["regular_m"] == pytest.approx(0, abs=30)
        assert sql["stay_min"] == pytest.approx(100, abs=5)
        assert sql["bridged_min"] == pytest.approx(190, abs=15)
    if name == "shops beside":
        assert sql["stay_m"] is None
        assert sql["wide_m"] == pytest.approx(300, abs=20)
    if name == "untrue":
        assert (sql["leaps"], sql["frozen_share"]) == (4, pytest.approx(0.9, abs=0.1))


def _by_rule(measures: dict[str, float | None]) -> float:
    known = [math.nan if measures[name] is None else measures[name] for name in COLUMNS]
    return float(rule_scores(Table(np.array([known], dtype=float), np.zeros(1)))[0])


def _facts(measures: dict[str, float | None]) -> list[Any]:
    known = {name: math.nan if value is None else value for name, value in measures.items()}
    return [_numbers({"kind": fact.kind, "side": fact.side, "params": fact.params}) for fact in facts_of(known)]


def _numbers(fact: dict[str, Any]) -> Any:
    """Without the times, which come from the same positions; `dark_after` is told by them."""
    told = {} if fact["kind"] == "dark_after" else fact["params"]
    return fact["kind"], fact["side"], {name: told[name] for name in told if name not in ("start", "end")}
