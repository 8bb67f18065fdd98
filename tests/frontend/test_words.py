"""Numbers, dates and distances as people write them in the two languages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from frontend import words
from marketplace.kit.money import Money
from tests.conftest import Clock

NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # 12:00 in Moscow
MOSCOW = "Europe/Moscow"


@pytest.fixture(autouse=True)
def _saturday_noon(clock: Clock) -> None:
    clock.freeze(NOON)


@pytest.mark.parametrize(
    ("language", "days", "text"),
    [
        ("ru", 0, "сегодня, 12:00"),
        ("ru", -1, "вчера, 12:00"),
        ("ru", 1, "завтра, 12:00"),
        ("ru", 3, "24 ноября, 12:00"),
        ("en", 0, "today, 12:00"),
        ("en", 3, "24 November, 12:00"),
        ("ru", 60, "20 января 2027, 12:00"),
    ],
)
def test_a_moment_is_told_as_people_tell_it(language: str, days: int, text: str) -> None:
    with translation.override(language):
        assert words.moment(NOON + timedelta(days=days), MOSCOW) == text


def test_a_window_names_its_day_once(in_russian: None) -> None:
    start = NOON + timedelta(days=1, hours=6)
    assert words.window(start, start + timedelta(hours=3), MOSCOW) == "завтра, 18:00–21:00"
    assert words.window(start, None, MOSCOW) == "завтра, 18:00"
    assert words.window(start, start + timedelta(hours=8), MOSCOW).startswith("завтра, 18:00 – 23 ноября")


def test_the_day_is_the_place_s_day_not_the_server_s(in_russian: None) -> None:
    late = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
    assert words.day(late, MOSCOW) == "завтра"
    assert words.day(late, "UTC") == "сегодня"


@pytest.mark.parametrize(
    ("metres", "ru", "en"),
    [(4, "10 м", "10 m"), (847, "850 м", "850 m"), (1240, "1,2 км", "1.2 km"), (14_400, "14 км", "14 km")],
)
def test_distances_are_rounded_to_what_matters(metres: int, ru: str, en: str) -> None:
    with translation.override("ru"):
        assert words.distance(metres) == ru
    with translation.override("en"):
        assert words.distance(metres) == en


def test_ages_durations_shares_and_ratings(in_russian: None) -> None:
    assert words.ago(NOON - timedelta(seconds=20)) == "только что"
    assert words.ago(NOON - timedelta(minutes=5)) == "5 мин назад"
    assert words.ago(NOON - timedelta(hours=3)) == "3 ч назад"
    assert words.duration(45) == "45 мин"
    assert words.duration(150) == "2 ч 30 мин"
    assert words.percent(0.824) == "82 %"
    assert words.rating(4.9) == "4,90"
    assert words.number(1240).replace("\xa0", " ") == "1 240"


def test_initials_and_hues_are_steady() -> None:
    assert words.initials("Андрей К.") == "АК"
    assert words.initials("") == "?"
    assert words.hue(17) == words.hue(17)
    assert {words.hue(number) for number in range(60)} == set(range(8))


def test_filters_take_numbers_that_came_through_a_component_s_attribute(in_russian: None) -> None:
    from django.template import engines

    from frontend.templatetags.poruchi import star_marks

    page = engines["django"].from_string("{{ text|rating }} {{ text|whole }} {{ nothing|rating }}{{ wide|number }}")
    assert page.render({"text": "4,4", "nothing": None, "wide": "1\xa0240"}) == "4,40 4 1\xa0240"
    assert star_marks("4,4") == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("language", "text"),
    [("ru", "6\N{NO-BREAK SPACE}500 – 10\N{NO-BREAK SPACE}050\N{NO-BREAK SPACE}₽"), ("en", "₽6,500–10,050")],
)
def test_a_range_of_prices_has_its_sign_where_the_language_has_it(language: str, text: str) -> None:
    with translation.override(language):
        assert words.price_range(Money(650_000), Money(1_005_000)) == text
