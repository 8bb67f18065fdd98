"""What was seen at all, and what speaks against the positions themselves."""

import numpy as np

from fraud.features.dwell import Steps, nearness
from fraud.features.episodes import TRAVEL_MS
from fraud.features.look import Look
from fraud.geometry import globe, ragged
from fraud.geometry.globe import Floats

GAP_S = 900.0
LEAP_MS = 70.0
MOST_S = 5 * 3600.0


def coverage(look: Look, steps: Steps) -> dict[str, Floats]:
    """`seen_share`: how much of the window, as far as it may be looked at, is covered; `gap_possible_min`: the most that somebody
    could have spent at the point inside one silence, the way there and back taken off; `gap_from_m`: how near to the
    point that silence began or ended."""
    deals, rows = look.deals, look.rows
    begin = np.maximum(deals.window_start, look.start)
    stop = np.maximum(np.minimum(look.end, deals.window_end), begin)
    inside = np.clip(np.minimum(steps.end, stop[steps.row]) - np.maximum(steps.start, begin[steps.row]), 0, None)
    seen = ragged.sums(steps.row, np.where(steps.silent, 0, inside), rows)
    whole = np.clip(np.minimum(steps.end, look.end[steps.row]) - steps.start, 0, None)
    told = ragged.sums(look.row, look.told.astype(float), rows)
    fixes = ragged.counts(look.row, rows)
    return {
        "fixes": np.minimum(fixes, 500.0),
        "cadence_min": ragged.medians(steps.row, (steps.end - steps.start) / 60, rows),
        "seen_share": np.where(stop > begin, seen / np.maximum(stop - begin, 1.0), np.nan),
        "seen_min": ragged.sums(steps.row, np.where(steps.silent, 0, whole), rows) / 60,
        "accuracy_m": ragged.medians(look.row, look.accuracy_m, rows),
        "told_share": np.where(fixes > 0, told / np.maximum(fixes, 1), np.nan),
        **_silence(look, steps),
        **_open_silence(look),
    }


def _silence(look: Look, steps: Steps) -> dict[str, Floats]:
    deals, rows = look.deals, look.rows
    length = steps.end - steps.start
    long = length > GAP_S
    row = steps.row[long]
    from_, to = look.metres[steps.first[long]], look.metres[steps.first[long] + 1]
    late = (steps.end[long] > deals.window_start[row] - 1800) & (steps.start[long] < deals.window_end[row] + 3600)
    possible = np.where(late, np.clip(length[long] - (from_ + to) / TRAVEL_MS, 0, None) / 60, 0.0)
    ends = np.minimum(np.maximum(from_, to), 20_000.0)
    best = ragged.first_largest(row, possible / (1 + ends / 500), rows)
    met = best >= 0
    at = np.maximum(best, 0)
    first, last = steps.first[long], steps.first[long] + 1
    likely = np.maximum(nearness(from_, look.accuracy_m[first], 150.0), nearness(to, look.accuracy_m[last], 150.0))
    around = np.clip(from_ + to - globe.metres(look.vectors[first], look.vectors[last]), 0, 20_000.0)
    return {
        "silent_there_min": ragged.largest(row, np.minimum(possible, 300.0) * likely, rows, empty=0.0),
        "gap_near_m": np.where(met, _taken(np.minimum(np.minimum(from_, to), 20_000.0), at), np.nan),
        "gap_detour_m": np.where(met, _taken(around, at), np.nan),
        "gap_min": ragged.largest(row, length[long] / 60, rows, empty=0.0),
        "gap_possible_min": np.where(met, _taken(possible, at), 0.0),
        "gap_from_m": np.where(met, _taken(ends, at), np.nan),
    }


def _open_silence(look: Look) -> dict[str, Floats]:
    """Minutes between the last position and the end of the time looked at, when that position is likely at the point; and
    before the first one alike. Who was last seen at the door may have stayed; nobody can say for how long."""
    nothing = np.zeros(look.rows)
    if not len(look.row):
        return {"silent_before_min": nothing, "silent_after_min": nothing}
    deals, likely = look.deals, nearness(look.metres, look.accuracy_m, 150.0)
    first = np.searchsorted(look.row, np.arange(look.rows), "left")
    last = np.searchsorted(look.row, np.arange(look.rows), "right") - 1
    seen = last >= first
    first, last = np.minimum(first, len(look.row) - 1), np.maximum(last, 0)
    came = np.where(look.at[first] > deals.window_start - 1800, look.at[first] - look.start, 0.0)
    left = np.where(look.at[last] < deals.window_end + 3600, look.end - look.at[last], 0.0)
    return {
        "silent_before_min": np.where(seen, np.clip(came, 0, MOST_S) / 60 * likely[first], 0.0),
        "silent_after_min": np.where(seen, np.clip(left, 0, MOST_S) / 60 * likely[last], 0.0),
    }


def _taken(values: Floats, at: globe.Ints) -> Floats:
    return values[at] if len(values) else np.full(len(at), np.nan)


def integrity(look: Look, steps: Steps) -> dict[str, Floats]:
    """Leaps faster than an aircraft lands; the same coordinates over and over; an accuracy that never changes; a track
    that was already reported on another day. NaN where there are too few positions to say."""
    rows = look.rows
    a, b = steps.first, steps.first + 1
    gone = globe.metres(look.vectors[a], look.vectors[b]) if len(a) else np.zeros(0)
    sure = gone - 2 * (look.accuracy_m[a] + look.accuracy_m[b])
    leap = (sure > LEAP_MS * np.maximum(steps.end - steps.start, 1.0)) & (sure > 1000)
    moving = gone > 30
    same = (gone < 0.05) & (steps.end - steps.start > 5)
    count, moves = ragged.counts(steps.row, rows), ragged.sums(steps.row, moving.astype(float), rows)
    replayed = ragged.sums(look.row, look.seen_before.astype(float), rows)
    equal = look.told[a] & look.told[b] & (look.accuracy_m[a] == look.accuracy_m[b])
    few = count < 5
    return {
        "leaps": np.minimum(ragged.sums(steps.row, leap.astype(float), rows), 10.0),
        "frozen_share": np.where(few, np.nan, ragged.sums(steps.row, same.astype(float), rows) / np.maximum(count, 1)),
        "equal_accuracy_share": np.where(
            few, np.nan, ragged.sums(steps.row, equal.astype(float), rows) / np.maximum(count, 1)
        ),
        "replay_share": np.where(moves < 3, 0.0, replayed / np.maximum(moves, 1)),
    }
