"""The feed's statements, written out because the planner would not find them by itself (docs/decisions/0020).

Either order reads only the page's own rows from the table; everything before that is walks of indexes.
"""

from typing import Any

from tasks_app.feed.area import InCity, cover
from tasks_app.feed.filters import FeedFilters
from tasks_app.feed.sql.nearest import nearest
from tasks_app.feed.sql.newest import later_than, newest
from tasks_app.feed.sql.parts import Statement, common, within

__all__ = ["COLUMNS", "Statement", "later_than", "page", "places"]

COLUMNS = (
    "id", "version", "customer_id", "category_id", "city_id", "district_id", "title", "is_remote", "timing", "starts_at",
    "ends_at", "budget", "price_minor", "price_high_minor", "currency", "max_responses", "responses_count", "photos_count",
    "secure_deal", "created_at", "respond_by", "public_x", "public_y",
)  # fmt: skip


def page(filters: FeedFilters, after: list[Any] | None, size: int) -> Statement:
    """Rows of COLUMNS and the squared distance (EPSG:3857 units, or NULL), in order, at most `size`."""
    columns = ", ".join(f"task.{name}" for name in COLUMNS)
    if filters.by_distance:
        found = nearest(filters, after, size)
        sql = (
            f"SELECT {columns}, found.distance FROM (SELECT * FROM ({found.sql}) AS found "  # noqa: S608
            "ORDER BY found.distance, found.id DESC LIMIT %s) AS found "
            "JOIN tasks_app_task task ON task.id = found.id ORDER BY found.distance, found.id DESC"
        )
        return Statement(sql, [*found.params, size])
    found = newest(filters, after, size)
    sql = (
        f"SELECT {columns}, NULL::bigint FROM ({found.sql}) AS found, "  # noqa: S608
        "unnest(found.ids) WITH ORDINALITY AS row(id, place) JOIN tasks_app_task task ON task.id = row.id ORDER BY row.place"
    )
    return Statement(sql, found.params)


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
        inside = within(area.circles) if area.circles else Statement("false", [])
        cells = cover(area.circles)
        conditions.append(f"((near_cell = ANY(%s) OR far_cell = ANY(%s)) AND {inside.sql} OR district_id = ANY(%s))")
        values += [list(cells.near), list(cells.far), *inside.params, list(area.district_ids)]
    if filters.category_ids is not None:
        conditions.append("category_id = ANY(%s)")
        values.append(list(filters.category_ids))
    more = common(filters)
    conditions += [more.sql] if more.sql else []
    sql = (
        "SELECT public_x, public_y, district_id, count(*) FROM tasks_app_task "  # noqa: S608
        f"WHERE {' AND '.join(conditions)} GROUP BY public_x, public_y, district_id"
    )
    return Statement(sql, [*values, *more.params])
