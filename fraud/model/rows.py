"""What a live score is asked with: plain rows, from whatever store they come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from fraud.features.inputs import DAY_S, Deals, Pings, make_pings, thinned
from fraud.features.past import Days, solar_offset
from fraud.features.table import Tracks
from fraud.geometry.globe import Floats, unit
from fraud.stays.bulk import Stays, columns_of
from fraud.stays.detector import Stay


@dataclass(frozen=True, slots=True)
class PingRow:
    """UTC, degrees, metres (None: not told). `seen_before`: the step that led here was already reported on an earlier
    day; `skew_s`: of the phone's clock, None when not told; see `fraud.features.inputs.Pings`."""

    at: datetime
    lat: float
    lon: float
    accuracy_m: float | None = None
    network: bool = False
    seen_before: bool = False
    skew_s: float | None = None


@dataclass(frozen=True, slots=True)
class DayRow:
    """One earlier solar day with positions (the sun's day at the deal's place, `solar_offset` hours from UTC): when and
    where the person was first, and where last."""

    first_at: datetime
    first_lat: float
    first_lon: float
    last_lat: float
    last_lon: float


@dataclass(frozen=True, slots=True)
class DealRow:
    """A cancelled assignment. `context`: the columns of `fraud.features.context`, only those that are known."""

    lat: float
    lon: float
    window_start: datetime
    window_end: datetime
    chosen_at: datetime
    cancelled_at: datetime
    expected_minutes: float
    context: Mapping[str, float] = field(default_factory=dict)


def deals_of(row: DealRow) -> Deals:
    return Deals(
        executor=np.zeros(1, dtype=np.int64),
        lat=np.array([row.lat]),
        lon=np.array([row.lon]),
        window_start=np.array([row.window_start.timestamp()]),
        window_end=np.array([row.window_end.timestamp()]),
        chosen_at=np.array([row.chosen_at.timestamp()]),
        cancelled_at=np.array([row.cancelled_at.timestamp()]),
        expected_min=np.array([float(row.expected_minutes) if row.expected_minutes > 0 else 60.0]),
        context={name: np.array([float(value)]) for name, value in row.context.items()},
    )


def tracks_of_rows(deal: DealRow, pings: Sequence[PingRow], stays: Sequence[Stay], days: Sequence[DayRow]) -> Tracks:
    return Tracks(thinned(pings_of(pings)), stays_of(stays), days_of(deal, days))


def pings_of(rows: Sequence[PingRow]) -> Pings:
    accuracy = [np.nan if row.accuracy_m is None else row.accuracy_m for row in rows]
    made = make_pings(
        executor=np.zeros(len(rows), dtype=np.int64),
        at=np.array([row.at.timestamp() for row in rows], dtype=float),
        lat=np.array([row.lat for row in rows], dtype=float),
        lon=np.array([row.lon for row in rows], dtype=float),
        accuracy_m=np.array(accuracy, dtype=float),
        network=np.array([row.network for row in rows], dtype=bool),
        skew_s=np.array([row.skew_s for row in rows], dtype=float),
        people=1,
    )
    told = [row.at.timestamp() for row in rows if row.seen_before]
    return replace(made, seen_before=made.seen_before | np.isin(made.at, told))


def stays_of(stays: Sequence[Stay]) -> Stays:
    return columns_of(sorted(stays, key=lambda stay: stay.start), np.array([0, len(stays)]))


def days_of(deal: DealRow, rows: Sequence[DayRow]) -> Days:
    ordered = sorted(rows, key=lambda row: row.first_at)
    offset = solar_offset(np.array([deal.lon]))[0]
    return Days(
        bounds=np.array([0, len(ordered)]),
        day=np.array([np.floor((row.first_at.timestamp() + offset) / DAY_S) for row in ordered], dtype=float),
        first=_places([(row.first_lat, row.first_lon) for row in ordered]),
        last=_places([(row.last_lat, row.last_lon) for row in ordered]),
    )


def _places(degrees: list[tuple[float, float]]) -> Floats:
    table = np.array(degrees, dtype=float).reshape(-1, 2)
    return unit(table[:, 0], table[:, 1])
