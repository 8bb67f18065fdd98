"""The feed's statements, written out because the planner would not find them by itself (docs/decisions/0020).

Newest: one short walk down an index per (cell, category), each giving at most a page, merged by a sort of what they gave.
Nearest: one walk of the GiST index per (origin, category), ordered by distance from the origin; tasks in the same cell are
equally far, the newer id first. Either way only the page's own rows are read from the table.
"""

from datetime import datetime
from typing import Any, NamedTuple

from tasks_app.feed.area import Around, Circle, InCity, cover
from tasks_app.feed.filters import FeedFilters

COLUMNS = (
    "id", "version", "customer_id", "category_id", "city_id", "district_id", "title", "is_remote", "timing", "starts_at",
    "ends_at", "budget", "price_minor", "price_high_minor", "currency", "max_responses", "responses_count", "photos_count",
    "created_at", "public_x", "public_y",
)  # fmt: skip
_CATEGORIES = "unnest(%s::bigint[]) AS category(id)"
_ALL_CATEGORIES = "(SELECT id FROM tasks_app_category) AS category"
_NOTHING = "SELECT NULL::bigint AS id, NULL::timestamptz AS created_at, NULL::bigint AS distance WHERE false"


class Statement(NamedTuple):
    sql: str
    params: list[Any]


class Bounds(NamedTuple):
    """By age: rows after the last one of a page, rows posted later than a moment."""

    after: list[Any] | None
    since: datetime | None


def page(filters: FeedFilters, after: list[Any] | None, size: int) -> Statement:
    """Rows of COLUMNS and the squared distance (EPSG:3857 units, or NULL), in order, at most `size`."""
    found, order = (
        (nearest(filters, after, size), "found.distance, found.id DESC")
        if filters.by_distance
        else (newest(filters, after, size), "found.created_at DESC, found.id DESC")
    )
    columns = ", ".join(f"task.{name}" for name in COLUMNS)
    sql = (
        f"SELECT {columns}, found.distance FROM (SELECT * FROM ({found.sql}) AS found ORDER BY {order} LIMIT %s) AS found "  # noqa: S608
        f"JOIN tasks_app_task task ON task.id = found.id ORDER BY {order}"
    )
    return Statement(sql, [*found.params, size])


def newest(filters: FeedFilters, after: list[Any] | None, size: int, *, since: datetime | None = None) -> Statement:
    """(id, created_at, distance NULL) of at least the newest `size` rows; `since`: only those posted later."""
    bounds = Bounds(after, since)
    area, branches = filters.area, []
    if filters.where != "remote" and isinstance(area, InCity) and not area.district_ids:
        onsite = " AND NOT is_remote" if filters.where == "onsite" else ""
        branches.append(_walk(filters, Statement(f"city_id = %s{onsite}", [area.city_id]), bounds, size))
    elif filters.where != "remote":
        branches += _around(filters, area, bounds, size)
    if filters.where == "remote" or (filters.where == "any" and isinstance(area, Around)):
        branches.append(_walk(filters, Statement("is_remote", []), bounds, size))
    return _union(branches)


def _around(filters: FeedFilters, area: Around | InCity, bounds: Bounds, size: int) -> list[Statement]:
    branches = []
    if isinstance(area, Around) and area.circles:
        cells, within = cover(area.circles), _outside_districts(_within(area.circles), area.district_ids)
        for column, numbers in (("near_cell", cells.near), ("far_cell", cells.far)):
            if numbers:
                place = Statement(f"{column} = place.number AND {within.sql}", within.params)
                branches.append(_walk(filters, place, bounds, size, places=numbers))
    if area.district_ids:
        place = Statement("district_id = place.number", [])
        branches.append(_walk(filters, place, bounds, size, places=area.district_ids))
    return branches


def _walk(filters: FeedFilters, place: Statement, bounds: Bounds, size: int, places: tuple[int, ...] = ()) -> Statement:
    """One walk down an index, newest first, per place and category."""
    sources, params = _sources(filters, places, any_category="near_cell" in place.sql)
    conditions, values = [place.sql], [*place.params]
    for extra in (_category(sources), _common(filters)):
        conditions += [extra.sql] if extra.sql else []
        values += extra.params
    if bounds.after is not None:
        conditions.append("(created_at, id) < (%s::timestamptz, %s)")
        values += bounds.after
    if bounds.since is not None:
        conditions.append("created_at > %s")
        values.append(bounds.since)
    lateral = f"{' CROSS JOIN '.join(sources)} CROSS JOIN LATERAL " if sources else ""
    sql = (
        f"SELECT hit.id, hit.created_at, NULL::bigint AS distance FROM {lateral}"  # noqa: S608
        f"(SELECT id, created_at FROM tasks_app_task WHERE status = 'open' AND {' AND '.join(conditions)} "
        "ORDER BY created_at DESC, id DESC LIMIT %s) AS hit"
    )
    return Statement(sql, [*params, *values, size])


def nearest(filters: FeedFilters, after: list[Any] | None, size: int) -> Statement:
    """(id, created_at, squared distance) of at least the nearest `size` rows; a task counts for its nearest origin."""
    area = filters.area
    if not isinstance(area, Around):
        raise TypeError("A city has no point to measure from.")
    branches = [_from_origin(filters, area, number, after, size) for number in range(len(area.circles))]
    if area.district_ids:
        branches.append(_in_districts(filters, area, after, size))
    return _union(branches)


def _from_origin(filters: FeedFilters, area: Around, number: int, after: list[Any] | None, size: int) -> Statement:
    """What the circle holds, walked from its centre outward."""
    origin = area.circles[number]
    squared = _squared(origin)
    sources, params = _sources(filters, (), any_category=True)
    frame = [origin.x - origin.reach, origin.y - origin.reach, origin.x + origin.reach, origin.y + origin.reach]
    conditions, values = ["public_point && ST_MakeEnvelope(%s, %s, %s, %s, 3857)"], [*frame]
    within = _outside_districts(_within((origin,)), area.district_ids)
    for extra in (within, _nearest_is(area, number), _category(sources), _common(filters)):
        conditions += [extra.sql] if extra.sql else []
        values += extra.params
    if after is not None:
        conditions.append(f"({squared.sql} > %s OR ({squared.sql} = %s AND id < %s))")
        values += [*squared.params, after[0], *squared.params, after[0], after[1]]
    lateral = f"{' CROSS JOIN '.join(sources)} CROSS JOIN LATERAL " if sources else ""
    sql = (
        f"SELECT hit.* FROM {lateral}(SELECT id, created_at, {squared.sql} AS distance FROM tasks_app_task "  # noqa: S608
        f"WHERE status = 'open' AND {' AND '.join(conditions)} "
        "ORDER BY public_point <-> ST_SetSRID(ST_MakePoint(%s, %s), 3857), id DESC LIMIT %s) AS hit"
    )
    return Statement(sql, [*params, *squared.params, *values, origin.x, origin.y, size])


def _in_districts(filters: FeedFilters, area: Around, after: list[Any] | None, size: int) -> Statement:
    """All that the districts hold: a few thousand index entries at the most, sorted by distance."""
    each = [_squared(circle) for circle in area.circles]
    squared = Statement(f"LEAST({', '.join(s.sql for s in each)})", [p for s in each for p in s.params])
    sources, params = _sources(filters, area.district_ids, any_category=False)
    conditions, values = ["district_id = place.number", "NOT is_remote"], []
    for extra in (_category(sources), _common(filters)):
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


def _union(branches: list[Statement]) -> Statement:
    if not branches:
        return Statement(_NOTHING, [])
    return Statement(" UNION ALL ".join(b.sql for b in branches), [p for b in branches for p in b.params])


def _sources(filters: FeedFilters, places: tuple[int, ...], *, any_category: bool) -> tuple[list[str], list[Any]]:
    """What the walks are made for. `any_category`: there is an index that serves all categories at once."""
    sources: list[str] = []
    params: list[Any] = []
    if places:
        sources.append("unnest(%s::bigint[]) AS place(number)")
        params.append(list(places))
    if filters.category_ids is not None:
        sources.append(_CATEGORIES)
        params.append(list(filters.category_ids))
    elif not any_category:
        sources.append(_ALL_CATEGORIES)
    return sources, params


def _category(sources: list[str]) -> Statement:
    walked = any(source in (_CATEGORIES, _ALL_CATEGORIES) for source in sources)
    return Statement("category_id = category.id" if walked else "", [])


def _squared(circle: Circle) -> Statement:
    sql = "((public_x - %s)::bigint * (public_x - %s) + (public_y - %s)::bigint * (public_y - %s))"
    return Statement(sql, [circle.x, circle.x, circle.y, circle.y])


def _within(circles: tuple[Circle, ...]) -> Statement:
    each = [_squared(circle) for circle in circles]
    params = [p for circle, s in zip(circles, each, strict=True) for p in (*s.params, circle.reach**2)]
    return Statement(f"({' OR '.join(f'{s.sql} <= %s' for s in each)})", params)


def _outside_districts(within: Statement, district_ids: tuple[int, ...]) -> Statement:
    """The districts have a branch of their own."""
    if not district_ids:
        return within
    sql = f"{within.sql} AND (district_id IS NULL OR district_id <> ALL(%s))"
    return Statement(sql, [*within.params, list(district_ids)])


def _nearest_is(area: Around, number: int) -> Statement:
    """No other circle that holds the task has a nearer centre; of two equally near ones the first has it."""
    mine = _squared(area.circles[number])
    parts: list[str] = []
    params: list[Any] = []
    for place, other in enumerate(area.circles):
        if place != number:
            theirs = _squared(other)
            parts.append(f"({theirs.sql} > %s OR {mine.sql} {'<' if place < number else '<='} {theirs.sql})")
            params += [*theirs.params, other.reach**2, *mine.params, *theirs.params]
    return Statement(" AND ".join(parts), params)


def _common(filters: FeedFilters) -> Statement:
    parts: list[str] = []
    params: list[Any] = []
    if filters.price_from_minor is not None:
        parts.append("top_price_minor >= %s")
        params.append(filters.price_from_minor)
    if filters.day is not None:
        start, end = filters.day
        parts.append("(starts_at IS NULL OR (starts_at < %s AND COALESCE(ends_at, starts_at) >= %s))")
        params += [end, start]
    if filters.with_photos:
        parts.append("photos_count > 0")
    return Statement(" AND ".join(parts), params)


def places(filters: FeedFilters) -> Statement:
    """(x, y, district id, tasks) of every public cell with tasks of these filters; remote tasks have none."""
    area, conditions = filters.area, ["status = 'open'", "NOT is_remote"]
    values: list[Any] = []
    if isinstance(area, InCity):
        conditions.append("city_id = %s")
        values.append(area.city_id)
        if area.district_ids:
            conditions.append("district_id = ANY(%s)")
            values.append(list(area.district_ids))
    else:
        within = _within(area.circles) if area.circles else Statement("false", [])
        cells = cover(area.circles)
        conditions.append(f"((near_cell = ANY(%s) OR far_cell = ANY(%s)) AND {within.sql} OR district_id = ANY(%s))")
        values += [list(cells.near), list(cells.far), *within.params, list(area.district_ids)]
    if filters.category_ids is not None:
        conditions.append("category_id = ANY(%s)")
        values.append(list(filters.category_ids))
    more = _common(filters)
    conditions += [more.sql] if more.sql else []
    sql = (
        "SELECT public_x, public_y, district_id, count(*) FROM tasks_app_task "  # noqa: S608
        f"WHERE {' AND '.join(conditions)} GROUP BY public_x, public_y, district_id"
    )
    return Statement(sql, [*values, *more.params])
