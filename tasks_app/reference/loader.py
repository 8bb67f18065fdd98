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

Key = dict[str, Any]
Fields = dict[str, Any]


@dataclass
class Tally:
    created: int = 0
    updated: int = 0
    kept: int = 0


@transaction.atomic
def load_all(*, overwrite: bool = False) -> Tally:
    tally = Tally()
    _load_groups(overwrite, tally)
    _load_cities(overwrite, tally)
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


def _put(model: type[models.Model], rows: list[tuple[Key, Fields]], overwrite: bool, tally: Tally) -> list[Any]:
    """The rows of one model, in the order given. All keys name the same columns; what is missing is created in one go."""
    if not rows:
        return []
    names = tuple(rows[0][0])
    joined = [name for name in names if model._meta.get_field(name).is_relation]
    present = model._default_manager.select_related(*joined) if joined else model._default_manager.all()
    known = {tuple(getattr(row, name) for name in names): row for row in present}
    missing = {tuple(key.values()): model(**key, **fields) for key, fields in rows if tuple(key.values()) not in known}
    for new in missing.values():
        _check(new)
    model._default_manager.bulk_create(missing.values(), batch_size=500)
    tally.created += len(missing)
    for key, fields in rows:
        row = known.get(tuple(key.values()))
        if row is not None:
            _refresh(row, fields, overwrite, tally)
    return [known.get(tuple(key.values())) or missing[tuple(key.values())] for key, _fields in rows]


def _refresh(row: Any, fields: Fields, overwrite: bool, tally: Tally) -> None:
    changed = [name for name, value in fields.items() if getattr(row, name) != value] if overwrite else []
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        _check(row)
        row.save(update_fields=changed)
        tally.updated += 1
    else:
        tally.kept += 1


def _check(row: models.Model) -> None:
    """Raises ValidationError as the admin would; what only the database knows is left to its constraints."""
    row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})
    row.clean()


def _load_groups(overwrite: bool, tally: Tally) -> None:
    groups = [
        ({"slug": group.slug}, {"name_ru": group.ru, "name_en": group.en, "icon": group.icon, "position": position})
        for position, group in enumerate(files.groups())
    ]
    rows = _put(CategoryGroup, groups, overwrite, tally)
    written = [
        (category, row, position * 100 + place)
        for position, (group, row) in enumerate(zip(files.groups(), rows, strict=True))
        for place, category in enumerate(group.categories)
    ]
    categories = [({"slug": c.slug}, _category_fields(c, row, position)) for c, row, position in written]
    saved = _put(Category, categories, overwrite, tally)
    questions = [
        ({"category": row, "key": question.key}, _question_fields(question, place))
        for (category, _group, _position), row in zip(written, saved, strict=True)
        for place, question in enumerate(category.questions)
    ]
    _put(Question, questions, overwrite, tally)


def _category_fields(category: files.CategoryFile, group: CategoryGroup, position: int) -> Fields:
    return {
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


def _question_fields(question: files.QuestionFile, position: int) -> Fields:
    return {
        "text_ru": question.ru,
        "text_en": question.en,
        "kind": question.kind,
        "options": list(question.options),
        "position": position,
    }


def _load_cities(overwrite: bool, tally: Tally) -> None:
    cities = [({"slug": city.slug}, _city_fields(city, position)) for position, city in enumerate(files.cities())]
    districts: list[tuple[Key, Fields]] = []
    streets: list[tuple[files.StreetFile, City, str]] = []
    for city, row in zip(files.cities(), _put(City, cities, overwrite, tally), strict=True):
        cells = district_cells(city)
        for district in city.districts:
            drawn = {"name_ru": district.ru, "name_en": district.en, "outline": cells[district.slug]}
            districts.append(({"city": row, "slug": district.slug}, drawn))
        streets += [(street, row, _district_of(LineString(street.line, srid=WGS84), cells)) for street in city.streets]
    by_place = {(row.city_id, row.slug): row for row in _put(District, districts, overwrite, tally)}
    laid = [
        ({"city": row, "name_ru": street.ru}, _street_fields(street, by_place[row.pk, slug]))
        for street, row, slug in streets
    ]
    _put(Street, laid, overwrite, tally)


def _city_fields(city: files.CityFile, position: int) -> Fields:
    return {
        "name_ru": city.ru,
        "name_en": city.en,
        "name_ru_in": city.ru_in,
        "time_zone": city.time_zone,
        "currency": city.currency,
        "centre": Point(*city.centre, srid=WGS84),
        "outline": outline(city),
        "position": position,
    }


def _street_fields(street: files.StreetFile, district: District) -> Fields:
    return {
        "name_en": street.en,
        "line": LineString(street.line, srid=WGS84),
        "last_house": street.houses,
        "district": district,
    }


def _district_of(line: LineString, cells: dict[str, MultiPolygon]) -> str:
    """The district with the longest part of the street."""
    return max(cells, key=lambda slug: line.intersection(cells[slug]).length)
