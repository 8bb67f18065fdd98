"""People find the category by what they type: any form of the words, typos, two languages, the wrong layout."""

import pytest

from tasks_app.catalogue.search import search_categories, well_written
from tasks_app.models import Category
from tests.factories import make_category

pytestmark = pytest.mark.django_db

CATALOGUE = {
    "electrician": ("Электрик", "Electrician", "повесить люстру\nрозетка\nвыключатель", "hang a chandelier\nsocket"),
    "handyman": ("Мастер на час", "Handyman", "повесить полку\nмелкий ремонт", "hang a shelf\nsmall repairs"),
    "plumber": ("Сантехник", "Plumber", "течёт кран\nзасор\nзаменить смеситель", "leaking tap\nblocked drain"),
    "windows": ("Мытьё окон", "Window cleaning", "помыть окна\nвымыть окна", "wash windows"),
    "cleaning": ("Уборка квартиры", "Flat cleaning", "убраться дома\nклининг", "clean my flat\ncleaning"),
    "courier": ("Пеший курьер", "Courier on foot", "отвезти документы\nдоставить посылку", "deliver documents"),
    "maths": ("Математика", "Maths", "репетитор по математике\nподготовка к егэ", "maths tutor"),
    "dogs": ("Выгул собак", "Dog walking", "погулять с собакой", "walk my dog"),
    "washers": ("Стиральные машины", "Washing machines", "не сливает воду", "washer does not drain"),
}


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    for slug, (ru, en, keywords_ru, keywords_en) in CATALOGUE.items():
        make_category(slug, name_ru=ru, name_en=en, keywords_ru=keywords_ru, keywords_en=keywords_en)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("повесить люстру", "electrician"),
        ("Повесить люстру", "electrician"),
        ("пвесить люстру", "electrician"),
        ("люстра", "electrician"),
        ("нужно повесить люстру на кухне и два бра", "electrician"),
        ("hang a chandelier", "electrician"),
        ("hanging chandeliers", "electrician"),
        ("gjdtcbnm k.cnhe", "electrician"),
        ("рфтп ф срфтвудшук", "electrician"),
        ("электрик", "electrician"),
        ("элкетрик", "electrician"),
        ("electrcian", "electrician"),
        ("сантехнк", "plumber"),
        ("течет кран", "plumber"),
        ("вымыть окно", "windows"),
        ("отвезти документ", "courier"),
        ("доставка посылки", "courier"),
        ("уборка в квартире", "cleaning"),
        ("репетитор математики", "maths"),
        ("погулять с собаками", "dogs"),
        ("walking my dogs", "dogs"),
        ("сломалась стиральная машинка", "washers"),
        ("washing machine", "washers"),
    ],
)
def test_the_first_find_is_the_one_meant(query: str, first: str) -> None:
    found = [match.category.slug for match in search_categories(query)]
    assert found[:1] == [first], found


def test_the_likes_of_it_come_after() -> None:
    found = [match.category.slug for match in search_categories("повесить")]
    assert set(found[:2]) == {"electrician", "handyman"}


@pytest.mark.parametrize("query", ["", "   ", "xyzzyqwv", "ж", "%%%", "'; drop table tasks_app_category; --"])
def test_noise_finds_nothing_and_breaks_nothing(query: str) -> None:
    assert search_categories(query) == []
    assert Category.objects.count() == len(CATALOGUE)


def test_a_very_long_text_is_still_answered() -> None:
    assert search_categories("повесить люстру " * 1000)[0].category.slug == "electrician"


def test_a_category_that_was_switched_off_is_not_found() -> None:
    Category.objects.filter(slug="electrician").update(is_active=False)
    assert "electrician" not in [match.category.slug for match in search_categories("повесить люстру")]


def test_new_keywords_are_found_at_once() -> None:
    Category.objects.filter(slug="handyman").update(keywords_ru="прибить картину")
    assert search_categories("прибить картину")[0].category.slug == "handyman"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("повесить люстру", "повесить люстру"),
        ("Повесить  две полки", "Повесить две полки"),  # «две» is nowhere in the catalogue and like nothing in it
        ("помыть окно", "помыть окно"),  # another form of a known word
        ("погулять с собаками", "погулять с собаками"),
        ("Течет кран", "Течет кран"),
        ("пвесить люстру", "повесить люстру"),
        ("повесить люстур", ""),  # the nearest word stands in another form: «повесить люстра» is worse than nothing
        ("gjdtcbnm k.cnhe", "повесить люстру"),
        ("hang a shelf", "hang a shelf"),
        ("hanging chandeliers", "hanging chandeliers"),
        ("clean my flta", ""),
        ("electrcian", "electrician"),
        ("xyzzyqwv", ""),
        ("", ""),
        ("повесить люстру " * 1000, ""),
    ],
)
def test_only_what_is_well_written_becomes_a_title(query: str, title: str) -> None:
    assert well_written(query) == title
