"""Points of a batch: read, judged one by one, none trusted."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tasks_app.tracking.errors import BadBatch

MAX_POINTS = 200
OLDEST = timedelta(hours=48)
AHEAD = timedelta(seconds=90)
MAX_SKEW = timedelta(hours=24)
SMALL_SKEW = timedelta(seconds=2)
MAX_ACCURACY_M = 20_000.0
_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SOURCES = {"gps": 1, "network": 2}


@dataclass(frozen=True, slots=True)
class Point:
    """`day`: the UTC day of the device's own clock, the same whenever the point is sent again."""

    client_id: str
    day: date
    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    source: int


@dataclass(frozen=True, slots=True)
class Refused:
    client_id: str
    reason: str


@dataclass(slots=True)
class Batch:
    points: list[Point]
    refused: list[Refused]
    skew_ms: int | None


class _Bad(Exception):
    """The reason code of one refused point."""


def read_batch(raw: Any, *, received_at: datetime) -> Batch:
    """`raw`: {"sent_at": ISO time of the device, "points": [{id, at, lon, lat, accuracy, source}]}.

    Raises BadBatch when it is not even that; a bad point is refused alone, with its reason.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("points"), list) or len(raw["points"]) > MAX_POINTS:
        raise BadBatch
    skew = _skew(raw.get("sent_at"), received_at)
    if skew is not None and abs(skew) > MAX_SKEW:
        return Batch([], [Refused(_id_of(item), "clock") for item in raw["points"]], None)
    shift = skew if skew is not None and abs(skew) > SMALL_SKEW else timedelta(0)
    points: dict[str, Point] = {}
    refused: list[Refused] = []
    for item in raw["points"]:
        try:
            point = _read_point(item, shift, received_at)
        except _Bad as bad:
            refused.append(Refused(_id_of(item), str(bad)))
        else:
            points.setdefault(point.client_id, point)
    return Batch(list(points.values()), refused, None if skew is None else int(skew / timedelta(milliseconds=1)))


def _read_point(item: Any, shift: timedelta, received_at: datetime) -> Point:
    if not isinstance(item, dict):
        raise _Bad("shape")
    told = _time(item.get("at"))
    if told is None:
        raise _Bad("time")
    at = told + shift
    if at > received_at + AHEAD:
        raise _Bad("future")
    if at < received_at - OLDEST:
        raise _Bad("too_old")
    lon, lat = _number(item.get("lon")), _number(item.get("lat"))
    if lat is None or not -90 <= lat <= 90 or lon is None or not -180 <= lon <= 180 or (lon == 0 and lat == 0):
        raise _Bad("place")
    accuracy = item.get("accuracy")
    if accuracy is not None and ((accuracy := _number(accuracy)) is None or not 0 <= accuracy <= MAX_ACCURACY_M):
        raise _Bad("accuracy")
    client_id = _uuid(item.get("id"))
    return Point(client_id, told.date(), at, lon, lat, accuracy, SOURCES.get(str(item.get("source")), 0))


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _uuid(value: Any) -> str:
    if not isinstance(value, str) or not _CANONICAL.fullmatch(lower := value.lower()):
        raise _Bad("id")
    return lower


def _time(value: Any) -> datetime | None:
    """ISO 8601 with an offset, or milliseconds since 1970."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else None
        if (number := _number(value)) is not None:
            return datetime.fromtimestamp(number / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _skew(sent_at: Any, received_at: datetime) -> timedelta | None:
    told = _time(sent_at)
    return None if told is None else received_at - told


def _id_of(item: Any) -> str:
    return str(item.get("id", ""))[:40] if isinstance(item, dict) else ""
