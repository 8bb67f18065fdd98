"""Bad input gets a clear sentence, and what was written before stays as it was."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Point

from tasks_app.models import TaskDraft
from tasks_app.posting.errors import AddressUnclear, AnswersRefused
from tasks_app.posting.services import save_part, start_draft
from tests.factories import add_question, make_category, make_city
from tests.steps import write_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def draft(clock: Any) -> TaskDraft:
    clock.freeze(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))  # noon in Moscow
    return write_draft()


def refusal(draft: TaskDraft, part: str, **values: Any) -> AnswersRefused:
    """The refusal of the part's values; asserts that it changed nothing."""
    draft.refresh_from_db()
    before, changed_at = draft.data, draft.changed_at
    with pytest.raises(AnswersRefused) as refused:
        save_part(draft=draft, part=part, values=values)
    draft.refresh_from_db()
    assert draft.data == before
    assert draft.changed_at == changed_at
    return refused.value


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"title": ""}, "title", "Say in a few words"),
        ({"title": "  лю  "}, "title", "Say in a few words"),
        ({"title": "л" * 101}, "title", "too long"),
        ({"title": "Повесить люстру", "details": "д" * 4001}, "details", "too long"),
        ({"title": "Звоните 8 (916) 123-45-67"}, "title", "leave out phone numbers"),
        ({"title": "Повесить люстру", "details": "пишите на anna@example.org"}, "details", "leave out phone numbers"),
        ({"title": None, "details": None}, "title", "Say in a few words"),
        ({"title": ["повесить"], "details": {}}, "title", "Say in a few words"),
    ],
)
def test_words(draft: TaskDraft, values: dict[str, Any], field: str, sentence: str) -> None:
    refused = refusal(draft, "details", **values)
    assert refused.field == field
    assert sentence in refused.sentence


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"budget": "fixed", "price": "-500"}, "price", "at least"),
        ({"budget": "fixed", "price": "0"}, "price", "at least"),
        ({"budget": "fixed", "price": 10}, "price", "at least"),
        ({"budget": "fixed", "price": "999999999999"}, "price", "too high"),
        ({"budget": "fixed", "price": "9" * 20}, "price", "too high"),
        ({"budget": "fixed", "price": "9" * 400}, "price", "whole number"),
        ({"budget": "fixed", "price": ""}, "price", "whole number"),
        ({"budget": "fixed", "price": "дорого"}, "price", "whole number"),
        ({"budget": "fixed", "price": "25.50"}, "price", "whole number"),
        ({"budget": "fixed", "price": True}, "price", "whole number"),
        ({"budget": "fixed", "price": float("nan")}, "price", "whole number"),
        ({"budget": "range", "price": "5000", "price_high": "2000"}, "price_high", "above"),
        ({"budget": "range", "price": "5000", "price_high": "5000"}, "price_high", "above"),
        ({"budget": "range", "price": "5000"}, "price_high", "whole number"),
        ({"budget": "free"}, "budget", "how the price is set"),
        ({}, "budget", "how the price is set"),
        ({"budget": ["fixed"]}, "budget", "how the price is set"),
    ],
)
def test_budgets(draft: TaskDraft, values: dict[str, Any], field: str, sentence: str) -> None:
    refused = refusal(draft, "budget", **values)
    assert refused.field == field
    assert sentence in refused.sentence


@pytest.mark.parametrize("typed", ["2500", "2 500", "2\u00a0500", "2,500", 2500])
def test_prices_are_read_as_people_write_them(draft: TaskDraft, typed: Any) -> None:
    save_part(draft=draft, part="budget", values={"budget": "fixed", "price": typed})
    assert draft.data["budget"] == {"budget": "fixed", "price": 2500}


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"day": "2026-11-20", "slot": "evening"}, "day", "already passed"),
        ({"day": "2026-11-21", "slot": "morning"}, "slot", "already passed"),
        ({"day": "2026-11-21", "slot": "exact", "time": "11:59"}, "time", "already passed"),
        ({"day": "2027-11-21", "slot": "evening"}, "day", "within the next 90 days"),
        ({"day": "9999-12-31", "slot": "any"}, "day", "Choose a day"),
        ({"day": "0001-01-01", "slot": "any"}, "day", "Choose a day"),
        ({"day": "завтра", "slot": "any"}, "day", "Choose a day"),
        ({"slot": "evening"}, "day", "Choose a day"),
        ({"day": "2026-11-22"}, "slot", "Choose a time"),
        ({"day": "2026-11-22", "slot": "midnight"}, "slot", "Choose a time"),
        ({"day": "2026-11-22", "slot": "exact", "time": "25:00"}, "time", "Write the time"),
        ({"day": "2026-11-22", "slot": "exact"}, "time", "Write the time"),
        ({"day": 5, "slot": {}}, "day", "Choose a day"),
    ],
)
def test_times(draft: TaskDraft, values: dict[str, Any], field: str, sentence: str) -> None:
    refused = refusal(draft, "when", **values)
    assert refused.field == field
    assert sentence in refused.sentence


def test_the_present_moment_is_the_citys(clock: Any) -> None:
    """21:30 UTC on the 21st is half past two in the night of the 22nd in Yekaterinburg."""
    clock.freeze(datetime(2026, 11, 21, 21, 30, tzinfo=UTC))
    far = make_city(
        "yekaterinburg", name_ru="Екатеринбург", name_en="Yekaterinburg", time_zone="Asia/Yekaterinburg",
        bounds=(60.4, 56.7, 60.8, 57.0),
    )  # fmt: skip
    draft = write_draft(city=far, when={"day": "2026-11-22", "slot": "evening"})
    assert refusal(draft, "when", day="2026-11-21", slot="evening").field == "day"
    save_part(draft=draft, part="when", values={"day": "2026-11-22", "slot": "morning"})


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"lon": 39.0, "lat": 55.7, "address": "где-то"}, "address", "outside the cities where we work: Moscow"),
        ({"lon": "0", "lat": "0"}, "address", "outside"),
        ({"lon": 37.6, "lat": -55.7}, "address", "outside"),
        ({"city": "moscow"}, "address", "Write the address"),
        ({"address": "Арбат 5"}, "city", "Choose the city"),
        ({"city": "atlantis", "address": "Арбат 5"}, "city", "Choose the city"),
        ({"city": "moscow", "address": "Несуществующая 5"}, "address", "could not find this address in Moscow"),
        ({"city": "moscow", "address": "<script>alert(1)</script>"}, "address", "could not find"),
        ({"city": "moscow", "address": "а" * 241}, "address", "too long"),
        ({"city": "moscow", "address": "Арбат 5", "flat": "к" * 81}, "flat", "too long"),
        ({"lon": "nan", "lat": "inf"}, "address", "Write the address"),
        ({"lon": 10**400, "lat": 5}, "address", "Write the address"),
        ({"lon": {}, "lat": []}, "address", "Write the address"),
        ({"lon": 500, "lat": 55}, "address", "Write the address"),
    ],
)
def test_places(draft: TaskDraft, values: dict[str, Any], field: str, sentence: str) -> None:
    refused = refusal(draft, "place", **values)
    assert refused.field == field
    assert sentence in refused.sentence


def test_an_address_of_two_streets_is_asked_about(draft: TaskDraft) -> None:
    refused = refusal(draft, "place", city="moscow", address="тверск 12")
    assert isinstance(refused, AddressUnclear)
    assert [found.address for found in refused.candidates] == [
        "Tverskaya Street, 12",
        "1st Tverskaya-Yamskaya Street, 12",
    ]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("points", "field"),
    [
        ([], "points-0-address"),
        ([{"address": ""}], "points-0-address"),
        ("Арбат", "points-0-address"),
        ([{"address": "Арбат 3"}, {"lon": 39, "lat": 55}], "points-1-address"),
        ([{"address": "Арбат 3"}] * 8, "points-7-address"),
    ],
)
def test_routes(points: Any, field: str, clock: Any) -> None:
    draft = write_draft(category=make_category("courier", place="route"), place={"points": [{"address": "Арбат 3"}]})
    assert refusal(draft, "place", city="moscow", address="Арбат 5", points=points).field == field


def test_answers_to_questions() -> None:
    category = make_category()
    add_question(category, "walls", required=True)
    add_question(category, "lamps", kind="number", text_en="How many?", text_ru="Сколько?", options=[])
    add_question(category, "ladder", kind="yes_no", text_en="A ladder?", text_ru="Лестница?", options=[])
    add_question(category, "note", kind="text", text_en="A note", text_ru="Заметка", options=[])
    draft = start_draft(owner=None, category=category.slug)
    wrong = {"walls": "glass", "lamps": "много", "ladder": "perhaps", "note": "а" * 301}
    refused = refusal(draft, "questions", **wrong)
    assert set(refused.errors) == {"walls", "lamps", "ladder", "note"}
    assert set(refusal(draft, "questions").errors) == {"walls"}
    answers = {"walls": "brick", "lamps": "3", "ladder": "yes", "note": " у окна ", "unknown": "x"}
    save_part(draft=draft, part="questions", values=answers)
    assert draft.data["questions"] == {"walls": "brick", "lamps": 3, "ladder": "yes", "note": "у окна"}


def test_invisible_and_direction_changing_characters_are_dropped(draft: TaskDraft) -> None:
    save_part(
        draft=draft, part="details", values={"title": "Повесить\0 \u202eлюстру\u200b", "details": "раз\r\nдва\x07"}
    )
    assert draft.data["details"] == {"title": "Повесить люстру", "details": "раз\nдва"}


def test_a_script_in_the_text_is_text(draft: TaskDraft) -> None:
    save_part(draft=draft, part="details", values={"title": "<script>alert(1)</script>", "details": ""})
    assert draft.data["details"]["title"] == "<script>alert(1)</script>"


def test_another_category_asks_its_own_questions_again(draft: TaskDraft) -> None:
    save_part(draft=draft, part="category", values={"category": make_category("logo", place="remote").slug})
    assert "questions" not in draft.data
    assert "place" not in draft.data
    assert draft.data["details"]["title"] == "Повесить люстру и два бра"


def test_a_point_without_an_address_gets_the_nearest_one(draft: TaskDraft) -> None:
    x, y = make_city().centre.coords
    save_part(draft=draft, part="place", values={"lon": x - 0.03, "lat": y + 0.0005})
    assert draft.data["place"]["address"] == "Tverskaya Street, 20"
    assert Point(draft.data["place"]["lon"], draft.data["place"]["lat"]).distance(Point(x - 0.03, y + 0.0005)) < 1e-6
