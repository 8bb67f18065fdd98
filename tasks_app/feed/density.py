"""Where the open tasks are, for the map: public cells, joined into larger squares until a screen can show them."""

from collections import Counter
from hashlib import sha256
from typing import NamedTuple

import structlog
from django.core.cache import cache

from marketplace.kit.rows import rows
from tasks_app.feed import sql
from tasks_app.feed.area import longitude_latitude
from tasks_app.feed.filters import FeedFilters

log = structlog.get_logger()
SMALLEST = 1_024  # EPSG:3857 units: about one public cell
MOST_SQUARES = 150
SECONDS = 60  # a map is a summary: it may be a minute old


class Square(NamedTuple):
    """Degrees; `tasks` are in it."""

    west: float
    south: float
    east: float
    north: float
    tasks: int


class Density(NamedTuple):
    """`by_district`: district id (None: between districts) → open tasks, the fullest first."""

    squares: list[Square]
    by_district: dict[int | None, int]
    total: int


def density(filters: FeedFilters) -> Density:
    """In one query, kept for a minute per set of filters: a map of a million tasks need not be counted twice."""
    key = "feed:density:" + sha256(repr(filters).encode()).hexdigest()
    try:
        kept: Density | None = cache.get(key)
    except Exception as error:  # Redis away: counted anew
        log.warning("cache_away", error=type(error).__name__)
        return _count(filters)
    if kept is None:
        kept = _count(filters)
        cache.set(key, kept, SECONDS)
    return kept


def _count(filters: FeedFilters) -> Density:
    found = rows(*sql.places(filters))
    by_district: Counter[int | None] = Counter()
    for _x, _y, district_id, tasks in found:
        by_district[district_id] += tasks
    return Density(_squares(found), dict(by_district.most_common()), by_district.total())


def _squares(cells: list[tuple[int, int, int | None, int]]) -> list[Square]:
    size = SMALLEST
    while True:
        counts: Counter[tuple[int, int]] = Counter()
        for x, y, _district, tasks in cells:
            counts[x // size, y // size] += tasks
        if len(counts) <= MOST_SQUARES:
            break
        size *= 2
    squares = []
    for (column, row), tasks in sorted(counts.items()):
        west, south = longitude_latitude(column * size, row * size)
        east, north = longitude_latitude((column + 1) * size, (row + 1) * size)
        squares.append(Square(west, south, east, north, tasks))
    return squares
