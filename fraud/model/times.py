"""When it was, what the measures of one live score tell without a time: read off the same positions."""

from collections.abc import Mapping

import numpy as np

from fraud.features.coverage import GAP_S
from fraud.features.dwell import steps_of
from fraud.features.episodes import WIDE_M, episodes
from fraud.features.inputs import Deals
from fraud.features.look import Look, look
from fraud.features.table import Tracks
from fraud.geometry.globe import Floats
from fraud.model.facts import Span, Times


def times_of(tracks: Tracks, deal: Deals, as_of: Floats, row: Mapping[str, float]) -> Times:
    """`deal`: one; `row`: its measures as of that time."""
    seen = look(tracks.pings, deal, as_of)
    if not len(seen.at):
        return Times()
    wide, again = episodes(seen, WIDE_M), seen.at[seen.seen_before]
    silence, longest = _silences(seen, row["gap_from_m"])
    return Times(
        beside=(float(wide.start[0]), float(wide.end[0])) if wide.found[0] else None,
        silence=silence,
        longest=longest,
        after=(float(seen.at[-1]), float(seen.end[0])),
        again=(float(again[0]), float(again[-1])) if len(again) else None,
    )


def _silences(seen: Look, gap_from_m: float) -> tuple[Span | None, Span | None]:
    """The one whose farther end is `gap_from_m` from the point, which the measures chose, and the longest."""
    steps = steps_of(seen)
    long = np.flatnonzero(steps.end - steps.start > GAP_S)
    if not len(long):
        return None, None
    ends = np.maximum(seen.metres[steps.first[long]], seen.metres[steps.first[long] + 1])
    chosen = long[np.argmin(np.abs(np.minimum(ends, 20_000.0) - gap_from_m))]
    longest = long[np.argmax(steps.end[long] - steps.start[long])]
    spans = [(float(steps.start[place]), float(steps.end[place])) for place in (chosen, longest)]
    return spans[0], spans[1]
