"""Learning anew with enough labels: a challenger, its shadow, the work when it is better, and the way back; drift is told."""

from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from fraud import jobs
from fraud.features.table import COLUMNS, Table
from fraud.learning import figures, models_at_work
from fraud.learning.errors import NotBetter
from fraud.learning.models import Figure, ModelVersion, Score
from fraud.learning.training import retrain
from fraud.models import Case
from fraud.scoring.by_model import model_of
from marketplace.accounts.models import User
from marketplace.celery import app
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.notifications.models import Notification
from marketplace.notifications.selectors import render
from tasks_app.models import Cancellation
from tests.journeys import steps

MANY = 140  # decided cancellations, every second a fraud
Measures = dict[str, float]


def measures(fraud: bool, dice: Random) -> Measures:
    """A long stay at the place, or somebody who was elsewhere; one in ten looks like the other kind."""
    there = fraud != (dice.random() < 0.1)
    minutes = dice.uniform(60, 120) if there else dice.uniform(0, 15)
    near = {f"{kind}_{radius}": minutes for kind in ("dwell", "after") for radius in (100, 150, 250, 400)}
    return near | {
        "dwell_60": minutes / 2, "before_150": 0.0, "stay_min": minutes, "closest_m": 20 if there else dice.uniform(200, 900),
        "stay_m": 20 if there else 400, "stay_end_min": 90.0, "expected_min": 90.0, "window_min": 180.0, "notice_min": 48.0,
        "past_days": 8.0, "past_here_days": 0.0, "past_edge_share": 0.0, "fixes": 60.0, "seen_share": 0.9, "seen_min": dice.uniform(200, 400),
        "accuracy_m": dice.uniform(8, 30), "wide_min": minutes, "replay_share": 0.0, "gap_possible_min": 0.0,
    }  # fmt: skip


@pytest.fixture
def decided(db: None) -> list[tuple[int, Measures]]:
    """Cancellations in bulk, copied from a real one, each closed by a decision and scored by a model of the past."""
    one = steps.cancel(steps.assigned())
    dice, found = Random(7), []
    for n, cancellation in enumerate([one, *copies(one, MANY - 1)]):
        fraud = n % 2 == 0
        deal = cancellation.assignment
        Case.objects.create(
            cancellation=cancellation, executor=deal.executor, customer=deal.customer, response=deal.response, score=0.9,
            rank=1, due_at=now(), opened_at=now() + timedelta(minutes=n), status="closed", closed_at=now(),
            outcome="confirmed" if fraud else "innocent",
        )  # fmt: skip
        found.append((cancellation.pk, measures(fraud, dice)))
    keep_scores("of-the-past", Score.Role.SHADOW, found, [0.5] * MANY)
    return found


def copies(one: Cancellation, count: int) -> Iterator[Cancellation]:
    deal = one.assignment
    for n in range(count):
        task, response, again, cancellation = copy(deal.task), copy(deal.response), copy(deal), copy(one)
        task.pk = response.pk = again.pk = cancellation.pk = None
        for row in (task, response, again, cancellation):
            row._state.adding = True
        task.save(force_insert=True)
        response.task, response.operation = task, f"copied-{n}"
        response.save(force_insert=True)
        again.task, again.response = task, response
        again.save(force_insert=True)
        cancellation.assignment, cancellation.at = again, one.at + timedelta(minutes=n)
        cancellation.save(force_insert=True)
        yield cancellation


def keep_scores(version: str, role: str, rows: list[tuple[int, Measures]], chances: list[float]) -> None:
    Score.objects.bulk_create(
        Score(
            cancellation_id=pk, moment="plus_2h", as_of=now(), scored_at=now(), model_version=version, role=role,
            probability=chance, rule=0.5, verifiable=True, flagged=chance > 0.5, measures=told,
        )
        for (pk, told), chance in zip(rows, chances, strict=True)
    )  # fmt: skip


def scored_by(path: str, rows: list[tuple[int, Measures]]) -> list[float]:
    values = np.array([[told.get(name, np.nan) for name in COLUMNS] for _pk, told in rows])
    return [float(chance) for chance in model_of(path).scores(Table(values, np.zeros(len(rows))))]


@pytest.fixture
def models(settings: object, tmp_path: Path) -> Path:
    settings.FRAUD_MODELS = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def serves() -> dict[str, str]:
    return dict(ModelVersion.objects.values_list("version", "role"))


def test_enough_labels_make_a_model_that_earns_its_work_and_can_be_taken_back(
    decided: list[tuple[int, Measures]], models: Path
) -> None:
    call_command("fraud_models", "retrain")
    fresh = ModelVersion.objects.get()
    assert (models / fresh.path).stat().st_size > 1000
    assert fresh.metrics["labels"] == MANY
    assert fresh.metrics["pr_auc"] >= fresh.metrics["standing_pr_auc"]
    assert fresh.role == "shadow"

    with pytest.raises(CommandError):  # it has scored nothing beside the one that serves yet
        call_command("fraud_models", "promote", fresh.version)
    assert serves() == {fresh.version: "shadow"}

    keep_scores("rule-1", Score.Role.CHAMPION, decided, [Random(3).random() for _row in decided])
    keep_scores(fresh.version, Score.Role.SHADOW, decided, scored_by(fresh.path, decided))
    call_command("fraud_models", "promote", fresh.version)
    assert serves() == {fresh.version: "champion"}

    call_command("fraud_models", "rollback")
    assert serves() == {fresh.version: "challenger"}


def test_a_model_worse_than_what_serves_or_poor_by_itself_is_refused(decided: list[tuple[int, Measures]]) -> None:
    truth = [0.9 if n % 2 == 0 else 0.1 for n in range(MANY)]
    dice = Random(5)
    weak = [chance if dice.random() < 0.85 else 1 - chance for chance in truth]
    coin = [dice.random() for _chance in truth]
    for version, chances in (("weak", weak), ("coin", coin)):
        models_at_work.register(version=version, path="shipped:geography")
        keep_scores(version, Score.Role.SHADOW, decided, chances)

    keep_scores("rule-1", Score.Role.CHAMPION, decided, truth)
    with pytest.raises(NotBetter):
        models_at_work.promote(version="weak")

    Score.objects.filter(role="champion").update(probability=0.5)
    with pytest.raises(NotBetter):  # no worse than what serves, and still not good enough for anybody
        models_at_work.promote(version="coin")
    assert set(serves().values()) == {"challenger"}
    models_at_work.promote(version="weak")
    assert serves()["weak"] == "champion"


def test_the_schedule_learns_each_week_on_a_queue_of_its_own(decided: list[tuple[int, Measures]], models: Path) -> None:
    app.finalize()
    assert app.conf.beat_schedule["fraud.retrain"]["task"] == "fraud.retrain"
    assert app.conf.task_routes["fraud.retrain"] == {"queue": "training"}
    assert jobs.retrain() == ModelVersion.objects.get().version
    assert retrain().version == ModelVersion.objects.get().version  # the same labels make the same model


def test_drift_reaches_every_operator_once_and_nobody_else(decided: list[tuple[int, Measures]]) -> None:
    operators = [steps.operator(), steps.operator("Вера Зимина")]
    steps.moderator()
    Score.objects.update(scored_at=now() - timedelta(days=3))
    longer = [(pk, {**told, "seen_min": told["seen_min"] / 6}) for pk, told in decided]
    keep_scores("of-today", Score.Role.SHADOW, longer, [0.5] * MANY)
    figures.take_figures(back=0)
    figures.take_figures(back=0)
    assert Figure.objects.get(name="drift:seen_min").alert
    news = Notification.objects.filter(kind="figure_alert", key__endswith="drift:seen_min")
    assert sorted(news.values_list("user_id", flat=True)) == sorted(person.pk for person in operators)
    assert "минуты с положениями" in render(news[0]).text


@pytest.fixture(autouse=True)
def nobody_learns_by_heart() -> Iterator[None]:
    model_of.cache_clear()
    yield
    model_of.cache_clear()


def test_the_way_back_is_for_operators_only(db: None, moderator: User) -> None:
    models_at_work.register(version="m-1", path="shipped:geography")
    models_at_work.promote(version="m-1", force=True)
    with pytest.raises(NotFound):
        models_at_work.roll_back(by=moderator)
    assert serves() == {"m-1": "champion"}
