"""The measures by name: their order, the way each may move the score, the reason each belongs to; and how a table of
them is made. The only place where features are computed, live and in bulk."""

from dataclasses import dataclass

import numpy as np

from fraud.features import clock, context, coverage, dwell, episodes, past
from fraud.features.inputs import Deals, Pings, thinned
from fraud.features.look import MOST, as_of, look, positions_between, span
from fraud.geometry import ragged
from fraud.geometry.globe import Floats
from fraud.stays.bulk import Stays, find_stays

PRESENCE, CLOSENESS, TIMING, USUAL, SILENCE, INTEGRITY, CONTEXT = (
    "presence", "closeness", "timing", "usual_place", "silence", "integrity", "context",
)  # fmt: skip

# name: (way it may move the score, reason)
GEOGRAPHY: dict[str, tuple[int, str]] = {
    "dwell_60": (1, PRESENCE), "dwell_100": (1, PRESENCE), "dwell_150": (1, PRESENCE), "dwell_250": (1, PRESENCE),
    "dwell_400": (1, PRESENCE), "window_150": (1, PRESENCE), "dwell_ratio": (1, PRESENCE),
    "after_100": (1, PRESENCE), "after_150": (1, PRESENCE), "after_250": (1, PRESENCE), "after_400": (1, PRESENCE),
    "after_ratio": (1, PRESENCE), "before_150": (0, PRESENCE), "stay_min": (1, PRESENCE),
    "stay_after_min": (1, PRESENCE), "stay_ratio": (0, PRESENCE), "stay_silence_min": (0, PRESENCE), "bridged_min": (1, PRESENCE),
    "stay_upper_min": (0, PRESENCE), "stay_mid_ratio": (0, PRESENCE), "near_fixes": (1, PRESENCE),
    "near_share": (1, PRESENCE),
    "wide_min": (0, PRESENCE), "wide_after_min": (1, PRESENCE),
    "closest_m": (-1, CLOSENESS), "stay_m": (-1, CLOSENESS), "stay_spread_m": (0, CLOSENESS),
    "stay_accuracy_m": (0, CLOSENESS), "wide_m": (-1, CLOSENESS), "wide_spread_m": (0, CLOSENESS),
    "closest_speed": (-1, CLOSENESS),
    "stay_end_min": (1, TIMING),
    "came_from_m": (1, TIMING), "left_to_m": (1, TIMING), "expected_min": (0, TIMING), "window_min": (0, TIMING),
    "past_days": (0, USUAL), "past_here_days": (-1, USUAL), "past_here_share": (-1, USUAL),
    "past_near_share": (-1, USUAL), "past_far_share": (-1, USUAL), "past_here_min_per_day": (-1, USUAL),
    "past_hours_share": (-1, USUAL), "past_weekday_share": (-1, USUAL), "past_ago_days": (1, USUAL), "past_edge_share": (-1, USUAL),
    "regular_m": (1, USUAL), "past_stays_per_day": (0, USUAL), "past_fixes_per_h": (0, SILENCE),
    "fixes": (0, SILENCE), "cadence_min": (0, SILENCE), "seen_share": (0, SILENCE), "seen_min": (0, SILENCE),
    "accuracy_m": (0, SILENCE), "told_share": (0, SILENCE), "gap_min": (0, SILENCE),
    "gap_possible_min": (1, SILENCE), "gap_from_m": (-1, SILENCE),
    "silent_there_min": (1, SILENCE), "silent_before_min": (0, SILENCE), "silent_after_min": (0, SILENCE),
    "gap_near_m": (-1, SILENCE), "gap_detour_m": (-1, SILENCE),
    "leaps": (1, INTEGRITY), "frozen_share": (1, INTEGRITY), "equal_accuracy_share": (0, INTEGRITY),
    "replay_share": (1, INTEGRITY), "clock_off_min": (0, INTEGRITY), "clock_turned_min": (1, INTEGRITY),
}  # fmt: skip
FEATURES: dict[str, tuple[int, str]] = {**GEOGRAPHY, **{n: (way, CONTEXT) for n, way in context.COLUMNS.items()}}
# For the words only: a count, two Unix times, and how long before the window it was cancelled. When somebody cancels says
# nothing of where the other one was.
NOTES = ("stay_fixes", "stay_begin", "stay_finish", "notice_min")
COLUMNS = (*FEATURES, *NOTES)
REASONS = (PRESENCE, CLOSENESS, TIMING, USUAL, SILENCE, INTEGRITY, CONTEXT)


@dataclass(frozen=True, slots=True)
class Table:
    """`values`: one row a deal, one column a measure in the order of COLUMNS; NaN where unknown."""

    values: Floats
    as_of: Floats

    def column(self, name: str) -> Floats:
        return np.asarray(self.values[:, COLUMNS.index(name)])

    def columns(self, names: list[str]) -> Floats:
        return np.asarray(self.values[:, [COLUMNS.index(name) for name in names]])


@dataclass(frozen=True, slots=True)
class Tracks:
    """Positions made ready once for any number of questions. `days`: the seen days of one person, when `pings` hold only
    the time looked at (a live score); None: they follow from the positions."""

    pings: Pings
    stays: Stays
    days: past.Days | None = None


def tracks_of(pings: Pings) -> Tracks:
    return Tracks(thinned(pings), find_stays(pings))


def features(tracks: Tracks, deals: Deals, moment: str) -> Table:
    """The measures of each deal as they can be known at `moment` ("cancellation", "window_end" or "plus_2h")."""
    at = as_of(deals, moment)
    first, last = positions_between(tracks.pings, deals.executor, *span(deals, at))
    parts = [_measured(tracks, deals.part(rows), at[rows]) for rows in ragged.chunks(last - first, MOST)]
    values = np.concatenate(parts) if parts else np.zeros((0, len(COLUMNS)))
    return Table(values, at)


def _past(tracks: Tracks, deals: Deals) -> past.Past:
    if tracks.days is None:
        return past.past_of(tracks.pings, tracks.stays, deals)
    return past.Past(tracks.stays, tracks.days, np.zeros(deals.count, dtype=np.int64))


def _measured(tracks: Tracks, deals: Deals, at: Floats) -> Floats:
    seen = look(tracks.pings, deals, at)
    steps = dwell.steps_of(seen)
    near, wide = episodes.episodes(seen, episodes.NEAR_M), episodes.episodes(seen, episodes.WIDE_M)
    bridged = episodes.episodes(seen, episodes.NEAR_M, episodes.BRIDGE_S)
    centre = np.where(near.found[:, None], near.centres(seen), wide.centres(seen))
    found = {
        **dwell.dwell(seen, steps),
        **dwell.closest(seen, steps),
        **episodes.describe(seen, near, wide, bridged),
        **past.describe(_past(tracks, deals), deals, seen.past_end, centre),
        **coverage.coverage(seen, steps),
        **coverage.integrity(seen, steps),
        **clock.describe(seen.row, seen.skew_s, seen.rows),
        **context.describe(deals),
        "expected_min": deals.expected_min,
        "window_min": (deals.window_end - deals.window_start) / 60,
        "notice_min": np.clip((deals.window_start - deals.cancelled_at) / 60, -600, 3000),
    }
    return np.stack([np.asarray(found[name], dtype=float) for name in COLUMNS], axis=1)
