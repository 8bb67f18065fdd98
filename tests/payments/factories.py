"""Leaves that money tests stand on."""

from datetime import timedelta
from itertools import count

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from marketplace.kit.rows import rows
from payments.models import Tariff
from tasks_app.models import Category, CategoryGroup, City, Response, Task

_number = count(1)


def person(name: str = "Андрей Климов") -> User:
    n = next(_number)
    return User.objects.create_user(name=name, phone=f"+7900{n:07d}", phone_confirmed_at=now())


def city() -> City:
    outline = MultiPolygon(Polygon.from_bbox((37.3, 55.5, 37.9, 55.95)))
    return City.objects.get_or_create(
        slug="moscow",
        defaults={
            "name_ru": "Москва",
            "name_en": "Moscow",
            "name_ru_in": "в Москве",
            "time_zone": "Europe/Moscow",
            "centre": Point(37.6173, 55.7558),
            "outline": outline,
        },
    )[0]


def category() -> Category:
    group = CategoryGroup.objects.get_or_create(
        slug="repairs", defaults={"name_ru": "Ремонт", "name_en": "Repairs", "icon": "tool"}
    )[0]
    return Category.objects.get_or_create(
        slug="handyman", defaults={"group": group, "name_ru": "Мелкий ремонт", "name_en": "Handyman", "icon": "tool"}
    )[0]


def tariff(fee_minor: int = 12_000) -> Tariff:
    return Tariff.objects.create(
        category=category(),
        city=city(),
        response_fee_minor=fee_minor,
        subscription_minor=149_000,
        valid_from=now() - timedelta(days=30),
        announced_at=now(),
    )


def bucket_of(executor_id: int, rollout_id: int) -> int:
    """0 to 99: the executor belongs to a roll-out whose share is above it."""
    return int(rows("SELECT payments_bucket(%s, %s)", [executor_id, rollout_id])[0][0])


def response(executor: User, customer: User | None = None) -> Response:
    """A response row alone, without its charge: charging is what these tests do."""
    task = Task.objects.create(
        customer=customer or person("Ирина Павлова"),
        category=category(),
        city=city(),
        title="Повесить люстру",
        is_remote=True,
        respond_by=now() + timedelta(days=7),
    )
    return Response.objects.create(
        task=task,
        executor=executor,
        operation=f"op-{next(_number)}",
        message="Приеду сегодня",
        price_minor=230_000,
        unopened_due_at=now() + timedelta(hours=48),
    )
