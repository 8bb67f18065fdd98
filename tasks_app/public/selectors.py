"""Reads for the public pages. Prices are those agreed in deals, not those wished for; nothing here names a person or a place
closer than the district."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from tasks_app.models import Category, City, Task

WINDOW = timedelta(days=180)  # prices and counts look this far back
ENOUGH = 5  # fewer deals than this say nothing about a price: the operators' usual range is shown instead


@dataclass(frozen=True, slots=True)
class PriceRange:
    """What most people paid: the middle half of the deals. `deals` is 0 when it is the operators' usual range."""

    low: Money
    middle: Money
    high: Money
    deals: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a price histogram: the bounds in minor units, the number of deals."""

    low: int
    high: int
    deals: int


@dataclass(frozen=True, slots=True)
class MarketFigures:
    """`first_response_minutes`: the median wait for the first response; None while there are no responses."""

    done: int
    open: int
    executors: int
    first_response_minutes: int | None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as anybody may see it. `agreed`: the price of the deal, once there was one."""

    id: int
    title: str
    category_id: int
    district: str
    at: datetime
    price: Money | None
    price_high: Money | None
    agreed: Money | None
    responses: int
    is_remote: bool


_SCOPE = """
    task.created_at > %(since)s
    AND (%(city)s::bigint IS NULL OR task.city_id = %(city)s)
    AND (%(category)s::bigint IS NULL OR task.category_id = %(category)s)
"""

_PRICES = """
SELECT task.category_id,
       percentile_disc(array[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY response.price_minor),
       count(*)
FROM tasks_app_response AS response
JOIN tasks_app_task AS task ON task.id = response.task_id
WHERE response.status = 'accepted' AND task.status = 'closed'
  AND task.city_id = %(city)s AND task.category_id = ANY(%(categories)s) AND task.created_at > %(since)s
GROUP BY task.category_id
"""

_HISTOGRAM = """
WITH deal AS (
    SELECT response.price_minor AS price
    FROM tasks_app_response AS response
    JOIN tasks_app_task AS task ON task.id = response.task_id
    WHERE response.status = 'accepted' AND task.status = 'closed'
      AND task.city_id = %(city)s AND task.category_id = %(category)s AND task.created_at > %(since)s
), bounds AS (
    SELECT percentile_disc(0.03) WITHIN GROUP (ORDER BY price) AS low,
           percentile_disc(0.97) WITHIN GROUP (ORDER BY price) AS high FROM deal
)
SELECT bounds.low, bounds.high, width_bucket(deal.price, bounds.low, bounds.high + 1, %(bars)s) AS bar, count(*)
FROM deal, bounds WHERE deal.price BETWEEN bounds.low AND bounds.high
GROUP BY 1, 2, 3
"""

_FIGURES = f"""
SELECT (SELECT count(*) FROM tasks_app_task AS task WHERE task.status = 'closed' AND {_SCOPE}),
       (SELECT count(*) FROM tasks_app_task AS task WHERE task.status = 'open' AND {_SCOPE}),
       (SELECT count(DISTINCT assignment.executor_id) FROM tasks_app_assignment AS assignment
        JOIN tasks_app_task AS task ON task.id = assignment.task_id WHERE {_SCOPE}),
       (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first.wait) / 60) FROM (
            SELECT min(response.created_at) - task.created_at AS wait
            FROM tasks_app_response AS response JOIN tasks_app_task AS task ON task.id = response.task_id
            WHERE {_SCOPE} GROUP BY task.id
        ) AS first)
"""  # noqa: S608  the scope is ours; what people chose goes in as parameters

_EXPERIENCED = f"""
SELECT assignment.executor_id, count(*)
FROM tasks_app_assignment AS assignment JOIN tasks_app_task AS task ON task.id = assignment.task_id
WHERE assignment.status = 'accepted' AND {_SCOPE}
GROUP BY assignment.executor_id ORDER BY count(*) DESC, assignment.executor_id LIMIT %(limit)s
"""  # noqa: S608


def price_ranges(*, city: City, categories: Sequence[Category]) -> dict[int, PriceRange]:
    """The range of each category in the city, by category id; categories without any known price are left out."""
    found = _rows(_PRICES, city=city.pk, categories=[category.pk for category in categories], since=now() - WINDOW)
    deals = {key: (prices, count) for key, prices, count in found}
    ranges = {}
    for category in categories:
        prices, count = deals.get(category.pk, (None, 0))
        if count >= ENOUGH:
            ranges[category.pk] = _range(prices, city.currency, count)
        elif category.usual_high_minor:
            low, high = category.usual_low_minor, category.usual_high_minor
            ranges[category.pk] = _range((low, (low + high) // 2, high), city.currency, 0)
    return ranges


def price_histogram(*, city: City, category: Category, bars: int = 9) -> list[Bar]:
    """How the agreed prices spread, without the dearest and the cheapest 3 %; empty below 5 deals."""
    found = _rows(_HISTOGRAM, city=city.pk, category=category.pk, since=now() - WINDOW, bars=bars)
    if sum(row[3] for row in found) < ENOUGH:
        return []
    low, high = found[0][0], found[0][1]
    counts = {bar: count for _low, _high, bar, count in found}
    edges = [low + (high + 1 - low) * place // bars for place in range(bars + 1)]
    return [Bar(edges[place], edges[place + 1], counts.get(place + 1, 0)) for place in range(bars)]


def market_figures(*, city_id: int | None = None, category_id: int | None = None) -> MarketFigures:
    """Counts of the last 180 days, everywhere or in a city or a category."""
    done, standing, executors, wait = _rows(_FIGURES, **_scope(city_id, category_id))[0]
    return MarketFigures(done, standing, executors, None if wait is None else max(1, round(wait)))


def experienced_executors(*, city_id: int, category_id: int | None = None, limit: int = 6) -> list[tuple[int, int]]:
    """(executor's user id, accepted deals there), the most first."""
    return _rows(_EXPERIENCED, **_scope(city_id, category_id), limit=limit)


def open_tasks(*, city_id: int | None = None, category_id: int | None = None, limit: int = 5) -> list[TaskLine]:
    """The newest open tasks."""
    return _lines(_tasks(city_id, category_id).filter(status=Task.Status.OPEN).order_by("-created_at"), limit)


def finished_tasks(*, city_id: int | None = None, category_id: int | None = None, limit: int = 5) -> list[TaskLine]:
    """The latest closed tasks, with the price agreed."""
    return _lines(_tasks(city_id, category_id).filter(status=Task.Status.CLOSED).order_by("-closed_at"), limit)


def open_counts(*, city_id: int | None = None) -> dict[int, int]:
    """Open tasks by category id."""
    rows = _tasks(city_id, None).filter(status=Task.Status.OPEN).values_list("category_id").annotate(Count("id"))
    return dict(rows.order_by())


def recently_changed(limit: int = 5000) -> list[tuple[int, datetime]]:
    """(task id, when it was posted) of open tasks, newest first: for the sitemap."""
    rows = Task.objects.filter(status=Task.Status.OPEN).order_by("-created_at")
    return list(rows.values_list("id", "created_at")[:limit])


def _range(prices: Sequence[int], currency: str, deals: int) -> PriceRange:
    low, middle, high = (Money(price, currency) for price in prices)
    return PriceRange(low=low, middle=middle, high=high, deals=deals)


def _tasks(city_id: int | None, category_id: int | None) -> QuerySet[Task]:
    tasks = Task.objects.all()
    if city_id is not None:
        tasks = tasks.filter(city_id=city_id)
    if category_id is not None:
        tasks = tasks.filter(category_id=category_id)
    return tasks


def _lines(tasks: QuerySet[Task], limit: int) -> list[TaskLine]:
    found = list(tasks.select_related("district").defer("point", "public_point", "district__outline")[:limit])
    agreed = dict(
        Task.objects.filter(pk__in=[task.pk for task in found], responses__status="accepted").values_list(
            "pk", "responses__price_minor"
        )
    )
    return [_line(task, agreed.get(task.pk)) for task in found]


def _line(task: Task, agreed: int | None) -> TaskLine:
    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, task.currency)

    return TaskLine(
        id=task.pk,
        title=task.title,
        category_id=task.category_id,
        district=task.district.name if task.district else "",
        at=task.closed_at or task.created_at,
        price=money(task.price_minor),
        price_high=money(task.price_high_minor),
        agreed=money(agreed),
        responses=task.responses_count,
        is_remote=task.is_remote,
    )


def _scope(city_id: int | None, category_id: int | None) -> dict[str, Any]:
    return {"city": city_id, "category": category_id, "since": now() - WINDOW}


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
