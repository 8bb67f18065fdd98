"""Nearest first: one walk of the GiST index per (origin, category), outward from the origin.

Tasks of one cell are equally far; of those the newer id comes first.
"""

from typing import Any

from tasks_app.feed.area import Around
from tasks_app.feed.filters import FeedFilters
from tasks_app.feed.sql.parts import (
    Statement,
    category,
    common,
    outside_districts,
    sources_of,
    squared_of,
    union,
    within,
)


def nearest(filters: FeedFilters, after: list[Any] | None, size: int) -> Statement:
    """(id, created_at, squared distance) of at least the nearest `size` rows; a task counts for its nearest origin."""
    area = filters.area
    if not isinstance(area, Around):
        raise TypeError("A city has no point to measure from.")
    branches = [_from_origin(filters, area, number, after, size) for number in range(len(area.circles))]
    if area.district_ids:
        branches.append(_in_districts(filters, area, after, size))
    return union(branches)


def _from_origin(filters: FeedFilters, area: Around, number: int, after: list[Any] | None, size: int) -> Statement:
    """What the circle holds, walked from its centre outward. The index knows distance alone: all tasks of the last cell
    come along (WITH TIES), and the page's own sort puts the newer ids first."""
    origin = area.circles[number]
    squared = squared_of(origin)
    sources, params = sources_of(filters, (), any_category=True)
    frame = [origin.x - origin.reach, origin.y - origin.reach, origin.x + origin.reach, origin.y + origin.reach]
    conditions, values = ["public_point && ST_MakeEnvelope(%s, %s, %s, %s, 3857)"], [*frame]
    inside = outside_districts(within((origin,)), area.district_ids)
    for extra in (inside, _nearest_is(area, number), category(sources), common(filters)):
        conditions += [extra.sql] if extra.sql else []
        values += extra.params
    if after is not None:
        conditions.append(f"({squared.sql} > %s OR ({squared.sql} = %s AND id < %s))")
        values += [*squared.params, after[0], *squared.params, after[0], after[1]]
    lateral = f"{' CROSS JOIN '.join(sources)} CROSS JOIN LATERAL " if sources else ""
    sql = (
        f"SELECT hit.* FROM {lateral}(SELECT id, created_at, {squared.sql} AS distance FROM tasks_app_task "  # noqa: S608
        f"WHERE status = 'open' AND {' AND '.join(conditions)} "
        "ORDER BY public_point <-> ST_SetSRID(ST_MakePoint(%s, %s), 3857) FETCH FIRST %s ROWS WITH TIES) AS hit"
    )
    return Statement(sql, [*params, *squared.params, *values, origin.x, origin.y, size])


def _in_districts(filters: FeedFilters, area: Around, after: list[Any] | None, size: int) -> Statement:
    """All that the districts hold: a few thousand index entries at the most, sorted by distance."""
    each = [squared_of(circle) for circle in area.circles]
    squared = Statement(f"LEAST({', '.join(s.sql for s in each)})", [p for s in each for p in s.params])
    sources, params = sources_of(filters, area.district_ids, any_category=False)
    conditions, values = ["district_id = place.number", "NOT is_remote"], []
    for extra in (category(sources), common(filters)):
        conditions += [extra.sql] if extra.sql else []
        values += extra.params
    if after is not None:
        conditions.append(f"({squared.sql} > %s OR ({squared.sql} = %s AND id < %s))")
        values += [*squared.params, after[0], *squared.params, after[0], after[1]]
    sql = (
        f"SELECT hit.* FROM {' CROSS JOIN '.join(sources)} CROSS JOIN LATERAL (SELECT id, created_at, "  # noqa: S608
        f"{squared.sql} AS distance FROM tasks_app_task WHERE status = 'open' AND {' AND '.join(conditions)} "
        "ORDER BY distance, id DESC LIMIT %s) AS hit"
    )
    return Statement(sql, [*params, *squared.params, *values, size])


def _nearest_is(area: Around, number: int) -> Statement:
    """No other circle that holds the task has a nearer centre; of two equally near ones the first has it."""
    mine = squared_of(area.circles[number])
    parts: list[str] = []
    params: list[Any] = []
    for place, other in enumerate(area.circles):
        if place != number:
            theirs = squared_of(other)
            parts.append(f"({theirs.sql} > %s OR {mine.sql} {'<' if place < number else '<='} {theirs.sql})")
            params += [*theirs.params, other.reach**2, *mine.params, *theirs.params]
    return Statement(" AND ".join(parts), params)
