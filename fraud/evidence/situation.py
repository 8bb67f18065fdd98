"""What the rule is given: plain values, so that it can be tried on tracks made by hand."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

BUFFER = timedelta(hours=2)  # the consent names it: positions are looked at this long before and after the window


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
    by_side: str = "customer"


@dataclass(frozen=True, slots=True)
class OtherJob:
    """Another deal of the executor near by."""

    metres: float
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class History:
    """The time before: on how many other days there are positions (`days_seen`), on how many of them here; metres to
    where the executor rests at night; other deals; how often this pair cancelled lately; days of the looked-at time whose
    positions the person deleted."""

    days_looked: int = 60
    days_seen: int = 0
    days_here: int = 0
    home_m: float | None = None
    other_jobs: tuple[OtherJob, ...] = field(default_factory=tuple)
    pair_cancellations: int = 0
    deleted_days: tuple[date, ...] = ()


def looked_at(deal: Deal, as_of: datetime) -> tuple[datetime, datetime]:
    """The only time whose positions may be used: the window and the buffer, not before the choice, not after `as_of`."""
    start = max(deal.window_start - BUFFER, deal.chosen_at)
    return start, max(start, min(deal.window_end + BUFFER, as_of))
