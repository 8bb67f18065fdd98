"""The longest time near the point: how long, how close, whether somebody came for it from elsewhere and left again."""

from dataclasses import dataclass

import numpy as np

from fraud.features.dwell import SILENCE_S
from fraud.features.look import Look
from fraud.geometry import ragged
from fraud.geometry.globe import EARTH_M, Flags, Floats, Ints, plane, unit

NEAR_M, WIDE_M = 150.0, 400.0
BLIP_S = 360.0
TRAVEL_MS = 8.0  # a fast straight way through a city
LONG_AFTER_MIN = 60.0  # who leaves later than that after a cancellation was not sent away by it; more says nothing more
BRIDGE_S = 3 * 3600.0  # a silence that begins and ends at the place may be walls


@dataclass(frozen=True, slots=True)
class Episodes:
    """One a row: its first and last position (−1: there is none), and the weighted centre, metres from the point."""

    first: Ints
    last: Ints
    fixes: Floats
    east: Floats
    north: Floats
    spread_m: Floats
    accuracy_m: Floats
    start: Floats
    end: Floats

    @property
    def found(self) -> Flags:
        return self.first >= 0

    @property
    def metres(self) -> Floats:
        return np.hypot(self.east, self.north)

    def centres(self, look: Look) -> Floats:
        """Unit vectors of the centres; the deal's point where there is no episode."""
        here = unit(look.deals.lat, look.deals.lon)
        east, north = plane(look.deals.lat, look.deals.lon)
        shift = east * np.nan_to_num(self.east)[:, None] + north * np.nan_to_num(self.north)[:, None]
        moved = here + shift / EARTH_M
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True))


def episodes(look: Look, radius_m: float, silence_s: float = SILENCE_S) -> Episodes:
    """Per row the longest run of positions within the radius, with at most `silence_s` of silence inside; a lone position
    elsewhere between two near ones, or one too inexact to tell, does not part a run."""
    rows = look.rows
    kept, run = _runs(look, radius_m, silence_s)
    row, at = look.row[kept], look.at[kept]
    starts = np.flatnonzero(np.r_[True, run[1:] != run[:-1]]) if len(run) else np.zeros(0, dtype=np.int64)
    ends = np.r_[starts[1:], len(run)].astype(np.int64) - 1
    if not len(starts):
        return _none(rows)
    length = at[ends] - at[starts] + 1e-3 * (ends - starts)
    best = ragged.first_largest(row[starts], length, rows)
    met = best >= 0
    chosen = np.full(len(starts), -1)
    chosen[best[met]] = np.flatnonzero(met)
    owner = np.repeat(chosen, ends - starts + 1)
    mine = owner >= 0
    return _measured(look, owner[mine], kept[mine], _placed(kept, starts, best), _placed(kept, ends, best), rows)


def _runs(look: Look, radius_m: float, silence_s: float) -> tuple[Ints, Ints]:
    """Positions inside the radius (indices into the look) and the number of the run that each belongs to."""
    slack = np.minimum(look.accuracy_m, 100.0) / 2
    inside = look.metres <= radius_m + slack
    unsure = ~inside & (look.metres - 2 * look.accuracy_m <= radius_m)
    if len(inside) > 2:
        same = (look.row[2:] == look.row[:-2]) & (look.at[2:] - look.at[:-2] <= BLIP_S)
        unsure[1:-1] |= ~inside[1:-1] & inside[2:] & inside[:-2] & same
    clear = np.flatnonzero(~unsure)
    if not len(clear):
        return clear, clear
    joined = np.zeros(len(clear), dtype=bool)
    joined[1:] = look.at[clear][1:] - look.at[clear][:-1] <= silence_s
    run = ragged.runs(look.row[clear], inside[clear], joined)
    return clear[run >= 0], run[run >= 0]


def _placed(kept: Ints, edges: Ints, best: Ints) -> Ints:
    return np.where(best >= 0, kept[edges[np.maximum(best, 0)]], -1)


def _measured(look: Look, owner: Ints, place: Ints, first: Ints, last: Ints, rows: int) -> Episodes:
    weight = 1 / look.accuracy_m[place] ** 2
    total = ragged.sums(owner, weight, rows)
    safe = np.where(total > 0, total, 1)
    east = ragged.sums(owner, weight * look.east[place], rows) / safe
    north = ragged.sums(owner, weight * look.north[place], rows) / safe
    away = (look.east[place] - east[owner]) ** 2 + (look.north[place] - north[owner]) ** 2
    spread = np.sqrt(ragged.sums(owner, weight * away, rows) / safe)
    order = np.argsort(owner, kind="stable")
    accuracy = ragged.medians(owner[order], look.accuracy_m[place][order], rows)
    met = first >= 0

    def only(values: Floats) -> Floats:
        return np.where(met, values, np.nan)

    return Episodes(
        first=first,
        last=last,
        fixes=ragged.counts(owner, rows),
        east=only(east),
        north=only(north),
        spread_m=only(spread),
        accuracy_m=accuracy,
        start=only(look.at[np.maximum(first, 0)]),
        end=only(look.at[np.maximum(last, 0)]),
    )


def _none(rows: int) -> Episodes:
    nothing, unknown = np.full(rows, -1), np.full(rows, np.nan)
    return Episodes(nothing, nothing, np.zeros(rows), unknown, unknown, unknown, unknown, unknown, unknown)


def describe(look: Look, near: Episodes, wide: Episodes, bridged: Episodes) -> dict[str, Floats]:
    """Minutes unless the name ends in _m (metres) or _share, _ratio (no unit). NaN where there is no episode."""
    deals = look.deals
    low = np.where(near.found, (near.end - near.start) / 60, 0.0)
    late = np.where(near.found, np.clip(near.end - np.fmax(near.start, deals.cancelled_at), 0, None) / 60, 0.0)
    came, left = _journeys(look, near)
    before, after = _free_around(look, near)
    usual = np.maximum(deals.expected_min, 5.0)
    wide_low = np.where(wide.found, (wide.end - wide.start) / 60, 0.0)
    return {
        "stay_min": low,
        "stay_after_min": late,
        "stay_ratio": low / usual,
        "stay_upper_min": low + before + after,
        "stay_mid_ratio": (low + (before + after) / 2) / usual,
        "stay_silence_min": _silence_around(look, near),
        "stay_m": near.metres,
        "stay_fixes": near.fixes,
        "stay_begin": near.start,
        "stay_finish": near.end,
        "stay_spread_m": near.spread_m,
        "stay_accuracy_m": near.accuracy_m,
        "stay_end_min": np.minimum((near.end - deals.cancelled_at) / 60, LONG_AFTER_MIN),
        "came_from_m": came,
        "left_to_m": left,
        "bridged_min": np.where(bridged.found, (bridged.end - bridged.start) / 60, 0.0),
        "wide_min": wide_low,
        "wide_after_min": np.where(
            wide.found, np.clip(wide.end - np.fmax(wide.start, deals.cancelled_at), 0, None) / 60, 0.0
        ),
        "wide_m": wide.metres,
        "wide_spread_m": wide.spread_m,
    }


def _silence_around(look: Look, near: Episodes) -> Floats:
    """Silence before and after the stay, each at most 30 min: it may have lasted that much longer."""
    if not len(look.row):
        return np.zeros(look.rows)
    met, first, last = near.found, np.maximum(near.first, 0), np.maximum(near.last, 0)
    before = np.maximum(first - 1, 0)
    after = np.minimum(last + 1, len(look.row) - 1)
    mine = np.arange(look.rows)
    lead = np.where(
        (look.row[before] == mine) & (before < first), look.at[first] - look.at[before], look.at[first] - look.start
    )
    tail = np.where(
        (look.row[after] == mine) & (after > last), look.at[after] - look.at[last], look.end - look.at[last]
    )
    return np.where(met, (np.clip(lead, 0, SILENCE_S) + np.clip(tail, 0, SILENCE_S)) / 60, 0.0)


def _free_around(look: Look, near: Episodes) -> tuple[Floats, Floats]:
    """Minutes before and after the stay that may have been spent there as well: the silence up to the positions next to
    it, less the way from there; at most 30 min where nothing is seen on that side."""
    if not len(look.row):
        return np.zeros(look.rows), np.zeros(look.rows)
    met, mine = near.found, np.arange(look.rows)
    found = []
    for edge, beside, limit in (
        (np.maximum(near.first, 0), near.first - 1, look.start),
        (np.maximum(near.last, 0), near.last + 1, look.end),
    ):
        other = np.clip(beside, 0, len(look.row) - 1)
        seen = (look.row[other] == mine) & (beside == other)
        silence = np.abs(look.at[edge] - np.where(seen, look.at[other], limit))
        way = np.where(seen, np.clip(look.metres[other] - NEAR_M, 0, None) / TRAVEL_MS, 0.0)
        most = np.where(seen, BRIDGE_S, SILENCE_S)
        found.append(np.where(met, np.clip(silence - way, 0, most) / 60, 0.0))
    return found[0], found[1]


def _journeys(look: Look, near: Episodes) -> tuple[Floats, Floats]:
    """How far from the stay's centre somebody was before it and after it, within the time looked at (≤ 20 km)."""
    first, last = near.first[look.row], near.last[look.row]
    away = np.hypot(look.east - np.nan_to_num(near.east)[look.row], look.north - np.nan_to_num(near.north)[look.row])
    place, away = np.arange(len(look.row)), np.minimum(away, 20_000.0)
    before, after = (first >= 0) & (place < first), (first >= 0) & (place > last)
    return (
        ragged.largest(look.row[before], away[before], look.rows),
        ragged.largest(look.row[after], away[after], look.rows),
    )
