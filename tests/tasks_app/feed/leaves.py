"""Many open tasks at once for the feed's tests, written straight into the table: the feed only reads."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.gis.geos import Point

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from tasks_app.catalogue.selectors import district_of_cell
from tasks_app.models import Category, City, Task
from tasks_app.posting.grid import public_point
from tests.factories import MOSCOW, make_category

CENTRE = MOSCOW


def some_categories(count: int = 3) -> list[Category]:
    return [make_category(f"c{number}", name_ru=f"Услуга {number}") for number in range(1, count + 1)]


def an_open_task(
    *, customer: User, category: Category, city: City, at: tuple[float, float] | None = CENTRE, **fields: Any
) -> Task:
    """Remote without `at`."""
    place: dict[str, Any] = {"is_remote": True}
    if at is not None:
        exact = Point(*at, srid=4326)
        shown = public_point(exact)
        district = district_of_cell(shown, city=city)
        place = {"point": exact, "public_point": shown, "district": district, "address": "Секретная улица, 7"}
    fields = {"title": "Повесить люстру", "respond_by": now() + timedelta(days=7), **place, **fields}
    return Task.objects.create(customer=customer, category=category, city=city, **fields)


def many_open_tasks(
    random: Random, count: int, *, customer: User, categories: list[Category], city: City, start: datetime
) -> list[Task]:
    """Spread over the city, many in the same cells and at the same moments, of all kinds; some are not open any more, some
    past their last moment and not closed yet."""
    tasks = []
    for _number in range(count):
        spread = random.choice([0.01, 0.1, 0.4])
        at = (city.centre.x + random.uniform(-spread, spread), city.centre.y + random.uniform(-spread, spread))
        begins = start + timedelta(hours=random.randint(-30, 60))
        timing = random.choice(["exact", "window", "flexible"])
        budget = random.choice(["fixed", "range", "offer"])
        price = None if budget == "offer" else random.randint(1, 50) * 10_000
        tasks.append(
            an_open_task(
                customer=customer,
                category=random.choice(categories),
                city=city,
                at=None if random.random() < 0.15 else at,
                status=random.choices(["open", "assigned", "closed"], [8, 1, 1])[0],
                timing=timing,
                starts_at=None if timing == "flexible" else begins,
                ends_at=begins + timedelta(hours=3) if timing == "window" else None,
                budget=budget,
                price_minor=price,
                price_high_minor=price + 50_000 if price and budget == "range" else None,
                photos_count=random.choice([0, 0, 2]),
                respond_by=now() + timedelta(days=random.choice([-1, 3, 7])),
                created_at=start - timedelta(minutes=random.randint(0, 40)),
            )
        )
    return tasks
