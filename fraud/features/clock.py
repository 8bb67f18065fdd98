"""Whether the phone's clock can be trusted. Every batch tells the phone's time of sending; beside our time of receiving that
is its skew, by which the times of its positions were put right when they came."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from fraud.features.inputs import slot_firsts
from fraud.geometry import ragged
from fraud.geometry.globe import Floats, Ints


def describe(row: Ints, skew_s: Floats, rows: int) -> dict[str, Floats]:
    """Per row of sorted `row`: `clock_off_min`, by how much the clock was off (the median, minutes); `clock_turned_min`, how
    far it was turned between reports. NaN where no batch told its time."""
    told = np.isfinite(skew_s)
    row, minutes = row[told], skew_s[told] / 60
    return {
        "clock_off_min": np.abs(ragged.medians(row, minutes, rows)),
        "clock_turned_min": ragged.largest(row, minutes, rows) - ragged.smallest(row, minutes, rows),
    }


class Position(Protocol):
    """Unix seconds; see `fraud.features.inputs.Pings`."""

    @property
    def at(self) -> float: ...
    @property
    def skew_s(self) -> float | None: ...


def of_one(track: Sequence[Position]) -> dict[str, float]:
    """The same of one track, oldest first."""
    kept = slot_firsts(np.array([row.at for row in track], dtype=float))
    skew = np.array([row.skew_s for row in track], dtype=float)[kept]
    told = describe(np.zeros(len(skew), dtype=np.int64), skew, 1)
    return {name: float(values[0]) for name, values in told.items()}
