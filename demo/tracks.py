"""Positions of executors on their shifts: where they were, sent every few minutes by a phone that errs a little."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import cos, radians

from django.contrib.gis.geos import Point

from demo.copying import copy_lines, save_rows
from demo.dice import Dice
from marketplace.accounts.models import User
from tasks_app.tracking.consent import VERSION
from tasks_app.tracking.models import Ping, Shift
from tasks_app.tracking.partitions import make_partitions

_METRES_A_DEGREE = 111_320
_COLUMNS = ("executor_id", "client_id", "day", "at", "received_at", "lon", "lat", "accuracy_m", "skew_ms", "source")
_GPS = Ping.Source.GPS.value


Stop = tuple[datetime, datetime, float, float]  # from, until, longitude, latitude


@dataclass(frozen=True)
class Visit:
    point: Point
    start: datetime
    end: datetime


@dataclass
class Tracks:
    """Collects shifts and pings; `save` writes them with COPY."""

    dice: Dice
    now: datetime
    shifts: list[Shift] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    _days: set[date] = field(default_factory=set)
    _busy: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=dict)

    def walk(self, executor: User, visits: list[Visit]) -> bool:
        """A shift over these visits (in order; on the way between them). False when the person is on another shift then."""
        start, end = visits[0].start, min(visits[-1].end, self.now)
        taken = self._busy.setdefault(executor.pk, [])
        if start >= end or any(start < other_end and other_start < end for other_start, other_end in taken):
            return False
        taken.append((start, end))
        self.shifts.append(self._shift(executor, start, end, still_open=visits[-1].end > self.now))
        at, places = start, [(visit.start, visit.end, visit.point.x, visit.point.y) for visit in visits]
        while at <= end:
            self.lines.append(self._ping(executor, at, *_where(places, at)))
            at += self.dice.minutes(2, 5)
        return True

    def save(self) -> None:
        make_partitions(self._days)
        save_rows(self.shifts)
        copy_lines(Ping, _COLUMNS, self.lines)

    def _shift(self, executor: User, start: datetime, end: datetime, *, still_open: bool) -> Shift:
        return Shift(
            executor=executor,
            device_id=f"demo-phone-{executor.pk}",
            consent_version=VERSION,
            started_at=start - timedelta(seconds=20),
            ends_by=start + timedelta(hours=14),
            ended_at=None if still_open else end + timedelta(seconds=20),
            ended_why="" if still_open else "person",
            unread_from=start,
        )

    def _ping(self, executor: User, at: datetime, lon: float, lat: float) -> str:
        """A line for COPY: there are tens of thousands."""
        accuracy = round(self.dice.lognormvariate(2.7, 0.45), 1)
        error = accuracy * 0.6
        lon += self.dice.gauss(0, error) / (_METRES_A_DEGREE * cos(radians(lat)))
        lat += self.dice.gauss(0, error) / _METRES_A_DEGREE
        day = at.date()
        self._days.add(day)
        received = at + timedelta(seconds=self.dice.randint(1, 50))
        skew = self.dice.randint(-900, 900)
        client_id = f"{self.dice.getrandbits(128):032x}"
        return f"{executor.pk}\t{client_id}\t{day}\t{at}\t{received}\t{lon:.6f}\t{lat:.6f}\t{accuracy}\t{skew}\t{_GPS}"


def _where(places: list[Stop], at: datetime) -> tuple[float, float]:
    for start, end, x, y in places:
        if start <= at <= end:
            return x, y
    for (_, left, x, y), (right, _, next_x, next_y) in itertools.pairwise(places):
        if left < at < right:
            share = (at - left) / (right - left)
            return x + share * (next_x - x), y + share * (next_y - y)
    return places[-1][2:]


def away(point: Point, *, east: float = 0.0, north: float = 0.0) -> Point:
    """The point so many metres aside."""
    x = point.x + east / (_METRES_A_DEGREE * cos(radians(point.y)))
    return Point(round(x, 6), round(point.y + north / _METRES_A_DEGREE, 6), srid=4326)


def trip(home: Point, place: Point, arrive: datetime, leave: datetime, *, ride: timedelta) -> list[Visit]:
    """From home to a place and back, with some minutes at home on both ends."""
    rest = timedelta(minutes=12)
    return [
        Visit(home, arrive - ride - rest, arrive - ride),
        Visit(place, arrive, leave),
        Visit(home, leave + ride, leave + ride + rest),
    ]


def ordinary_day(dice: Dice, home: Point, place: Point, day: datetime) -> Iterator[Visit]:
    """A morning at home, some work elsewhere, back home in the evening."""
    start = day.replace(hour=6, minute=dice.randint(0, 50))
    arrive = start + dice.minutes(60, 120)
    leave = arrive + dice.minutes(60, 200)
    yield Visit(home, start, arrive - dice.minutes(20, 40))
    yield Visit(place, arrive, leave)
    yield Visit(home, leave + dice.minutes(20, 40), leave + dice.minutes(60, 90))
