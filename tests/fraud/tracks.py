"""Tracks made by hand: where somebody was, minute by minute, with an error that never changes from run to run."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from fraud.evidence.situation import Deal, Fix
from tasks_app.geometry import EARTH_M

PLACE = (37.5834, 55.7336)
FAR = (37.70, 55.80)
DAY = datetime(2026, 11, 20, tzinfo=UTC)


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def moved(place: tuple[float, float], east: float = 0, north: float = 0) -> tuple[float, float]:
    lon, lat = place
    turned = lon + math.degrees(east / EARTH_M / math.cos(math.radians(lat)))
    return (turned + 180) % 360 - 180, lat + math.degrees(north / EARTH_M)


def stand(
    place: tuple[float, float],
    start: float,
    end: float,
    *,
    every: float = 5,
    error: float = 10,
    accuracy: float | None = 15,
    seed: int = 1,
) -> list[Fix]:
    """Positions at `place` between the hours `start` and `end` of the day, one in `every` minutes."""
    dice = Random(seed)
    count = round((end - start) * 60 / every) + 1
    return [
        Fix(
            at(start) + timedelta(minutes=every * n),
            *moved(place, dice.gauss(0, error), dice.gauss(0, error)),
            accuracy,
        )
        for n in range(count)
    ]


def ride(a: tuple[float, float], b: tuple[float, float], start: float, end: float, *, every: float = 2) -> list[Fix]:
    """A straight ride from `a` to `b`, the two ends left out."""
    count = round((end - start) * 60 / every)
    return [
        Fix(
            at(start) + (at(end) - at(start)) * n / count,
            a[0] + (b[0] - a[0]) * n / count,
            a[1] + (b[1] - a[1]) * n / count,
            15,
        )
        for n in range(1, count)
    ]


def joined(*parts: Iterable[Fix]) -> list[Fix]:
    return sorted((fix for part in parts for fix in part), key=lambda fix: fix.at)


def deal(cancelled: float = 13.2, start: float = 14, end: float = 17, **changes: object) -> Deal:
    """Agreed the day before for 14–17, about two hours of work, cancelled at 13:12."""
    values: dict[str, object] = {
        "lon": PLACE[0],
        "lat": PLACE[1],
        "window_start": at(start),
        "window_end": at(end),
        "chosen_at": at(-6),
        "cancelled_at": at(cancelled),
        "expected_minutes": 90,
    }
    return Deal(**{**values, **changes})  # type: ignore[arg-type]
