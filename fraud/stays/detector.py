"""The stay detector: a position belongs to the open stay while it lies within a radius of the stay's running centre and
the silence before it is short. One pass, in order of time, so that what is known at a moment depends on nothing later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan2, degrees, hypot, inf, nan

import numpy as np

from fraud.geometry.globe import Floats
from tasks_app.geometry import EARTH_M

UNTOLD_ACCURACY_M = 30.0
DETECTOR = 3  # one more with every change of what comes out: kept stays are then made anew


@dataclass(frozen=True, slots=True)
class StayRules:
    """Metres and seconds. `max_gap_s`: a longer silence ends the stay. Four hours: phones lose the sky indoors, and who
    is seen at one place before and after a silence most likely did not leave it. `alone_s`: who was seen shorter than
    `min_s`, and then for so long not at all, was there as well: of a position in twenty minutes, or of an entry in a list
    of places, nothing else would ever be kept."""

    radius_m: float = 120.0
    min_s: float = 300.0
    max_gap_s: float = 14_400.0
    alone_s: float = 600.0


@dataclass(slots=True)
class OpenStay:
    """One person's open stay: all that must be remembered between two batches of positions. Plain numbers, so that it
    can be stored as a row. `x`, `y`, `z`, `squares`: weighted sums of unit vectors and of squared distances."""

    fixes: int = 0
    start: float = nan
    end: float = -inf
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    weight: float = 0.0
    accuracies: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True, slots=True)
class Stay:
    """`start`, `end`: first and last position of the stay; `closed_at`: when it was known to be over, by a position
    elsewhere or by silence (all Unix seconds). `spread_m`: root mean square distance to the centre."""

    start: float
    end: float
    closed_at: float
    lat: float
    lon: float
    spread_m: float
    fixes: int
    accuracy_m: float


@dataclass(slots=True)
class Advance:
    """`late`: how many positions were older than the newest known one and were left out; recompute the day from rows."""

    open: OpenStay
    stays: list[Stay] = field(default_factory=list)
    late: int = 0


def advance(
    state: OpenStay | None,
    *,
    at: Sequence[float],
    vectors: Floats,
    accuracy_m: Sequence[float],
    rules: StayRules = StayRules(),
) -> Advance:
    """Feed one person's positions, oldest first, and get the stays that ended. The given state is not changed."""
    known = state or OpenStay()
    n, start, end = known.fixes, known.start, known.end
    sx, sy, sz, sw, si, sq = known.x, known.y, known.z, known.weight, known.accuracies, known.squares
    reach, gap, done = rules.radius_m / EARTH_M, rules.max_gap_s, Advance(known)
    limit = reach**2
    columns = (at, vectors[:, 0].tolist(), vectors[:, 1].tolist(), vectors[:, 2].tolist(), accuracy_m)
    for t, x, y, z, accuracy in zip(*columns, strict=True):
        if t < end:
            done.late += 1
            continue
        w = 1.0 / (accuracy * accuracy + 25.0)
        if n:
            square = (x - sx / sw) ** 2 + (y - sy / sw) ** 2 + (z - sz / sw) ** 2
            if square <= limit and t - end <= gap:
                n += 1
                end = t
                sx, sy, sz, sw = sx + w * x, sy + w * y, sz + w * z, sw + w
                si, sq = si + accuracy, sq + square
                continue
            if t - end <= gap and (square**0.5 - 2 * accuracy / EARTH_M) <= reach:
                continue  # too inexact to say that somebody left
            if end - start >= rules.min_s or t - end >= rules.alone_s:
                done.stays.append(_stay(OpenStay(n, start, end, sx, sy, sz, sw, si, sq), min(t, end + gap)))
        n, start, end = 1, t, t
        sx, sy, sz, sw, si, sq = w * x, w * y, w * z, w, accuracy, 0.0
    done.open = OpenStay(n, start, end, sx, sy, sz, sw, si, sq)
    return done


def open_stay(state: OpenStay, rules: StayRules = StayRules()) -> Stay | None:
    """The stay that still goes on, as it is known now; None while it is too short. It counts as closed by silence."""
    if not state.fixes or state.end - state.start < rules.min_s:
        return None
    return _stay(state, state.end + rules.max_gap_s)


def told_accuracy(accuracy_m: Floats) -> Floats:
    """Reported accuracy with the floor of 5 m; what was not told counts as 30 m."""
    return np.where(np.isfinite(accuracy_m), np.clip(accuracy_m, 5.0, 5000.0), UNTOLD_ACCURACY_M)


def _stay(state: OpenStay, closed_at: float) -> Stay:
    lat, lon = degrees(atan2(state.z, hypot(state.x, state.y))), degrees(atan2(state.y, state.x))
    spread = EARTH_M * (state.squares / state.fixes) ** 0.5
    return Stay(
        start=state.start,
        end=state.end,
        closed_at=closed_at,
        lat=lat,
        lon=lon,
        spread_m=float(spread),
        fixes=state.fixes,
        accuracy_m=state.accuracies / state.fixes,
    )
