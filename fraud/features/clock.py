"""Whether the phone's clock can be trusted. Every batch tells the phone's time of sending; beside our time of receiving that
is its skew, by which the times of its positions were put right when they came."""

import numpy as np

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
