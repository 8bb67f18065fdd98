"""Newest first: one walk down an index per (cell, category), each giving at most a page, merged by a sort.

Most pages end within hours of the present, and a walk that looks further back reads in vain. So the walks are made in steps:
the last hour, the last day, everything; a step that fills the page is the last one.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from marketplace.kit.clock import now
from tasks_app.feed.area import Around, InCity, cover
from tasks_app.feed.filters import FeedFilters
from tasks_app.feed.sql.parts import Statement, category, common, outside_districts, sources_of, union, within

STEPS = (timedelta(hours=1), timedelta(days=1))


class Bounds(NamedTuple):
    """By age: rows after the last one of a page, and not older than what an expression says."""

    after: list[Any] | None
    oldest: Statement


def newest(filters: FeedFilters, after: list[Any] | None, size: int) -> Statement:
    """(ids: the newest `size`, in order), found in as few steps back as are needed."""
    start = datetime.fromisoformat(after[0]) if after else now()
    oldest = [*((start - step).isoformat() for step in STEPS), "-infinity"]
    found = _branches(filters, Bounds(after, Statement("created_at >= step.oldest[step.number + 1]", [])), size)
    sql = (
        "WITH RECURSIVE step(number, oldest, ids) AS (SELECT 0, %s::timestamptz[], '{}'::bigint[] UNION ALL "  # noqa: S608
        "SELECT step.number + 1, step.oldest, ARRAY(SELECT found.id FROM ("
        f"{found.sql}) AS found ORDER BY found.created_at DESC, found.id DESC LIMIT %s) "
        "FROM step WHERE step.number < %s AND cardinality(step.ids) < %s) "
        "SELECT ids FROM step ORDER BY number DESC LIMIT 1"
    )
    return Statement(sql, [oldest, *found.params, size, len(oldest), size])


def later_than(filters: FeedFilters, since: datetime, most: int) -> Statement:
    """(id, created_at, distance NULL) of what was posted after the moment, about `most` rows at the least."""
    return _branches(filters, Bounds(None, Statement("created_at > %s", [since])), most)


def _branches(filters: FeedFilters, bounds: Bounds, size: int) -> Statement:
    area, branches = filters.area, []
    if filters.where != "remote" and isinstance(area, InCity) and not area.district_ids:
        onsite = " AND NOT is_remote" if filters.where == "onsite" else ""
        branches.append(_walk(filters, Statement(f"city_id = %s{onsite}", [area.city_id]), bounds, size))
    elif filters.where != "remote":
        branches += _around(filters, area, bounds, size)
    if filters.where == "remote" or (filters.where == "any" and isinstance(area, Around)):
        branches.append(_walk(filters, Statement("is_remote", []), bounds, size))
    return union(branches)


def _around(filters: FeedFilters, area: Around | InCity, bounds: Bounds, size: int) -> list[Statement]:
    branches = []
    if isinstance(area, Around) and area.circles:
        cells, inside = cover(area.circles), outside_districts(within(area.circles), area.district_ids)
        for column, numbers in (("near_cell", cells.near), ("far_cell", cells.far)):
            if numbers:
                place = Statement(f"{column} = place.number AND {inside.sql}", inside.params)
                branches.append(_walk(filters, place, bounds, size, places=numbers))
    if area.district_ids:
        place = Statement("district_id = place.number", [])
        branches.append(_walk(filters, place, bounds, size, places=area.district_ids))
    return branches


def _walk(filters: FeedFilters, place: Statement, bounds: Bounds, size: int, places: tuple[int, ...] = ()) -> Statement:
    """One walk down an index, newest first, per place and category."""
    sources, params = sources_of(filters, places, any_category="near_cell" in place.sql)
    conditions, values = [place.sql], [*place.params]
    for extra in (category(sources), common(filters)):
        conditions += [extra.sql] if extra.sql else []
        values += extra.params
    if bounds.after is not None:
        conditions.append("(created_at, id) < (%s::timestamptz, %s)")
        values += bounds.after
    conditions.append(bounds.oldest.sql)
    values += bounds.oldest.params
    lateral = f"{' CROSS JOIN '.join(sources)} CROSS JOIN LATERAL " if sources else ""
    sql = (
        f"SELECT hit.id, hit.created_at, NULL::bigint AS distance FROM {lateral}"  # noqa: S608
        f"(SELECT id, created_at FROM tasks_app_task WHERE status = 'open' AND {' AND '.join(conditions)} "
        "ORDER BY created_at DESC, id DESC LIMIT %s) AS hit"
    )
    return Statement(sql, [*params, *values, size])
