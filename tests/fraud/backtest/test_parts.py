"""A long run that breaks goes on where it stopped, and only what changed is made anew."""

import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fraud.backtest.loop import AT_WORK, WAYS, a_year, judged
from fraud.backtest.parts import Parts, code_of, key_of
from fraud.backtest.study import Shards, rows_of
from fraud.features.table import Table
from fraud.learning import training
from fraud.learning.challenge import Challenge, challenge
from fraud.model.trained import GEOGRAPHY_ONLY, WITH_CONTEXT, Trained, load, save, shipped, with_prior
from fraud.model.training import ENOUGH_TO_GROW, PRIOR_CASES, Examples, fit
from fraud.world.learning import Harvest
from tests.fraud.model.days import SMALL, small_harvest

TINY = replace(SMALL, name="tiny", executors=4, days=10, cancellations=5)


class Broken(Exception):
    """The machine goes down."""


def test_a_broken_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    wanted = Shards(TINY, 3, 4)

    def breaks(stage: str, done: int, total: int) -> None:
        if done == 2:
            raise Broken

    with pytest.raises(Broken):
        rows_of(wanted, tmp_path, workers=1, tell=breaks)
    written = {file: file.stat().st_mtime_ns for file in tmp_path.glob("tiny-*.npz")}
    assert len(written) == 2
    told: list[tuple[int, int]] = []
    whole = rows_of(wanted, tmp_path, workers=1, tell=lambda stage, done, total: told.append((done, total)))
    assert told == [(2, 4), (3, 4), (4, 4)]
    assert {file: file.stat().st_mtime_ns for file in written} == written
    again = rows_of(wanted, tmp_path / "elsewhere", workers=1, tell=lambda stage, done, total: None)
    np.testing.assert_array_equal(whole.table.values, again.table.values)


def test_another_seed_or_setting_is_another_piece() -> None:
    pieces = {
        Shards(TINY, 3, 4).piece(0),
        Shards(TINY, 4, 4).piece(0),
        Shards(TINY, 3, 4, vary=True).piece(0),
        Shards(replace(TINY, geocoder_m=15.0), 3, 4).piece(0),
    }
    assert len({key for _name, key in pieces}) == 4
    assert Shards(TINY, 3, 9).piece(0) in pieces  # how many are wanted says nothing about one


def test_the_code_that_made_a_piece_is_part_of_its_key() -> None:
    assert code_of(("world",)) != code_of(("features",))
    assert key_of(TINY, code_of(("world",))) != key_of(TINY, code_of(("features",)))


def test_figures_are_made_once(tmp_path: Path) -> None:
    parts, made = Parts(tmp_path), []
    for _ in range(2):
        assert parts.figures("loop", "abc", lambda: made.append(1) or {"kept": 0.9}) == {"kept": 0.9}
    assert made == [1]


@pytest.fixture(scope="module")
def rows() -> Harvest:
    return small_harvest(replace(SMALL, executors=40, cancellations=14))


@pytest.mark.parametrize("way", list(WAYS))
def test_a_year_learns_from_what_moderators_saw_alone(way: str, rows: Harvest, settings: Any) -> None:
    settings.FRAUD = {"fewest_labels": 5}
    year = a_year(rows, rows, WAYS[way])
    assert year["looked_at"] < 0.15 * len(rows.label)
    assert len(year["by_month"]) == 12
    assert a_year(rows, rows, WAYS[way]) == year


def test_the_year_and_the_retraining_at_work_learn_by_one_function(
    rows: Harvest, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FRAUD = {"fewest_labels": 5}
    asked: list[int] = []

    def counted(examples: Examples, **how: Any) -> Challenge:
        asked.append(len(examples.label))
        return challenge(examples, **how)

    monkeypatch.setattr("fraud.backtest.loop.challenge", counted)
    a_year(rows, rows, WAYS[AT_WORK])
    assert asked == sorted(asked)
    assert inspect.getsource(training._fit).count("challenge(") == 1


def examples_of(rows: Harvest, cases: int | None = None) -> Examples:
    """All rows, or as many from the first on as hold so many cases."""
    last = len(rows.label) if cases is None else int(np.flatnonzero(rows.label)[cases - 1]) + 1
    table = Table(rows.table.values[:last], rows.table.as_of[:last])
    return Examples(table, rows.label[:last], np.ones(last), rows.person[:last], np.arange(last, dtype=float))


def upside_down(few: Examples, **how: Any) -> Trained:
    """Who always errs teaches the opposite."""
    return fit(replace(few, label=1 - few.label), **how)


def test_what_is_worse_on_later_decisions_does_not_serve_and_what_is_better_does(rows: Harvest) -> None:
    known, good = examples_of(rows), shipped(GEOGRAPHY_ONLY)
    worse = challenge(known, standing=good, prior=None, feature_set=GEOGRAPHY_ONLY, learn=upside_down)
    assert worse.own["pr_auc"] < worse.standing["pr_auc"]
    assert not worse.is_no_worse
    bad = worse.trained
    better = challenge(known, standing=bad, prior=bad, feature_set=GEOGRAPHY_ONLY)
    assert better.is_no_worse
    assert judged(better.trained, rows)[0] > judged(bad, rows)[0] + 0.2


@pytest.mark.parametrize("feature_set", [GEOGRAPHY_ONLY, WITH_CONTEXT])
def test_what_was_only_calibrated_to_be_judged_grows_no_trees(rows: Harvest, feature_set: str) -> None:
    prior = shipped(feature_set)
    known = examples_of(rows, cases=ENOUGH_TO_GROW + 5)
    found = challenge(known, standing=prior, prior=prior, feature_set=feature_set)
    assert found.trained.trees is prior.trees
    assert found.is_no_worse
    assert fit(known, feature_set=feature_set, prior=prior).trees is not prior.trees


def test_the_fewer_the_cases_the_nearer_is_the_answer_to_what_was_known(rows: Harvest, tmp_path: Path) -> None:
    known, prior = examples_of(rows), shipped(GEOGRAPHY_ONLY)
    model = fit(known, feature_set=GEOGRAPHY_ONLY, prior=prior)
    cases = int(known.label.sum())
    assert model.facts["own_weight"] == cases / (cases + PRIOR_CASES)
    values = known.table.columns(list(model.names))
    with_both = with_prior(values, model.names, prior)
    own, before = model.trees.decision_function(with_both), with_both[:, -1]
    assert np.allclose(model.raw(values), before + (own - before) * cases / (cases + PRIOR_CASES))
    assert not np.allclose(own, before)
    save(model, tmp_path / "leaning.skops")
    assert np.array_equal(load(tmp_path / "leaning.skops").raw(values), model.raw(values))
