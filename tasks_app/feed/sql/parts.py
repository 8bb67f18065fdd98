"""What the feed's statements are made of."""

from typing import Any, NamedTuple

from tasks_app.feed.area import Circle
from tasks_app.feed.filters import FeedFilters

_CATEGORIES = "unnest(%s::bigint[]) AS category(id)"
_ALL_CATEGORIES = "(SELECT id FROM tasks_app_category) AS category"


class Statement(NamedTuple):
    sql: str
    params: list[Any]


NOTHING = Statement(
    "SELECT NULL::bigint AS id, NULL::timestamptz AS created_at, NULL::bigint AS distance WHERE false", []
)


def union(branches: list[Statement]) -> Statement:
    if not branches:
        return NOTHING
    return Statement(" UNION ALL ".join(b.sql for b in branches), [p for b in branches for p in b.params])


def sources_of(filters: FeedFilters, places: tuple[int, ...], *, any_category: bool) -> tuple[list[str], list[Any]]:
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


def category(sources: list[str]) -> Statement:
    walked = any(source in (_CATEGORIES, _ALL_CATEGORIES) for source in sources)
    return Statement("category_id = category.id" if walked else "", [])


def squared_of(circle: Circle) -> Statement:
    sql = "((public_x - %s)::bigint * (public_x - %s) + (public_y - %s)::bigint * (public_y - %s))"
    return Statement(sql, [circle.x, circle.x, circle.y, circle.y])


def within(circles: tuple[Circle, ...]) -> Statement:
    each = [squared_of(circle) for circle in circles]
    params = [p for circle, s in zip(circles, each, strict=True) for p in (*s.params, circle.reach**2)]
    return Statement(f"({' OR '.join(f'{s.sql} <= %s' for s in each)})", params)


def outside_districts(within: Statement, district_ids: tuple[int, ...]) -> Statement:
    """The districts have a branch of their own."""
    if not district_ids:
        return within
    sql = f"{within.sql} AND (district_id IS NULL OR district_id <> ALL(%s))"
    return Statement(sql, [*within.params, list(district_ids)])


def common(filters: FeedFilters) -> Statement:
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
