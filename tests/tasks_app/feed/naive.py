"""The feed as one would write it without caring how long it takes: every task is looked at."""

from math import sqrt
from typing import Any

from marketplace.kit.clock import now
from tasks_app.feed.area import Around, Circle, InCity
from tasks_app.feed.filters import FeedFilters
from tasks_app.models import Task


def naive_feed(filters: FeedFilters) -> list[int]:
    """Ids in order."""
    open_now = Task.objects.filter(status="open", respond_by__gt=now())
    tasks = [task for task in open_now if _fits(task, filters)]
    if filters.by_distance:
        assert isinstance(filters.area, Around)
        area = filters.area
        return [t.pk for t in sorted(tasks, key=lambda t: (_distance(area, t), -t.pk))]
    return [t.pk for t in sorted(tasks, key=lambda t: (t.created_at, t.pk), reverse=True)]


def _distance(area: Around, task: Any) -> float:
    in_districts = task.district_id in area.district_ids
    return min(_units(c, task) for c in area.circles if in_districts or _units(c, task) <= c.reach)


def _units(circle: Circle, task: Any) -> float:
    return sqrt((task.public_point.x - circle.x) ** 2 + (task.public_point.y - circle.y) ** 2)


def _fits(task: Any, filters: FeedFilters) -> bool:
    return (
        _is_where(task, filters)
        and (filters.category_ids is None or task.category_id in filters.category_ids)
        and (filters.price_from_minor is None or _top(task) >= filters.price_from_minor)
        and (filters.day is None or _is_on(task, *filters.day))
        and (not filters.with_photos or task.photos_count > 0)
    )


def _is_where(task: Any, filters: FeedFilters) -> bool:
    if filters.where == "remote":
        return task.is_remote
    if filters.by_distance or filters.where == "onsite":
        return not task.is_remote and _is_in(task, filters)
    if isinstance(filters.area, Around) and task.is_remote:
        return True
    return _is_in(task, filters)


def _is_in(task: Any, filters: FeedFilters) -> bool:
    area = filters.area
    if isinstance(area, InCity):
        return task.city_id == area.city_id and (not area.district_ids or task.district_id in area.district_ids)
    if task.district_id in area.district_ids:
        return True
    return any(_units(circle, task) <= circle.reach for circle in area.circles)


def _top(task: Any) -> int:
    return task.price_high_minor or task.price_minor or -1


def _is_on(task: Any, start: Any, end: Any) -> bool:
    return task.starts_at is None or (task.starts_at < end and (task.ends_at or task.starts_at) >= start)
