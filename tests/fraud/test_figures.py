"""The figures of a day are counted by the database, and are those that one would count by hand."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from statistics import median

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fraud.learning import figures
from fraud.learning.models import Figure, ModelVersion, Score
from marketplace.kit.clock import now
from tests.fraud.test_retrain import MANY, Measures, decided, keep_scores

__all__ = ["decided"]  # a fixture: many cancellations, each with a score of today
Rows = list[tuple[int, Measures]]


def by_hand(fresh: Sequence[float], usual: Sequence[float]) -> float:
    cuts = sorted(set(np.quantile(usual, np.arange(1, 10) / 10)))
    counts = [[0] * (len(cuts) + 1) for _sample in range(2)]
    for sample, values in zip(counts, (fresh, usual), strict=True):
        for value in values:
            sample[bisect_left(cuts, value)] += 1
    return figures.stability_index(*counts)


def told() -> dict[str, float]:
    figures.take_figures(back=0)
    return dict(Figure.objects.values_list("name", "value"))


@pytest.fixture
def two_samples(decided: Rows) -> tuple[Rows, Rows]:
    """Those of three days ago, and others of today; some of today's without some measures, and with nothing to divide by."""
    Score.objects.update(scored_at=now() - timedelta(days=3))
    dice, today = Random(11), []
    for place, (pk, one) in enumerate(decided):
        fresh = {**one, "seen_min": one["seen_min"] * dice.uniform(0.3, 1), "stay_accuracy_m": dice.uniform(0, 40)}
        if place % 7 == 0:
            fresh |= {"fixes": 0.0, "stay_accuracy_m": 0.0}
        if place % 5 == 0:
            del fresh["stay_m"]
        today.append((pk, fresh))
    for version, role in (("of-today", Score.Role.SHADOW), ("rule-2", Score.Role.CHAMPION)):
        keep_scores(version, role, today, [0.5] * MANY)
    return decided, today


def test_they_are_what_one_counts_by_hand(two_samples: tuple[Rows, Rows]) -> None:
    before, today = two_samples
    found = told()
    for name in ("seen_min", "stay_m", "after_150", "past_here_days"):
        fresh, usual = ([one[name] for _pk, one in rows if name in one] for rows in (today, before))
        assert found[f"drift:{name}"] == pytest.approx(by_hand(fresh, usual)), name
    assert Figure.objects.get(name="drift:stay_m").count == MANY - MANY // 5
    assert found["cadence"] == pytest.approx(
        median(one["seen_min"] / one["fixes"] for _pk, one in today if one["fixes"])
    )
    accuracies = [one["stay_accuracy_m"] for _pk, one in today if one["stay_accuracy_m"]]
    assert found["accuracy"] == pytest.approx(median(accuracies))
    assert Figure.objects.get(name="accuracy").count == len(accuracies)


def test_the_delay_is_that_of_95_in_100(two_samples: tuple[Rows, Rows]) -> None:
    rows = list(Score.objects.filter(model_version="rule-2").order_by("pk"))
    for place, row in enumerate(rows):
        row.as_of = row.scored_at - timedelta(seconds=place)
    Score.objects.bulk_update(rows, ["as_of"])
    assert told()["delay_p95"] == 0.95 * MANY - 1


def test_no_row_of_scores_is_read(two_samples: tuple[Rows, Rows]) -> None:
    """However many there are: only counts and medians come over."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        figures.take_figures(back=0)
    assert not [query["sql"] for query in asked if 'FROM "fraud_score"' in query["sql"]]
    assert len(asked) < 40


def test_a_day_without_anything_has_no_figures(db: None) -> None:
    assert figures.take_figures(back=0) == []
    assert not Figure.objects.exists()


def test_drift_is_zero_for_alike_and_alarms_for_others() -> None:
    assert figures.stability_index([20] * 10, [50] * 10) == pytest.approx(0, abs=1e-4)
    assert figures.stability_index([0] * 8 + [100, 100], [50] * 10) > figures.DRIFT_ALERT


def test_operators_hear_when_the_rule_has_to_stand_in_for_a_model(two_samples: tuple[Rows, Rows]) -> None:
    assert "fallback_rate" not in told(), "nobody was given its work"
    model = ModelVersion.objects.create(
        version="of-today", path="none.skops", role="champion", role_since=now() - timedelta(days=9)
    )
    assert told()["fallback_rate"] == 1
    assert Figure.objects.get(name="fallback_rate").alert
    Score.objects.filter(role="champion", model_version="rule-2").update(model_version="of-yesterday")
    assert told()["fallback_rate"] == 0
    assert not Figure.objects.get(name="fallback_rate").alert
    ModelVersion.objects.filter(pk=model.pk).update(role_since=now() + timedelta(minutes=1))
    assert told()["fallback_rate"] == 0
