"""The file formats: positions, cancellations and labels in, scores out. They are described in docs/fraud-model/."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fraud.backtest.columns import BadFile, Texts, among, names, numbers, read, seconds, texts
from fraud.features import context
from fraud.features.inputs import Deals, Pings, make_pings
from fraud.geometry.globe import Flags, Floats, Ints

NEEDED_PINGS = ("executor_id", "at", "lat", "lon")
NEEDED = ("cancellation_id", "executor_id", "lat", "lon", "window_start", "window_end", "cancelled_at")
NETWORK = ("network", "wifi", "cell")


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
    table, track = read(cancellations_file, NEEDED), read(pings_file, NEEDED_PINGS)
    coded = pc.dictionary_encode(names(track, "executor_id")).combine_chunks()
    people: list[str] = coded.dictionary.to_pylist()
    pings = make_pings(
        executor=coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64),
        at=seconds(track, "at"),
        lat=numbers(track, "lat"),
        lon=numbers(track, "lon"),
        accuracy_m=numbers(track, "accuracy_m"),
        network=among(track, "source", NETWORK),
        skew_s=numbers(track, "skew_s") if "skew_s" in track.column_names else None,
        people=max(len(people), 1),
    )
    if track.num_rows and not pings.count:
        raise BadFile(f"{pings_file}: no row has a time and a place on Earth (lat within ±90, lon within ±180)")
    number = {name: code for code, name in enumerate(people)}
    executors = texts(table, "executor_id").tolist()
    if people and executors and not number.keys() & set(executors):
        raise BadFile(
            f"executor_id: nobody of {cancellations_file.name} (as “{executors[0]}”) stands in {pings_file.name} "
            f"(as “{people[0]}”)"
        )
    return Loaded(
        pings=pings,
        deals=deals_of(table, np.array([number.get(name, -1) for name in executors], dtype=np.int64)),
        ids=texts(table, "cancellation_id").tolist(),
        executors=executors,
        customers=texts(table, "customer_id").tolist(),
        people=people,
    )


def deals_of(table: pa.Table, executor: Ints) -> Deals:
    start, lat, lon = seconds(table, "window_start"), numbers(table, "lat"), numbers(table, "lon")
    placed = np.isfinite(start) & (np.abs(lat) <= 90) & (np.abs(lon) <= 360)
    if table.num_rows and not placed.any():
        raise BadFile("cancellations: no row has a window_start and a place on Earth (lat within ±90, lon within ±180)")
    cancelled, expected = seconds(table, "cancelled_at"), numbers(table, "expected_minutes")
    return Deals(
        executor=np.where(placed, executor, -1),
        lat=np.where(placed, lat, 0.0),
        lon=np.where(placed, lon, 0.0),
        window_start=start,
        window_end=np.fmax(seconds(table, "window_end"), start),
        chosen_at=seconds(table, "chosen_at"),
        cancelled_at=np.where(np.isfinite(cancelled), cancelled, start),
        expected_min=np.where(expected > 0, expected, 60.0),
        context=_context(table),
    )


def labels_for(file: Path, ids: list[str]) -> Labels:
    """Raises BadFile."""
    table = read(file, ("cancellation_id", "label"))
    place = {name: row for row, name in enumerate(texts(table, "cancellation_id").tolist())}
    rows = np.array([place.get(name, -1) for name in ids], dtype=np.int64)
    known = rows >= 0
    label, weight = numbers(table, "label"), numbers(table, "weight")
    if np.any(np.isfinite(label) & ~np.isin(label, (-1, 0, 1))):
        raise BadFile(f"{file}: label must be 0 (honest), 1 (fraud), or empty")
    if np.any(weight < 0):
        raise BadFile(f"{file}: weight must not be negative")
    if len(ids) and not np.any(rows >= 0):
        raise BadFile(f"{file}: no cancellation_id of it stands among the cancellations")

    def words(name: str) -> list[str]:
        values = texts(table, name)
        return [str(values[row]) if row >= 0 else "" for row in rows]

    return Labels(
        label=np.where(known & np.isfinite(label[rows]), np.nan_to_num(label[rows]), -1).astype(np.int64),
        kind=words("kind"),
        weight=np.where(known & np.isfinite(weight[rows]), weight[rows], 1.0),
        split=[word.strip().lower() for word in words("split")],
    )


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


def _told(values: Texts, yes: Flags) -> Floats:
    return np.where(values == "", np.nan, yes.astype(float))
