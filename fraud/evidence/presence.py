"""How long somebody was near a point, from sparse positions with an error. The same figures come out of
`fraud.evidence.recompute` in SQL; a test compares the two."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from fraud.evidence.situation import Fix
from tasks_app.geometry import distance_m, offset_m

RADII_M = (60, 100, 150, 250)
NEAR_M = 150
MAX_GAP = timedelta(minutes=20)  # a longer silence says nothing about where somebody was
UNTOLD_ACCURACY_M = 50.0


@dataclass(frozen=True, slots=True)
class Stay:
    """Positions near the point with no clear absence and no long silence between them. `low`: from the first to the
    last; `high`: with the silence before and after, at most MAX_GAP each. `metres`: from the point to their centre."""

    start: datetime
    end: datetime
    low: timedelta
    high: timedelta
    metres: float
    fixes: int
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Gap:
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Presence:
    """`dwell`: minutes near, by radius in metres, weighted by how likely each position lies within it; `after`/`before`:
    the same within NEAR_M after and before the cancellation; `seen`: minutes covered by positions, near or not."""

    fixes: int
    dwell: dict[int, float]
    after: float
    before: float
    seen: float
    seen_after: float
    stays: tuple[Stay, ...]

    @property
    def main_stay(self) -> Stay | None:
        return max(self.stays, key=lambda stay: stay.low, default=None)


def accuracy_of(fix: Fix) -> float:
    return max(10.0, UNTOLD_ACCURACY_M if fix.accuracy_m is None else fix.accuracy_m)


def nearness(metres: float, accuracy_m: float, radius_m: float) -> float:
    """How likely the true place lies within `radius_m`, 0–1.

    The reported accuracy is taken as the radius that holds half of true places (it is optimistic indoors): at the very
    point the chance is 1 − 2^−(R/a)²; it falls off as a logistic around the radius, with the scale a/1.7.
    """
    at_centre = 1 - 2 ** -((radius_m / accuracy_m) ** 2)
    away = min(60.0, (metres - radius_m) / (accuracy_m / 1.7))
    return float(at_centre / (1 + math.exp(away)))


def presence(fixes: Sequence[Fix], *, lon: float, lat: float, cancelled_at: datetime) -> Presence:
    """`fixes`: oldest first, already cut to the time that may be looked at."""
    far = [distance_m(fix.lon, fix.lat, lon, lat) for fix in fixes]
    weights = {r: [nearness(d, accuracy_of(f), r) for f, d in zip(fixes, far, strict=True)] for r in RADII_M}
    dwell = dict.fromkeys(RADII_M, 0.0)
    after = before = seen = seen_after = 0.0
    for i in range(len(fixes) - 1):
        start, end = fixes[i].at, fixes[i + 1].at
        if end - start > MAX_GAP:
            continue
        minutes = _minutes(end - start)
        late = _minutes(end - max(start, cancelled_at)) if end > cancelled_at else 0.0
        for radius in RADII_M:
            dwell[radius] += minutes * (weights[radius][i] + weights[radius][i + 1]) / 2
        near = (weights[NEAR_M][i] + weights[NEAR_M][i + 1]) / 2
        after, before = after + late * near, before + (minutes - late) * near
        seen, seen_after = seen + minutes, seen_after + late
    stays = _stays(fixes, far, weights[NEAR_M], lon, lat)
    return Presence(len(fixes), dwell, after, before, seen, seen_after, tuple(stays))


def gaps(fixes: Sequence[Fix], *, start: datetime, end: datetime) -> list[Gap]:
    """Silences longer than MAX_GAP inside [start, end]."""
    edges = [start, *(fix.at for fix in fixes if start < fix.at < end), end]
    return [Gap(a, b) for a, b in pairwise(edges) if b - a > MAX_GAP]


def _stays(fixes: Sequence[Fix], far: list[float], weights: list[float], lon: float, lat: float) -> list[Stay]:
    """Runs of near positions; those that could be near or not are left out, neither joining nor parting."""
    clear = [
        (fix, weight >= 0.5)
        for fix, metres, weight in zip(fixes, far, weights, strict=True)
        if weight >= 0.5 or metres - 2 * accuracy_of(fix) > NEAR_M
    ]
    runs: list[tuple[int, int]] = []
    for i, (fix, near) in enumerate(clear):
        if not near:
            continue
        if runs and runs[-1][1] == i - 1 and fix.at - clear[i - 1][0].at <= MAX_GAP:
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    track = [fix for fix, _near in clear]
    return [_stay(track, first, last, lon, lat) for first, last in runs if last > first]


def _stay(track: list[Fix], first: int, last: int, lon: float, lat: float) -> Stay:
    part = track[first : last + 1]
    low = part[-1].at - part[0].at
    lead = min(MAX_GAP, part[0].at - track[first - 1].at) if first else MAX_GAP
    tail = min(MAX_GAP, track[last + 1].at - part[-1].at) if last + 1 < len(track) else MAX_GAP
    shares = [1 / accuracy_of(fix) ** 2 for fix in part]
    offsets = [offset_m(fix.lon, fix.lat, lon, lat) for fix in part]
    east = sum(share * x for share, (x, _y) in zip(shares, offsets, strict=True)) / sum(shares)
    north = sum(share * y for share, (_x, y) in zip(shares, offsets, strict=True)) / sum(shares)
    accuracy = median(accuracy_of(fix) for fix in part)
    return Stay(part[0].at, part[-1].at, low, low + lead + tail, math.hypot(east, north), len(part), accuracy)


def _minutes(period: timedelta) -> float:
    return period / timedelta(minutes=1)
