"""Stays of many people at once, as columns."""

from dataclasses import dataclass

import numpy as np

from fraud.features.inputs import Pings
from fraud.geometry.globe import Floats, Ints, unit
from fraud.stays.detector import Stay, StayRules, advance, open_stay, told_accuracy


@dataclass(frozen=True, slots=True)
class Stays:
    """Columns of stays, sorted by person and start; `bounds[e]:bounds[e + 1]` are those of person number `e`."""

    bounds: Ints
    start: Floats
    end: Floats
    closed_at: Floats
    vectors: Floats
    spread_m: Floats
    fixes: Floats

    @property
    def count(self) -> int:
        return len(self.start)


def find_stays(pings: Pings, rules: StayRules = StayRules()) -> Stays:  # noqa: B008 (frozen)
    """All stays of all people; the one still open at the end counts too."""
    found: list[Stay] = []
    bounds = [0]
    accuracy = told_accuracy(pings.accuracy_m)
    for first, last in zip(pings.bounds[:-1].tolist(), pings.bounds[1:].tolist(), strict=True):
        part = slice(first, last)
        done = advance(
            None,
            at=pings.at[part].tolist(),
            vectors=pings.vectors[part],
            accuracy_m=accuracy[part].tolist(),
            rules=rules,
        )
        found += done.stays
        if (last_stay := open_stay(done.open, rules)) is not None:
            found.append(last_stay)
        bounds.append(len(found))
    return columns_of(found, np.array(bounds))


def columns_of(stays: list[Stay], bounds: Ints) -> Stays:
    rows = np.array([(s.start, s.end, s.closed_at, s.lat, s.lon, s.spread_m, s.fixes) for s in stays]).reshape(-1, 7)
    vectors = unit(rows[:, 3], rows[:, 4])
    return Stays(bounds.astype(np.int64), rows[:, 0], rows[:, 1], rows[:, 2], vectors, rows[:, 5], rows[:, 6])
