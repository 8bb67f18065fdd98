"""What would break the site is not taken: the admin says why in a sentence, and nothing changes."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.test import Client

from marketplace.kit.models import AuditEvent
from marketplace.kit.money import is_currency
from tasks_app.catalogue.services import save_reference
from tasks_app.models import Category, CategoryGroup, City, Question, Street
from tests.factories import add_question, make_category, make_city, make_customer
from tests.people import sign_in
from tests.steps import post_task
from tests.tasks_app.catalogue.test_admin import form_of

pytestmark = pytest.mark.django_db
NEW = {"key": "new", "ru": "новая", "en": "new"}
OLD = {"key": "old", "ru": "старая", "en": "old"}
OUTSIDE = '{"type": "Point", "coordinates": [49.1, 55.8]}'
CROSSED = "MULTIPOLYGON (((37 55, 38 56, 38 55, 37 56, 37 55)))"
FAR = "MULTIPOLYGON (((370 55, 380 55, 380 56, 370 55)))"


@pytest.fixture
def operator(client: Client) -> Client:
    return sign_in(client, make_customer("Ольга Петрова", staff_role="operator"))


def columns(row: models.Model) -> dict[str, Any]:
    return type(row)._default_manager.filter(pk=row.pk).values().get()


def assert_refused(operator: Client, row: models.Model, change: dict[str, Any], sentence: str) -> None:
    """The page comes back with the sentence; neither the row nor the audit log has changed."""
    before = columns(row)
    address = f"/admin/tasks_app/{row._meta.model_name}/{row.pk}/change/"
    answer = operator.post(address, form_of(operator, address) | change)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert columns(row) == before
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"icon": "no-such-icon"}, "Значка «no-such-icon» нет."),
        ({"default_minutes": "0"}, "больше либо равно 1."),
        ({"default_minutes": "2000000000"}, "меньше либо равно 43200."),
        ({"max_responses": "0"}, "больше либо равно 1."),
        ({"usual_low_minor": "-1"}, "больше либо равно 0."),
        ({"usual_low_minor": "500", "usual_high_minor": "499"}, "Обычная цена «от» не может быть больше"),
    ],
    ids=["icon", "no-time", "endless", "no-responses", "negative-price", "prices-swapped"],
)
def test_a_category_is_not_made_unusable(operator: Client, change: dict[str, str], sentence: str) -> None:
    assert_refused(operator, make_category(), change, sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"time_zone": "Europe/Moskva"}, "Часового пояса «Europe/Moskva» нет."),
        ({"currency": "rub"}, "Валюты «rub» нет."),
        ({"currency": "SUR"}, "Валюты «SUR» нет."),
        ({"centre": OUTSIDE}, "Центр должен лежать внутри границы."),
        ({"outline": CROSSED}, "пересекает сама себя"),
        ({"outline": FAR}, "лежит вне карты"),
        ({"verification_per_day": "-1"}, "больше либо равно 0."),
    ],
    ids=[
        "zone",
        "small-letters",
        "currency-of-the-past",
        "centre-outside",
        "crossed",
        "off-the-earth",
        "negative-limit",
    ],
)
def test_a_city_is_not_made_unusable(operator: Client, change: dict[str, str], sentence: str) -> None:
    assert_refused(operator, make_city(), change, sentence)


def test_a_group_has_an_icon_of_the_set(operator: Client) -> None:
    assert_refused(operator, make_category().group, {"icon": "gone"}, "Значка «gone» нет.")


def test_a_street_has_a_house(operator: Client) -> None:
    make_city()
    assert_refused(operator, Street.objects.all()[0], {"last_house": "0"}, "больше либо равно 1.")


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("choice", ["a", "b"], "Напишите каждый вариант так"),
        ("choice", {"new": "новая"}, "Напишите каждый вариант так"),
        ("choice", [NEW, {"key": "old", "ru": "старая"}], "Напишите каждый вариант так"),
        ("choice", [NEW, OLD | {"en": " "}], "Напишите каждый вариант так"),
        ("choice", [NEW, OLD | {"en": 5}], "Напишите каждый вариант так"),
        ("choice", [NEW, OLD | {"key": "not so old"}], "Напишите каждый вариант так"),
        ("choice", [NEW], "нужно хотя бы два варианта"),
        ("choice", [], "нужно хотя бы два варианта"),
        ("choice", [NEW, OLD | {"key": "new"}], "одинаковый ключ"),
        ("number", [NEW, OLD], "Варианты есть только у вопроса"),
    ],
    ids=["words", "no-list", "no-english", "empty", "no-text", "no-key", "one", "none", "same-key", "of-a-number"],
)
def test_a_question_has_the_options_that_pages_need(operator: Client, kind: str, options: Any, sentence: str) -> None:
    question = add_question(make_category())
    before = columns(question)
    change = {"questions-0-kind": kind, "questions-0-options": json.dumps(options)}
    assert_refused(operator, question.category, change, sentence)
    assert columns(question) == before


def test_emptied_options_of_another_kind_are_none(operator: Client) -> None:
    question = add_question(make_category())
    address = f"/admin/tasks_app/category/{question.category_id}/change/"
    change = {"questions-0-kind": "text", "questions-0-options": ""}
    assert operator.post(address, form_of(operator, address) | change).status_code == 302
    question.refresh_from_db()
    assert (question.kind, question.options) == ("text", [])
    assert operator.get("/api/v1/categories/electrician").status_code == 200


def test_the_service_takes_no_more_than_the_admin() -> None:
    by, city = make_customer(staff_role="operator"), make_city()
    city.time_zone = "Europe/Moskva"
    with pytest.raises(ValidationError):
        save_reference(row=city, by=by, changes={"time_zone": city.time_zone})
    assert City.objects.get().time_zone == "Europe/Moscow"
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Category, {"default_minutes": 0}),
        (Category, {"max_responses": 0}),
        (Category, {"usual_low_minor": 5, "usual_high_minor": 4}),
        (Category, {"usual_low_minor": -5}),
        (City, {"currency": "rub"}),
        (Street, {"last_house": 0}),
    ],
    ids=["minutes", "responses", "prices-swapped", "negative-price", "currency", "houses"],
)
def test_the_database_agrees(model: type[models.Model], change: dict[str, Any]) -> None:
    make_city()
    make_category()
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.update(**change)


def test_only_currencies_of_today_are_known() -> None:
    assert all(is_currency(code) for code in ("RUB", "KZT", "EUR", "JPY"))
    assert not any(is_currency(code) for code in ("", "rub", "SUR", "XXX", "ABC"))


def test_what_tasks_stand_on_is_not_deleted_but_made_inactive(operator: Client) -> None:
    category = post_task().category
    AuditEvent.objects.all().delete()
    address = f"/admin/tasks_app/category/{category.pk}/delete/"
    assert "относятся задания, цены или подписки" in operator.get(address).content.decode()
    assert operator.post(address, {"post": "yes"}).status_code == 409
    category.refresh_from_db()
    assert category.is_active
    assert not AuditEvent.objects.exists()
    answer = operator.post(address, {"inactive": "yes"}, follow=True)
    assert "Больше нигде не предлагается." in answer.content.decode()
    category.refresh_from_db()
    assert not category.is_active
    event = AuditEvent.objects.get()
    assert (event.action, event.subject, event.details) == (
        "reference.changed", f"category:{category.pk}", {"is_active": False},
    )  # fmt: skip
    assert "Выключить" not in operator.get(address).content.decode()


def test_a_group_with_categories_and_a_city_with_tasks_stay(operator: Client) -> None:
    task = post_task()
    group, city = task.category.group, task.city
    said = {
        f"/admin/tasks_app/categorygroup/{group.pk}/delete/": "Сначала переведите их в другую группу",
        f"/admin/tasks_app/city/{city.pk}/delete/": "К этому городу относятся",
    }
    for address, sentence in said.items():
        answer = operator.post(address, {"post": "yes"})
        assert (answer.status_code, sentence in answer.content.decode()) == (409, True)
    assert CategoryGroup.objects.filter(pk=group.pk).exists()
    assert City.objects.filter(pk=city.pk).exists()


def test_a_row_from_before_the_checks_is_put_right_before_it_is_made_inactive(operator: Client) -> None:
    city = post_task().city
    City.objects.update(time_zone="Europe/Moskva")
    answer = operator.post(f"/admin/tasks_app/city/{city.pk}/delete/", {"inactive": "yes"}, follow=True)
    assert "Часового пояса «Europe/Moskva» нет." in answer.content.decode()
    assert City.objects.get().is_active


def test_rows_are_deleted_one_by_one(operator: Client) -> None:
    category = make_category()
    chosen = {"action": "delete_selected", "_selected_action": str(category.pk), "post": "yes"}
    operator.post("/admin/tasks_app/category/", chosen)
    assert Category.objects.filter(pk=category.pk).exists()
    assert Question.objects.count() == 0
