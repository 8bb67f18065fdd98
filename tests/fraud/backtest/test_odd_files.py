"""The back-test on files as people really have them: columns missing, types mixed, rows in disorder; and on bad ones."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from fraud.backtest.columns import BadFile
from fraud.backtest.run import Order, backtest
from fraud.world.export import write
from tests.fraud.model.days import SMALL

Change = Callable[[pa.Table], pa.Table]
NEEDED = ["cancellation_id", "executor_id", "lat", "lon", "window_start", "window_end", "cancelled_at"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write(SMALL, seed=5, count=1, out=folder)
    return folder


@pytest.fixture(scope="module")
def usual(world: Path, tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    return scores(run(world, tmp_path_factory.mktemp("usual")))


def run(world: Path, out: Path, train: bool = False, **changes: Change) -> Path:
    """Back-test the world with some of `pings`, `cancellations`, `labels` changed; labels count when they are."""
    files = {}
    for name in ("pings", "cancellations", "labels"):
        change = changes.get(name)
        files[name] = world / f"{name}.parquet"
        if change is not None:
            files[name] = out / f"changed-{name}.parquet"
            pq.write_table(change(pq.read_table(world / f"{name}.parquet")), files[name])
    order = Order(files["pings"], files["cancellations"], out, words=False)
    backtest(replace(order, labels=files["labels"] if "labels" in changes else None, train=train))
    return out


def scores(out: Path) -> np.ndarray:
    return np.asarray(pq.read_table(out / "scores.parquet").column("score"))


def only(*names: str) -> Change:
    return lambda table: table.select(list(names))


def without(*names: str) -> Change:
    return lambda table: table.drop_columns(list(names))


def with_column(name: str, make: Callable[[pa.ChunkedArray], pa.Array | pa.ChunkedArray]) -> Change:
    return lambda table: table.set_column(table.column_names.index(name), name, make(table.column(name)))


def shuffled(table: pa.Table) -> pa.Table:
    order = np.random.default_rng(1).permutation(table.num_rows)
    return table.take(np.r_[order, order[: table.num_rows // 10]])


def test_only_the_needed_columns_are_needed(world: Path, tmp_path: Path) -> None:
    pings, deals = only("executor_id", "at", "lat", "lon"), only(*NEEDED)
    found = scores(run(world, tmp_path, pings=pings, cancellations=deals))
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()


def test_order_and_duplicates_of_positions_do_not_matter(world: Path, usual: np.ndarray, tmp_path: Path) -> None:
    np.testing.assert_array_equal(scores(run(world, tmp_path, pings=shuffled)), usual)


TYPES: dict[str, dict[str, Change]] = {
    "times as texts with an offset": {
        "pings": with_column("at", lambda at: pc.strftime(at, "%Y-%m-%dT%H:%M:%SZ")),
    },
    "times as texts without an offset": {
        "pings": with_column("at", lambda at: pc.strftime(at, "%Y-%m-%d %H:%M:%S")),
    },
    "times of another zone": {
        "pings": with_column("at", lambda at: at.cast(pa.timestamp("us", "Asia/Shanghai"))),
    },
    "persons as numbers here and there": {
        "pings": with_column("executor_id", lambda who: _number(who, pa.int64())),
        "cancellations": with_column("executor_id", lambda who: _number(who, pa.float64())),
    },
    "persons as a dictionary": {"pings": with_column("executor_id", pc.dictionary_encode)},
    "places as texts": {"cancellations": with_column("lat", lambda lat: lat.cast(pa.string()))},
    "no accuracy told": {"pings": with_column("accuracy_m", lambda told: pa.nulls(len(told)))},
}


def _number(who: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return pc.replace_substring_regex(who, r"^e\d+-", "").cast(pa.int64()).cast(kind)


@pytest.mark.parametrize("case", list(TYPES), ids=lambda case: case.replace(" ", "-"))
def test_the_types_of_columns_hardly_matter(case: str, world: Path, usual: np.ndarray, tmp_path: Path) -> None:
    found = scores(run(world, tmp_path, **TYPES[case]))
    if case == "no accuracy told":
        assert np.isfinite(found).all()
    else:
        np.testing.assert_allclose(found, usual, atol=0.2)  # whole seconds move a position over an edge now and then
        assert np.mean(np.abs(found - usual) > 0.01) < 0.02


@pytest.mark.parametrize("dropped", ["split", "weight", "kind"])
def test_labels_may_lack_what_is_optional(dropped: str, world: Path, tmp_path: Path) -> None:
    run(world, tmp_path, train=True, labels=without(dropped))
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["contestants"]["geography"]["figures"]["pr_auc"] > 0.5
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


def test_labels_of_some_and_of_strangers_are_enough(world: Path, tmp_path: Path) -> None:
    def some(table: pa.Table) -> pa.Table:
        others = table.slice(0, 5).set_column(0, "cancellation_id", pa.array([f"foreign-{n}" for n in range(5)]))
        return pa.concat_tables([table.slice(0, 60), others])

    run(world, tmp_path, labels=some)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["rows"] <= 60


@pytest.mark.parametrize("label", [0, 1])
def test_labels_of_one_class_give_scores_and_a_report_but_no_training(label: int, world: Path, tmp_path: Path) -> None:
    same = with_column("label", lambda column: pa.array([label] * len(column)))
    assert (run(world, tmp_path, labels=same) / "report.html").exists()
    with pytest.raises(BadFile, match="only one class"):
        run(world, tmp_path, train=True, labels=same)


def test_a_split_that_trains_on_all_leaves_nothing_to_judge_and_says_so(world: Path, tmp_path: Path) -> None:
    everything = with_column("split", lambda column: pa.array(["train"] * len(column)))
    with pytest.raises(BadFile, match="nothing is left to judge"):
        run(world, tmp_path, train=True, labels=everything)


def test_people_without_positions_and_deals_without_a_place_are_unverifiable(world: Path, tmp_path: Path) -> None:
    def strange(table: pa.Table) -> pa.Table:
        rows = table.slice(0, 3).to_pylist()
        rows[0]["executor_id"] = "nobody"
        rows[1]["lat"] = None
        rows[2]["window_start"] = None
        return pa.concat_tables([pa.Table.from_pylist(rows, schema=table.schema), table.slice(3)])

    run(world, tmp_path, cancellations=strange)
    table = pq.read_table(tmp_path / "scores.parquet")
    first = table.filter(pc.is_in(table.column("cancellation_id"), table.column("cancellation_id").slice(0, 3)))
    assert first.column("verifiable").to_pylist() == [False] * 9
    assert max(first.column("score").to_pylist()) <= 0.05


def test_one_position_a_person_is_too_little_and_no_obstacle(world: Path, tmp_path: Path) -> None:
    def single(table: pa.Table) -> pa.Table:
        who = np.array(table.column("executor_id").to_pylist())
        return table.take(np.unique(who, return_index=True)[1])

    assert scores(run(world, tmp_path, pings=single)).max() <= 0.05


def test_no_rows_at_all_are_no_obstacle(world: Path, tmp_path: Path) -> None:
    assert scores(run(world, tmp_path, pings=lambda table: table.slice(0, 0))).max() <= 0.05
    assert len(scores(run(world, tmp_path, cancellations=lambda table: table.slice(0, 0)))) == 0


def test_a_split_is_read_whatever_its_letters(world: Path, tmp_path: Path) -> None:
    run(world, tmp_path, train=True, labels=with_column("split", pc.utf8_upper))
    held = pc.not_equal(pq.read_table(world / "labels.parquet").column("split"), "train")
    assert json.loads((tmp_path / "report.json").read_text())["rows"] == pc.sum(held).as_py()


def test_two_labels_leave_the_chances_as_they_are(world: Path, tmp_path: Path) -> None:
    def two(table: pa.Table) -> pa.Table:
        label, split = np.array(table.column("label")), ["test"] * table.num_rows
        for value in (0, 1):
            split[int(np.flatnonzero(label == value)[0])] = "train"
        return table.set_column(table.column_names.index("split"), "split", pa.array(split))

    plain = only(*NEEDED)
    (tmp_path / "trained").mkdir()
    trained = scores(run(world, tmp_path / "trained", cancellations=plain, train=True, labels=two))
    np.testing.assert_allclose(trained, scores(run(world, tmp_path, cancellations=plain)))


BAD: dict[str, tuple[dict[str, Change], str]] = {
    "no column": ({"pings": without("at")}, "no column at"),
    "times as numbers": ({"pings": with_column("at", lambda at: at.cast(pa.int64()))}, "at: is not a time but int64"),
    "times as words": ({"pings": with_column("at", lambda at: pa.array(["soon"] * len(at)))}, "at: is not a time"),
    "places as words": ({"pings": with_column("lat", lambda lat: pa.array(["here"] * len(lat)))}, "lat: is not a number"),
    "places in metres": (
        {"pings": with_column("lat", lambda lat: pc.multiply(lat, 100_000.0))}, "no row has a time and a place on Earth"
    ),
    "strangers only": (
        {"pings": with_column("executor_id", lambda who: pa.array(["x"] * len(who)))}, "nobody of .* stands in"
    ),
    "a label of two": ({"labels": with_column("label", lambda label: pc.add(label, 2))}, "label must be 0"),
    "a negative weight": ({"labels": with_column("weight", pc.negate)}, "weight must not be negative"),
    "weights of nothing": (
        {"labels": with_column("weight", lambda weight: pc.multiply(weight, 0.0))}, "has the weight 0"
    ),
    "labels of no cancellation": (
        {"labels": lambda table: table, "cancellations": lambda table: table.slice(0, 0)}, "there is no cancellation"
    ),
    "labels of strangers": (
        {"labels": with_column("cancellation_id", lambda ids: pa.array(["x"] * len(ids)))}, "no cancellation_id of it"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(BAD), ids=lambda case: case.replace(" ", "-"))
def test_a_bad_file_is_answered_by_a_sentence(case: str, world: Path, tmp_path: Path) -> None:
    changes, sentence = BAD[case]
    with pytest.raises(BadFile, match=sentence):
        run(world, tmp_path, **changes)


def test_a_year_that_stands_for_none_is_none(world: Path, usual: np.ndarray, tmp_path: Path) -> None:
    def with_marks(table: pa.Table) -> pa.Table:
        marks = pa.array(
            [datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)], table.schema.field("at").type
        )
        rest = table.column("at").combine_chunks().slice(2)
        return table.set_column(table.column_names.index("at"), "at", pa.concat_arrays([marks, rest]))

    found = scores(run(world, tmp_path, pings=with_marks))
    assert np.isfinite(found).all()
    assert np.mean(np.abs(found - usual) > 0.01) < 0.02


@pytest.mark.parametrize(
    ("text", "sentence"), [(None, "there is no such file"), ("no model", "is not a model file")], ids=["none", "other"]
)
def test_a_model_file_that_is_none_is_answered_by_a_sentence(
    text: str | None, sentence: str, world: Path, tmp_path: Path
) -> None:
    file = tmp_path / "given.skops"
    if text is not None:
        file.write_text(text)
    order = Order(world / "pings.parquet", world / "cancellations.parquet", tmp_path, model=file)
    with pytest.raises(BadFile, match=sentence):
        backtest(order)
    assert not (tmp_path / "scores.parquet").exists()


def test_what_is_no_file_or_no_parquet_is_answered_by_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="there is no such file"):
        backtest(Order(tmp_path / "pings.parquet", tmp_path / "cancellations.parquet", tmp_path))
    (tmp_path / "cancellations.parquet").write_text("cancellation_id,lat\n")
    with pytest.raises(BadFile, match="is not a parquet file"):
        backtest(Order(tmp_path / "pings.parquet", tmp_path / "cancellations.parquet", tmp_path))
