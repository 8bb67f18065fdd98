"""The file formats: positions, cancellations and labels in, scores out. They are described in docs/fraud-model/."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fraud.features import context
from fraud.features.inputs import Deals, Pings, make_pings
from fraud.geometry.globe import Flags, Floats, Ints

NEEDED_PINGS = ("executor_id", "at", "lat", "lon")
NEEDED = ("cancellation_id", "executor_id", "lat", "lon", "window_start", "window_end", "cancelled_at")
NETWORK = ("network", "wifi", "cell")


class BadFile(Exception):
    """A file is not what the format says; the text names the file and the column."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """`ids`, `executors`, `customers`: as the files call them, one a deal; `people`: the persons with positions."""

    pings: Pings
    deals: Deals
    ids: list[str]
    executors: list[str]
    customers: list[str]
    people: list[str]


@dataclass(frozen=True, slots=True)
class Labels:
    """By the order of the cancellations; −1 where a cancellation has no label."""

    label: Ints
    kind: list[str]
    weight: Floats
    split: list[str]


def load(pings_file: Path, cancellations_file: Path) -> Loaded:
    """Raises BadFile."""
    table, track = _read(cancellations_file, NEEDED), _read(pings_file, NEEDED_PINGS)
    coded = pc.dictionary_encode(_strings(track, "executor_id")).combine_chunks()
    people: list[str] = coded.dictionary.to_pylist()
    pings = make_pings(
        executor=coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64),
        at=seconds(track, "at"),
        lat=numbers(track, "lat"),
        lon=numbers(track, "lon"),
        accuracy_m=numbers(track, "accuracy_m"),
        network=np.isin(texts(track, "source"), NETWORK),
        skew_s=numbers(track, "skew_s") if "skew_s" in track.column_names else None,
        people=len(people),
    )
    number = {name: code for code, name in enumerate(people)}
    executors = texts(table, "executor_id").tolist()
    return Loaded(
        pings=pings,
        deals=deals_of(table, np.array([number.get(name, -1) for name in executors], dtype=np.int64)),
        ids=texts(table, "cancellation_id").tolist(),
        executors=executors,
        customers=texts(table, "customer_id").tolist(),
        people=people,
    )


def deals_of(table: pa.Table, executor: Ints) -> Deals:
    start = seconds(table, "window_start")
    cancelled, expected = seconds(table, "cancelled_at"), numbers(table, "expected_minutes")
    return Deals(
        executor=executor,
        lat=numbers(table, "lat"),
        lon=numbers(table, "lon"),
        window_start=start,
        window_end=np.fmax(seconds(table, "window_end"), start),
        chosen_at=seconds(table, "chosen_at"),
        cancelled_at=np.where(np.isfinite(cancelled), cancelled, start),
        expected_min=np.where(expected > 0, expected, 60.0),
        context=_context(table),
    )


def labels_for(file: Path, ids: list[str]) -> Labels:
    """Raises BadFile."""
    table = _read(file, ("cancellation_id", "label"))
    place = {name: row for row, name in enumerate(texts(table, "cancellation_id").tolist())}
    rows = np.array([place.get(name, -1) for name in ids], dtype=np.int64)
    known = rows >= 0
    label, weight = numbers(table, "label"), numbers(table, "weight")

    def words(name: str) -> list[str]:
        values = texts(table, name)
        return [str(values[row]) if row >= 0 else "" for row in rows]

    return Labels(
        label=np.where(known & np.isfinite(label[rows]), np.nan_to_num(label[rows]), -1).astype(np.int64),
        kind=words("kind"),
        weight=np.where(known & np.isfinite(weight[rows]), weight[rows], 1.0),
        split=words("split"),
    )


def seconds(table: pa.Table, name: str) -> Floats:
    """Unix seconds; times without a zone are UTC, texts are ISO 8601; NaN for none or no column."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    column = table.column(name).combine_chunks()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.cast(pa.timestamp("us", "UTC"))
    if not pa.types.is_timestamp(column.type):
        raise BadFile(f"{name} is not a time but {column.type}")
    whole = column.cast(pa.timestamp("us", column.type.tz), safe=False).cast(pa.int64())
    return np.asarray(whole.cast(pa.float64()).to_numpy(zero_copy_only=False) / 1e6)


def numbers(table: pa.Table, name: str) -> Floats:
    """NaN for none or no column."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    column = table.column(name).combine_chunks().cast(pa.float64(), safe=False)
    return np.array(column.to_numpy(zero_copy_only=False), dtype=float)


def texts(table: pa.Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    if name not in table.column_names:
        return np.full(table.num_rows, "")
    return np.array(_strings(table, name).fill_null("").to_pylist(), dtype=str)


def _strings(table: pa.Table, name: str) -> pa.ChunkedArray:
    column = table.column(name)
    return (
        column.cast(column.type.value_type).cast(pa.string())
        if pa.types.is_dictionary(column.type)
        else column.cast(pa.string())
    )


def _read(file: Path, needed: tuple[str, ...]) -> pa.Table:
    try:
        table = pq.read_table(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise BadFile(f"{file}: {error}") from error
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        raise BadFile(f"{file}: no column {', '.join(missing)}")
    return table


def _context(table: pa.Table) -> dict[str, Floats]:
    """The model's context columns that the file has, and those that follow from who cancelled and why."""
    found = {name: numbers(table, name) for name in context.COLUMNS if name in table.column_names}
    who, why = texts(table, "cancelled_by"), texts(table, "reason")
    if (who != "").any():
        found.setdefault("by_customer", _told(who, who == "customer"))
    if (why != "").any():
        found.setdefault("reason_vague", _told(why, np.isin(why, context.VAGUE)))
        found.setdefault("reason_no_show", _told(why, np.isin(why, context.NOBODY)))
    return found


def _told(values: np.ndarray[tuple[int], np.dtype[np.str_]], yes: Flags) -> Floats:
    return np.where(values == "", np.nan, yes.astype(float))
