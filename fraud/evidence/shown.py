"""What a case's pictures show beside the positions: times near the address, and silences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from fraud.evidence.situation import Fix

LONG_SILENCE = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Stay:
    """A time near the address, or close by, as a fact tells it. `low`: from the first position to the last; `high`: with the
    silence before and after. `metres`: from the address to its centre."""

    start: datetime
    end: datetime
    low: timedelta
    high: timedelta
    metres: float


@dataclass(frozen=True, slots=True)
class Gap:
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def gaps(fixes: Sequence[Fix], *, start: datetime, end: datetime) -> list[Gap]:
    """Long silences inside [start, end]; `fixes` oldest first."""
    edges = [start, *(fix.at for fix in fixes if start < fix.at < end), end]
    return [Gap(a, b) for a, b in pairwise(edges) if b - a > LONG_SILENCE]
