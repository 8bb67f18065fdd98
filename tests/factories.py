"""Leaves only: a city, a category, a person. Everything that has a life is made by the services (tests/steps.py)."""

import itertools
from typing import Any

from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon

from marketplace.accounts.models import User
from marketplace.accounts.services import make_person
from tasks_app.models import Category, CategoryGroup, City, District, Question, Street

_number = itertools.count(1)
MOSCOW = (37.6176, 55.7520)


def box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=4326)


def make_city(slug: str = "moscow", **fields: Any) -> City:
    """Moscow as a box with two districts, west and east of its middle, and three streets; found again when it exists."""
    known = City.objects.filter(slug=slug).first()
    if known:
        return known
    west, south, east, north = fields.pop("bounds", (37.35, 55.57, 37.85, 55.92))
    values = {
        "name_ru": "Москва",
        "name_en": "Moscow",
        "name_ru_in": "в Москве",
        "time_zone": "Europe/Moscow",
        "centre": Point((west + east) / 2, (south + north) / 2, srid=4326),
        "outline": box(west, south, east, north),
        **fields,
    }
    city = City.objects.create(slug=slug, **values)
    middle = (west + east) / 2
    districts = District.objects.bulk_create(
        District(city=city, slug=side, name_ru=ru, name_en=en, outline=box(*bounds))
        for side, ru, en, bounds in (
            ("west", "Хамовники", "Khamovniki", (west, south, middle, north)),
            ("east", "Басманный", "Basmanny", (middle, south, east, north)),
        )
    )
    heights = [(south + north) / 2 + 0.01 * place for place in range(3)]
    Street.objects.bulk_create(
        Street(
            city=city, district=districts[0], name_ru=ru, name_en=en, last_house=40,
            line=LineString((middle - 0.05, height), (middle - 0.01, height), srid=4326),
        )
        for height, (ru, en) in zip(heights, (
            ("Тверская улица", "Tverskaya Street"),
            ("улица Арбат", "Arbat Street"),
            ("1-я Тверская-Ямская улица", "1st Tverskaya-Yamskaya Street"),
        ), strict=True)
    )  # fmt: skip
    return city


def make_category(slug: str = "electrician", **fields: Any) -> Category:
    known = Category.objects.filter(slug=slug).first()
    if known:
        return known
    number = next(_number)
    group = (
        fields.pop("group", None)
        or CategoryGroup.objects.get_or_create(
            slug="repairs", defaults={"name_ru": "Ремонт", "name_en": "Repairs", "icon": "repair"}
        )[0]
    )
    values = {
        "name_ru": "Электрик",
        "name_en": "Electrician",
        "icon": "electric",
        "keywords_ru": "повесить люстру\nрозетка",
        "keywords_en": "hang a chandelier\nsocket",
        "position": number,
        **fields,
    }
    return Category.objects.create(group=group, slug=slug, **values)


def add_question(category: Category, key: str = "walls", **fields: Any) -> Question:
    values = {
        "text_ru": "Какие стены?",
        "text_en": "What are the walls made of?",
        "kind": "choice",
        "options": [
            {"key": "concrete", "ru": "бетон", "en": "concrete"},
            {"key": "brick", "ru": "кирпич", "en": "brick"},
        ],
        **fields,
    }
    return Question.objects.create(category=category, key=key, **values)


def make_customer(name: str = "Мария Смирнова", **fields: Any) -> User:
    """Somebody whose phone and e-mail are confirmed."""
    number = next(_number)
    return make_person(name=name, phone=f"+7916{number:07d}", email=f"person{number}@example.org", **fields)
