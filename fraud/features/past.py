"""How usual the place is for the person on other days: stays and seen days before the time looked at, never later ones.
The window's own day is left out; days are solar days of the deal's place, so that no time zone is needed."""

from dataclasses import dataclass

import numpy as np

from fraud.features.inputs import DAY_S, Deals, Pings
from fraud.geometry import globe, ragged
from fraud.geometry.globe import Flags, Floats, Ints
from fraud.stays.bulk import Stays

HERE_M, NEAR_M, FAR_M = 100.0, 150.0, 400.0
KEPT_S = 365 * DAY_S
MOST = 2_000_000  # pairs of a deal and a stay measured at once


@dataclass(frozen=True, slots=True)
class Days:
    """Days with positions, by person and solar day: `key` numbers the pairs (person, offset); per day its number, and
    where the person was first and last. `bounds[k]:bounds[k + 1]` are the days of key `k`, in order."""

    bounds: Ints
    day: Floats
    first: Floats
    last: Floats


@dataclass(frozen=True, slots=True)
class Past:
    stays: Stays
    days: Days
    key: Ints


def solar_offset(lon: Floats) -> Floats:
    """Seconds to add to UTC for the sun's time at the longitude, in whole hours."""
    return np.round(((lon + 180) % 360 - 180) / 15) * 3600


def past_of(pings: Pings, stays: Stays, deals: Deals) -> Past:
    """Seen days for each person and offset that the deals need."""
    offset = solar_offset(deals.lon)
    known = np.maximum(deals.executor, 0)
    pairs, key = np.unique(np.stack([known, offset.astype(np.int64)]), axis=1, return_inverse=True)
    person = pairs[0].astype(np.int64)
    if len(pings.bounds) < 2 or not pings.count:
        empty = np.zeros((0, 3))
        return Past(stays, Days(np.zeros(len(person) + 1, np.int64), np.zeros(0), empty, empty), key.ravel())
    row, place = ragged.spread(pings.bounds[person], pings.bounds[person + 1])
    day = np.floor((pings.at[place] + pairs[1][row]) / DAY_S)
    begins = np.flatnonzero(np.r_[True, (row[1:] != row[:-1]) | (day[1:] != day[:-1])])
    ends = np.r_[begins[1:], len(row)].astype(np.int64) - 1
    bounds = np.searchsorted(row[begins], np.arange(len(person) + 1)).astype(np.int64)
    days = Days(bounds, day[begins], pings.vectors[place[begins]], pings.vectors[place[ends]])
    return Past(stays, days, key.ravel())


def describe(past: Past, deals: Deals, past_end: Floats, centre: Floats) -> dict[str, Floats]:
    """`centre`: unit vectors of where the person was in the time looked at (the deal's point when near nothing)."""
    cut = _cut_day(deals, past_end)
    low, high = _days_before(past, cut)
    seen = (high - low).astype(float)
    parts: list[dict[str, Floats]] = []
    known = np.maximum(deals.executor, 0)
    counts = past.stays.bounds[np.minimum(known + 1, len(past.stays.bounds) - 1)] - past.stays.bounds[known]
    for rows in ragged.chunks(counts + (high - low), MOST):
        parts.append(
            _chunk(past, deals.part(rows), past_end[rows], centre[rows], cut[rows], seen[rows], low[rows], high[rows])
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def _cut_day(deals: Deals, past_end: Floats) -> Floats:
    """The first day that does not count: the window's, or that of the moment of judging when it is earlier."""
    offset = solar_offset(deals.lon)
    return np.asarray(np.floor((np.minimum(past_end, deals.window_start) + offset) / DAY_S))


def _days_before(past: Past, cut: Floats) -> tuple[Ints, Ints]:
    """The slice of seen days in the year before the cut."""
    return _day_place(past, cut - KEPT_S / DAY_S), _day_place(past, cut)


def _day_place(past: Past, day: Floats) -> Ints:
    low, high = past.days.bounds[past.key], past.days.bounds[past.key + 1]
    while np.any(open_ := low < high):
        middle = (low + high) // 2
        smaller = past.days.day[np.minimum(middle, max(len(past.days.day) - 1, 0))] < day
        low, high = np.where(open_ & smaller, middle + 1, low), np.where(open_ & ~smaller, middle, high)
    return low


def _chunk(
    past: Past, deals: Deals, past_end: Floats, centre: Floats, cut: Floats, seen: Floats, low: Ints, high: Ints
) -> dict[str, Floats]:
    pairs = _pairs(past.stays, deals, past_end, cut)
    point = globe.unit(deals.lat, deals.lon)
    to_centre = globe.metres(past.stays.vectors[pairs.stay], centre[pairs.row])
    to_point = globe.metres(past.stays.vectors[pairs.stay], point[pairs.row])
    found = _places(pairs, past.stays, to_centre, to_point, seen, deals, cut)
    row, place = ragged.spread(low, high)
    edge = np.minimum(
        globe.metres(past.days.first[place], centre[row]), globe.metres(past.days.last[place], centre[row])
    )
    found["past_edge_share"] = _share(ragged.sums(row, (edge <= NEAR_M).astype(float), len(seen)), seen)
    weekday = _weekday(deals)
    here = (to_centre <= HERE_M) & (pairs.day % 7 == weekday[pairs.row])
    such = ragged.sums(row, (past.days.day[place] % 7 == weekday[row]).astype(float), len(seen))
    found["past_weekday_share"] = _share(_days(pairs, here, len(seen)), such, 2.0)
    found["past_days"] = np.minimum(seen, 60.0)
    return found


@dataclass(frozen=True, slots=True)
class Pairs:
    """A deal with each past stay of its executor. `day`: the stay's solar day."""

    row: Ints
    stay: Ints
    day: Floats


def _pairs(stays: Stays, deals: Deals, past_end: Floats, cut: Floats) -> Pairs:
    known = np.maximum(deals.executor, 0)
    known = np.minimum(known, max(len(stays.bounds) - 2, 0))
    first, last = stays.bounds[known], stays.bounds[known + 1]
    row, stay = ragged.spread(first, np.where(deals.executor < 0, first, last))
    day = np.floor((stays.start[stay] + solar_offset(deals.lon)[row]) / DAY_S)
    old = (stays.closed_at[stay] <= past_end[row]) & (day < cut[row]) & (stays.end[stay] >= past_end[row] - KEPT_S)
    return Pairs(row[old], stay[old], day[old])


def _places(
    pairs: Pairs, stays: Stays, to_centre: Floats, to_point: Floats, seen: Floats, deals: Deals, cut: Floats
) -> dict[str, Floats]:
    rows = len(seen)
    minutes = (stays.end[pairs.stay] - stays.start[pairs.stay]) / 60
    here, near, far = to_centre <= HERE_M, to_point <= NEAR_M, to_point <= FAR_M
    at_centre = ragged.sums(pairs.row, minutes * here, rows)
    hours, fixes = ragged.sums(pairs.row, minutes / 60, rows), ragged.sums(pairs.row, stays.fixes[pairs.stay], rows)
    lately = ragged.largest(pairs.row[here], pairs.day[here], rows)
    regular = _regular(pairs, stays)
    to_regular = ragged.smallest(pairs.row[regular], to_centre[regular], rows)
    return {
        "past_here_days": np.minimum(_days(pairs, here, rows), 30.0),
        "past_here_share": _share(_days(pairs, here, rows), seen),
        "past_near_share": _share(_days(pairs, near, rows), seen),
        "past_far_share": _share(_days(pairs, far, rows), seen),
        "past_here_min_per_day": at_centre / (seen + 1),
        "past_hours_share": _share(_days(pairs, here & _same_hours(pairs, stays, deals), rows), seen),
        "past_ago_days": np.where(np.isnan(lately), 400.0, cut - lately),
        "regular_m": np.minimum(np.where(np.isnan(to_regular), 20_000.0, to_regular), 20_000.0),
        "past_fixes_per_h": np.where(hours > 0, np.minimum(fixes / np.maximum(hours, 1e-9), 240.0), np.nan),
        "past_stays_per_day": ragged.counts(pairs.row, rows) / (seen + 1),
    }


def _days(pairs: Pairs, wanted: Flags, rows: int) -> Floats:
    """On how many different days."""
    row, day = pairs.row[wanted], pairs.day[wanted]
    order = np.lexsort((day, row))
    row, day = row[order], day[order]
    new = np.r_[True, (row[1:] != row[:-1]) | (day[1:] != day[:-1])] if len(row) else np.zeros(0, dtype=bool)
    return ragged.counts(row[new], rows)


def _share(days: Floats, seen: Floats, doubt: float = 7.0) -> Floats:
    """Of the seen days, drawn a little towards a tenth of a day in `doubt` days: few days prove little."""
    return np.asarray((days + 0.1) / (seen + doubt))


def _weekday(deals: Deals) -> Floats:
    """Of the window, by the sun: what recurs once a week is usual too."""
    return np.asarray(np.floor((deals.window_start + solar_offset(deals.lon)) / DAY_S) % 7)


def _same_hours(pairs: Pairs, stays: Stays, deals: Deals) -> Flags:
    """The stay touches the window's hours of the day."""
    window = deals.window_start[pairs.row]
    shift = np.round((window - stays.start[pairs.stay]) / DAY_S) * DAY_S
    start, end = stays.start[pairs.stay] + shift, stays.end[pairs.stay] + shift
    touches = (start < deals.window_end[pairs.row]) & (end > window)
    later = (start + DAY_S < deals.window_end[pairs.row]) & (end + DAY_S > window)
    earlier = (start - DAY_S < deals.window_end[pairs.row]) & (end - DAY_S > window)
    return np.asarray(touches | later | earlier)


def _regular(pairs: Pairs, stays: Stays) -> Flags:
    """Stays at a place (a square of about 250 m) where the person was on at least three days."""
    cell = np.round(stays.vectors[pairs.stay] * (globe.EARTH_M / 250)).astype(np.int64)
    mixed = pairs.row.astype(np.int64)
    for axis in range(3):
        mixed = (mixed * np.int64(1_000_003)) ^ cell[:, axis]
    order = np.lexsort((pairs.day, mixed))
    new_cell = np.r_[True, mixed[order][1:] != mixed[order][:-1]] if len(order) else np.zeros(0, dtype=bool)
    new_day = new_cell | np.r_[True, pairs.day[order][1:] != pairs.day[order][:-1]] if len(order) else new_cell
    number = np.cumsum(new_cell) - 1
    days = np.bincount(number, weights=new_day) if len(order) else np.zeros(0)
    out = np.zeros(len(order), dtype=bool)
    out[order] = days[number] >= 3
    return out
