"""What a live score measures, from kept stays and the positions near the window, is what one reading of all positions
measures: for every moment and every measure."""

from datetime import timedelta

import numpy as np
import pytest

from fraud.evidence.situation import Fix
from fraud.features.look import MOMENTS
from fraud.features.table import GEOGRAPHY, NOTES, Table, features, tracks_of
from fraud.model.rows import deals_of
from fraud.model.rule import rule_factors, rule_scores
from fraud.models import Evidence, Score
from fraud.scoring.context import context_of
from fraud.scoring.measuring import deal_row
from fraud.stays.keeping import pings_of
from tasks_app import selectors as tasks
from tasks_app.models import Assignment, Cancellation
from tests.conftest import Clock
from tests.fraud.conftest import place_of, sweep, walk
from tests.fraud.tracks import DAY, FAR, joined, moved, ride, stand
from tests.journeys import steps


def in_bulk(cancellation: Cancellation, moment: str) -> Table:
    """One reading of all positions, as the back-test makes it."""
    deal = tasks.cancelled_assignment(cancellation.pk)
    as_of = Evidence.objects.get(cancellation=cancellation, moment=moment).due_at
    whole = {"start": DAY - timedelta(days=90), "end": DAY + timedelta(days=90)}
    pings = pings_of(tasks.positions(executor_id=deal.executor_id, **whole))
    return features(tracks_of(pings), deals_of(deal_row(deal, context_of(deal, as_of=as_of))), moment)


@pytest.fixture
def again(agreed: Assignment, clock: Clock) -> Cancellation:
    """Another deal of these two was cancelled the day before; this one on the day at 13:12."""
    steps.cancel(steps.assigned(steps.post_task(by=agreed.customer), by=agreed.executor))
    clock.freeze(DAY + timedelta(hours=13.2))
    return steps.cancel(agreed)


def test_live_measures_are_those_of_one_reading(agreed: Assignment, again: Cancellation, clock: Clock) -> None:
    place = place_of(agreed)
    way = joined(
        stand(FAR, 12.9, 13.6, every=0.2), ride(FAR, place, 13.6, 14), stand(moved(place, 20), 14.1, 15.5, error=30),
        [Fix(DAY + timedelta(hours=14.61), *moved(place, 900), 600)], ride(place, FAR, 15.5, 16), stand(FAR, 16, 19),
    )  # fmt: skip
    yesterday = [Fix(fix.at - timedelta(hours=24), fix.lon, fix.lat, fix.accuracy_m) for fix in way[195:240]]
    walk(agreed.executor, yesterday, clock)
    walk(agreed.executor, way, clock)
    sweep(clock, hour=19.3)
    for moment in MOMENTS:
        score = Score.objects.get(cancellation=again, moment=moment, role="shadow")
        table = in_bulk(again, moment)
        told = {name: float(table.column(name)[0]) for name in (*GEOGRAPHY, *NOTES)}
        told = {name: value for name, value in told.items() if np.isfinite(value)}
        assert {name: score.measures[name] for name in told} == pytest.approx(told, rel=1e-12, abs=1e-6), moment
        assert set(told) == set(score.measures) & {*GEOGRAPHY, *NOTES}
        judged = Score.objects.get(cancellation=again, moment=moment, role="champion")
        assert (judged.model_version, judged.measures) == ("rule-2", score.measures), "measured once for both"
        assert judged.probability == judged.rule == score.rule == rule_scores(table)[0]
        row = Evidence.objects.get(cancellation=again, moment=moment)
        assert row.findings["factors"] == pytest.approx(
            {name: values[0] for name, values in rule_factors(table).items()}, abs=1e-4
        )
    assert judged.probability > 0.3, "or nothing was compared"
    assert row.findings["factors"]["pair"] > 1
    assert told["replay_share"] > 0
    assert told["past_days"] >= 5
