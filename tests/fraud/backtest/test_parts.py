"""A long run that breaks goes on where it stopped, and only what changed is made anew."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fraud.backtest.loop import WAYS, a_year
from fraud.backtest.parts import Parts, code_of, key_of
from fraud.backtest.study import Shards, rows_of
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
def test_a_year_learns_from_what_moderators_saw_alone(way: str, rows: Harvest) -> None:
    year = a_year(rows, rows, way)
    assert year["looked_at"] < 0.15 * len(rows.label)
    assert a_year(rows, rows, way) == year
