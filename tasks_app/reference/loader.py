"""Writes the reference files to the database. What is missing is created; what is there is left as operators made it,
unless `overwrite` says that the files are right. Nothing is ever deleted: tasks may stand on it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.contrib.gis.geos import LineString, MultiPolygon, Point
from django.db import models, transaction

from marketplace.kit.money import Money
from payments.services import ListPrice, publish_tariffs
from tasks_app.models import Category, CategoryGroup, City, District, Question, Street
from tasks_app.reference import files
from tasks_app.reference.geometry import WGS84, district_cells, outline


@dataclass
class Tally:
    created: int = 0
    updated: int = 0
    kept: int = 0


@transaction.atomic
def load_all(*, overwrite: bool = False) -> Tally:
    tally = Tally()
    for position, group in enumerate(files.groups()):
        _load_group(position, group, overwrite, tally)
    for position, city in enumerate(files.cities()):
        _load_city(position, city, overwrite, tally)
    tally.created += _load_tariffs(overwrite)
    return tally


def _load_tariffs(overwrite: bool) -> int:
    tariffs = files.tariffs()
    categories = dict(Category.objects.values_list("slug", "id"))
    cities = dict(City.objects.values_list("slug", "id"))
    prices = [
        ListPrice(
            category_id=categories[category.slug],
            city_id=cities[city.slug],
            response_fee=Money(tariffs.fee(category, city.tariff_class) * 100, tariffs.currency),
            subscription=Money(tariffs.month(category, city.tariff_class) * 100, tariffs.currency),
        )
        for group in files.groups()
        for category in group.categories
        for city in files.cities()
    ]
    begins = datetime.combine(tariffs.valid_from, time(), tzinfo=UTC)
    return publish_tariffs(prices=prices, valid_from=begins, overwrite=overwrite)


def _put(model: type[models.Model], key: dict[str, Any], fields: dict[str, Any], overwrite: bool, tally: Tally) -> Any:
    row = model._default_manager.filter(**key).first()
    if row is None:
        tally.created += 1
        return model._default_manager.create(**key, **fields)
    if not overwrite:
        tally.kept += 1
        return row
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        row.save(update_fields=changed)
        tally.updated += 1
    else:
        tally.kept += 1
    return row


def _load_group(position: int, group: files.GroupFile, overwrite: bool, tally: Tally) -> None:
    fields = {"name_ru": group.ru, "name_en": group.en, "icon": group.icon, "position": position}
    row = _put(CategoryGroup, {"slug": group.slug}, fields, overwrite, tally)
    for place, category in enumerate(group.categories):
        _load_category(position * 100 + place, row, category, overwrite, tally)


def _load_category(
    position: int, group: CategoryGroup, category: files.CategoryFile, overwrite: bool, tally: Tally
) -> None:
    fields = {
        "group": group,
        "name_ru": category.ru,
        "name_en": category.en,
        "icon": category.icon,
        "place": category.place,
        "default_minutes": category.minutes,
        "max_responses": category.max_responses,
        "keywords_ru": "\n".join(category.keywords_ru),
        "keywords_en": "\n".join(category.keywords_en),
        "usual_low_minor": category.usual[0] * 100,
        "usual_high_minor": category.usual[1] * 100,
        "position": position,
    }
    row = _put(Category, {"slug": category.slug}, fields, overwrite, tally)
    for place, question in enumerate(category.questions):
        asked = {
            "text_ru": question.ru,
            "text_en": question.en,
            "kind": question.kind,
            "options": list(question.options),
            "position": place,
        }
        _put(Question, {"category": row, "key": question.key}, asked, overwrite, tally)


def _load_city(position: int, city: files.CityFile, overwrite: bool, tally: Tally) -> None:
    fields = {
        "name_ru": city.ru,
        "name_en": city.en,
        "name_ru_in": city.ru_in,
        "time_zone": city.time_zone,
        "currency": city.currency,
        "centre": Point(*city.centre, srid=WGS84),
        "outline": outline(city),
        "position": position,
    }
    row = _put(City, {"slug": city.slug}, fields, overwrite, tally)
    cells = district_cells(city)
    districts = {}
    for district in city.districts:
        drawn = {"name_ru": district.ru, "name_en": district.en, "outline": cells[district.slug]}
        districts[district.slug] = _put(District, {"city": row, "slug": district.slug}, drawn, overwrite, tally)
    for street in city.streets:
        line = LineString(street.line, srid=WGS84)
        laid = {
            "name_en": street.en,
            "line": line,
            "last_house": street.houses,
            "district": districts.get(_district_of(line, cells)),
        }
        _put(Street, {"city": row, "name_ru": street.ru}, laid, overwrite, tally)


def _district_of(line: LineString, cells: dict[str, MultiPolygon]) -> str:
    """The district with the longest part of the street."""
    return max(cells, key=lambda slug: line.intersection(cells[slug]).length)
