"""What a cancellation is looked at with: plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

BUFFER = timedelta(hours=2)  # the consent names it: positions are looked at this long before and after the window
NEIGHBOUR_M = 250.0  # so near another deal explains that somebody was here


@dataclass(frozen=True, slots=True)
class Fix:
    """One position: UTC, degrees, metres of reported accuracy (None: not told)."""

    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class Deal:
    """What was agreed and when it was cancelled. `expected_minutes`: how long such work usually takes."""

    lon: float
    lat: float
    window_start: datetime
    window_end: datetime
    chosen_at: datetime
    cancelled_at: datetime
    expected_minutes: int


def looked_at(deal: Deal, as_of: datetime) -> tuple[datetime, datetime]:
    """The only time whose positions may be used: the window and the buffer, not before the choice, not after `as_of`."""
    start = max(deal.window_start - BUFFER, deal.chosen_at)
    return start, max(start, min(deal.window_end + BUFFER, as_of))
