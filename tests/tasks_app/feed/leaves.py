"""Leaves for the feed's tests: a city, categories, people and many open tasks. Published directly: the feed only reads."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from tasks_app.models import Category, CategoryGroup, City, District, Task
from tasks_app.posting.grid import public_point

CENTRE = (37.62, 55.75)


def square(longitude: float, latitude: float, half: float) -> MultiPolygon:
    left, bottom, right, top = longitude - half, latitude - half, longitude + half, latitude + half
    return MultiPolygon(Polygon.from_bbox((left, bottom, right, top)), srid=4326)


def a_city(slug: str = "moscow", centre: tuple[float, float] = CENTRE, **fields: Any) -> City:
    """A square of one degree with four districts that touch in the middle."""
    names = {"name_ru": "Москва", "name_en": "Moscow", "name_ru_in": "в Москве", "time_zone": "Europe/Moscow"}
    city = City.objects.create(
        slug=slug, centre=Point(*centre, srid=4326), outline=square(*centre, 0.5), **{**names, **fields}
    )
    for number, (east, north) in enumerate([(-1, -1), (1, -1), (-1, 1), (1, 1)], start=1):
        outline = square(centre[0] + east * 0.25, centre[1] + north * 0.25, 0.25)
        District.objects.create(
            city=city, slug=f"d{number}", name_ru=f"Район {number}", name_en=f"District {number}", outline=outline
        )
    return city


def some_categories(count: int = 3) -> list[Category]:
    group, _ = CategoryGroup.objects.get_or_create(
        slug="home", defaults={"name_ru": "Дом", "name_en": "Home", "icon": "home"}
    )
    return [
        Category.objects.create(
            group=group, slug=f"c{number}", name_ru=f"Услуга {number}", name_en=f"Service {number}", icon="repair"
        )
        for number in range(1, count + 1)
    ]


def a_person(number: int = 1, **fields: Any) -> User:
    return User.objects.create_user(**{"name": "Анна Волкова", "phone": f"+7900000{number:04d}", **fields})


def an_open_task(
    *, customer: User, category: Category, city: City, at: tuple[float, float] | None = CENTRE, **fields: Any
) -> Task:
    """Remote without `at`."""
    place: dict[str, Any] = {"is_remote": True}
    if at is not None:
        exact = Point(*at, srid=4326)
        shown = public_point(exact)
        middle = shown.transform(4326, clone=True)
        district = District.objects.filter(city=city, outline__covers=middle).order_by("id").first()
        place = {"point": exact, "public_point": shown, "district": district, "address": "Секретная улица, 7"}
    fields = {"title": "Повесить люстру", "respond_by": now() + timedelta(days=7), **place, **fields}
    return Task.objects.create(customer=customer, category=category, city=city, **fields)


def many_open_tasks(
    random: Random, count: int, *, customer: User, categories: list[Category], city: City, start: datetime
) -> list[Task]:
    """Spread over the city, many in the same cells and at the same moments, of all kinds; some are not open any more."""
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
                created_at=start - timedelta(minutes=random.randint(0, 40)),
            )
        )
    return tasks
