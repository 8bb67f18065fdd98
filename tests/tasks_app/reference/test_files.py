"""The data files themselves: complete in both languages, true to their place, and in agreement with each other."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.gis.geos import LineString, Point, Polygon

import tasks_app
from tasks_app.models import Category, Question
from tasks_app.reference import basemap, files
from tasks_app.reference.geometry import closed, district_cells, outline

CATEGORIES = [category for group in files.groups() for category in group.categories]
CYRILLIC = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")


def is_russian(text: str) -> bool:
    return bool(CYRILLIC & set(text.lower()))


def test_there_are_twelve_groups_and_about_seventy_categories() -> None:
    assert len(files.groups()) == 12
    assert 70 <= len(CATEGORIES) <= 80
    assert all(5 <= len(group.categories) <= 9 for group in files.groups())


def test_slugs_are_used_once() -> None:
    slugs = [group.slug for group in files.groups()] + [category.slug for category in CATEGORIES]
    assert [slug for slug, times in Counter(slugs).items() if times > 1] == []


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.slug)
def test_a_category_is_complete_in_both_languages(category: files.CategoryFile) -> None:
    assert category.ru
    assert category.en
    assert not is_russian(category.en)
    assert len(category.keywords_ru) >= 4
    assert len(category.keywords_en) >= 3
    assert not any(is_russian(word) for word in category.keywords_en)
    assert 2 <= len(category.questions) <= 4
    for question in category.questions:
        assert is_russian(question.ru)
        assert not is_russian(question.en)
        assert question.kind in Question.Kind.values
        assert (question.kind == "choice") == bool(question.options)
        assert all(option["ru"] and option["en"] and not is_russian(option["en"]) for option in question.options)
        assert len({option["key"] for option in question.options}) == len(question.options)


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.slug)
def test_a_category_has_sensible_numbers(category: files.CategoryFile) -> None:
    low, high = category.usual
    assert 0 < low < high
    assert 30 <= category.fee <= low, "a response never costs more than the cheapest usual work"
    assert category.month > category.fee * 10
    assert category.place in Category.Place.values
    assert category.minutes >= 30


def test_every_icon_is_drawn() -> None:
    drawn = json.loads((Path(tasks_app.__file__).parent.parent / "frontend/assets/icons/icons.json").read_text())
    named = {group.icon for group in files.groups()} | {category.icon for category in CATEGORIES}
    assert named - set(drawn) == set()


def test_prices_are_scaled_by_the_class_of_the_city() -> None:
    tariffs = files.tariffs()
    plumbing = next(category for category in CATEGORIES if category.slug == "plumbing")
    assert [tariffs.fee(plumbing, name) for name in ("capital", "large", "regional")] == [150, 130, 100]
    assert all(city.tariff_class in tariffs.classes for city in files.cities())


@pytest.mark.parametrize("city", files.cities(), ids=lambda c: c.slug)
def test_a_city_is_where_it_should_be(city: files.CityFile) -> None:
    whole = outline(city)
    assert whole.valid
    assert whole.contains(Point(*city.centre, srid=4326))
    assert 10 <= len(city.districts) <= 25
    assert 60 <= len(city.streets) <= 150
    assert all(whole.contains(Point(*district.centre, srid=4326)) for district in city.districts)
    assert [street.ru for street in city.streets if not whole.contains(LineString(street.line, srid=4326))] == []
    names = Counter(street.ru for street in city.streets)
    assert [name for name, times in names.items() if times > 1] == []
    assert all(is_russian(s.ru) and not is_russian(s.en) and s.houses > 0 for s in city.streets)


@pytest.mark.parametrize("city", files.cities(), ids=lambda c: c.slug)
def test_districts_tile_the_city(city: files.CityFile) -> None:
    cells = district_cells(city)
    whole = outline(city)
    assert all(cell.valid and cell.area > 0 for cell in cells.values())
    assert sum(cell.area for cell in cells.values()) == pytest.approx(whole.area, rel=1e-6)
    for district in city.districts:
        assert cells[district.slug].contains(Point(*district.centre, srid=4326))


@pytest.mark.parametrize("city", files.cities(), ids=lambda c: c.slug)
def test_a_drawn_map_is_valid_and_fresh(city: files.CityFile) -> None:
    for shape in city.drawing["parks"] + city.drawing["lakes"]:
        assert Polygon(closed(tuple(map(tuple, shape["ring"])))).valid, shape["name"]["ru"]
    stored = Path(tasks_app.__file__).parent / "static" / "basemap" / f"{city.slug}.json"
    assert json.loads(stored.read_text()) == json.loads(json.dumps(basemap.draw(city))), "run manage.py draw_basemap"
