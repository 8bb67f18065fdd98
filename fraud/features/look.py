"""The time that may be looked at, and the positions in it: the window and two hours around it, not before the choice,
not after the moment of judging."""

from dataclasses import dataclass

import numpy as np

from fraud.features.inputs import Deals, Pings
from fraud.geometry import globe, ragged
from fraud.geometry.globe import Flags, Floats, Ints

BUFFER_S = 7200.0
CANCELLATION, WINDOW_END, PLUS_2H = "cancellation", "window_end", "plus_2h"
MOMENTS = (CANCELLATION, WINDOW_END, PLUS_2H)
UNTOLD_ACCURACY_M = 30.0
MOST = 1_500_000  # positions measured at once
BLIP_MS = 30.0  # nobody goes out and back as fast as this in three positions


@dataclass(frozen=True, slots=True)
class Look:
    """Per row: the deal and the time looked at. Per position, end to end: its row, time, metres to the deal's point,
    metres east and north of it, accuracy (floored at 10 m, 30 m when not told)."""

    deals: Deals
    as_of: Floats
    start: Floats
    end: Floats
    past_end: Floats
    row: Ints
    at: Floats
    metres: Floats
    east: Floats
    north: Floats
    accuracy_m: Floats
    told: Flags
    vectors: Floats
    seen_before: Flags
    skew_s: Floats

    @property
    def rows(self) -> int:
        return self.deals.count


def as_of(deals: Deals, moment: str) -> Floats:
    end = np.maximum(deals.cancelled_at, deals.window_end)
    return {CANCELLATION: deals.cancelled_at, WINDOW_END: end, PLUS_2H: end + BUFFER_S}[moment]


def span(deals: Deals, at: Floats) -> tuple[Floats, Floats]:
    """[start, end] that may be looked at, when judged at `at`."""
    start = np.fmax(deals.window_start - BUFFER_S, deals.chosen_at)
    return start, np.maximum(start, np.minimum(deals.window_end + BUFFER_S, at))


def look(pings: Pings, deals: Deals, at: Floats) -> Look:
    """`pings` already thinned. Positions of the past are not here: see `fraud.features.past`."""
    start, end = span(deals, at)
    first, last = positions_between(pings, deals.executor, start, end)
    row, place = ragged.spread(first, last)
    calm = ~_blips(row, pings.at[place], pings.vectors[place])
    row, place = row[calm], place[calm]
    centre, (east, north) = globe.unit(deals.lat, deals.lon), globe.plane(deals.lat, deals.lon)
    vectors = pings.vectors[place]
    offset = vectors - centre[row]
    told = np.isfinite(pings.accuracy_m[place])
    return Look(
        deals=deals,
        as_of=at,
        start=start,
        end=end,
        past_end=np.minimum(start, at),
        row=row,
        at=pings.at[place],
        metres=globe.arc(np.sqrt(np.sum(offset**2, axis=1))),
        east=np.sum(offset * east[row], axis=1) * globe.EARTH_M,
        north=np.sum(offset * north[row], axis=1) * globe.EARTH_M,
        accuracy_m=np.where(told, np.clip(pings.accuracy_m[place], 10.0, 5000.0), UNTOLD_ACCURACY_M),
        told=told,
        vectors=vectors,
        seen_before=pings.seen_before[place],
        skew_s=pings.skew_at(place),
    )


def _blips(row: Ints, at: Floats, vectors: Floats) -> Flags:
    """Lone wild positions: out and back again faster than anybody travels, to where the person was before. Receivers
    throw such positions near tall houses; they tell nothing, neither of a place nor of a forgery."""
    out = np.zeros(len(row), dtype=bool)
    if len(row) < 3:
        return out
    gone, took = globe.metres(vectors[1:], vectors[:-1]), np.maximum(at[1:] - at[:-1], 1.0)
    fast = (gone > BLIP_MS * took) & (row[1:] == row[:-1])
    out[1:-1] = fast[:-1] & fast[1:]
    middle = np.flatnonzero(out)
    across = globe.metres(vectors[middle + 1], vectors[middle - 1])
    out[middle] = across < np.minimum(gone[middle - 1], gone[middle]) / 2
    return out


def positions_between(pings: Pings, executor: Ints, start: Floats, end: Floats) -> tuple[Ints, Ints]:
    """Slices of `pings` with start ≤ at ≤ end, for one person a row; empty for an unknown person (−1)."""
    return _cut(pings, executor, start, "left"), _cut(pings, executor, end, "right")


def _cut(pings: Pings, executor: Ints, moment: Floats, side: str) -> Ints:
    """One search over all people: positions are sorted by person, then time, so (person, time) is one rising key."""
    known = np.clip(executor, 0, max(len(pings.bounds) - 2, 0))
    low, high = pings.bounds[known], pings.bounds[known + 1]
    high = np.where(executor < 0, low, high)
    while np.any(open_ := low < high):
        middle = (low + high) // 2
        value = pings.at[np.minimum(middle, max(pings.count - 1, 0))]
        after = (value < moment) if side == "left" else (value <= moment)
        low = np.where(open_ & after, middle + 1, low)
        high = np.where(open_ & ~after, middle, high)
    return low
