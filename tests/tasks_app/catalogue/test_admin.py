"""Operators change the catalogue in the admin; every change is in the audit log."""

from typing import Any

import pytest
from django.test import Client

from marketplace.kit.models import AuditEvent
from tasks_app.catalogue.search import search_categories
from tasks_app.models import Category, City, Question
from tests.factories import add_question, make_category, make_city, make_customer
from tests.people import sign_in
from tests.steps import post_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    return sign_in(client, make_customer("Ольга Петрова", staff_role="operator"))


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the admin's form would send unchanged."""
    context = client.get(address).context
    values: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for field in form:
            value = field.value()
            shown = field.field.widget.format_value(value)
            if value is not None and value is not False:
                names = [field.html_name, *([field.html_initial_name] if field.field.show_hidden_initial else [])]
                values.update(dict.fromkeys(names, shown if isinstance(shown, str) else value))
    return values


def last_event() -> tuple[str, str, Any]:
    event = AuditEvent.objects.order_by("-id")[0]
    return event.action, event.subject, event.details


def test_a_changed_keyword_is_found_and_recorded(operator: Client) -> None:
    category = make_category()
    add_question(category)
    address = f"/admin/tasks_app/category/{category.pk}/change/"
    values = form_of(operator, address) | {"keywords_ru": "починить гирлянду"}
    assert operator.post(address, values).status_code == 302
    assert search_categories("гирлянда")[0].category == category
    assert last_event() == ("reference.changed", f"category:{category.pk}", {"keywords_ru": "починить гирлянду"})


def test_a_new_question_is_recorded(operator: Client) -> None:
    category = make_category()
    address = f"/admin/tasks_app/category/{category.pk}/change/"
    new = {
        "key": "height",
        "text_ru": "Высота?",
        "text_en": "Height?",
        "kind": "number",
        "options": "[]",
        "position": "1",
    }
    values = form_of(operator, address) | {f"questions-0-{name}": value for name, value in new.items()}
    values["questions-TOTAL_FORMS"] = "1"
    assert operator.post(address, values).status_code == 302
    question = Question.objects.get(category=category)
    assert AuditEvent.objects.filter(action="reference.added", subject=f"question:{question.pk}").exists()


def test_a_citys_outline_is_text(operator: Client) -> None:
    city = make_city()
    address = f"/admin/tasks_app/city/{city.pk}/change/"
    page = operator.get(address).content.decode()
    assert "MultiPolygon" in page
    assert "openlayers" not in page.lower()
    smaller = "MULTIPOLYGON (((37.5 55.7, 37.7 55.7, 37.7 55.8, 37.5 55.8, 37.5 55.7)))"
    assert operator.post(address, form_of(operator, address) | {"outline": smaller}).status_code == 302
    assert City.objects.get(pk=city.pk).outline.extent == (37.5, 55.7, 37.7, 55.8)
    assert operator.post(address, form_of(operator, address) | {"outline": "a round one"}).status_code == 200
    assert City.objects.get(pk=city.pk).outline.extent == (37.5, 55.7, 37.7, 55.8)


def test_a_category_with_tasks_is_not_deleted(operator: Client) -> None:
    task = post_task()
    address = f"/admin/tasks_app/category/{task.category_id}/delete/"
    operator.post(address, {"post": "yes"})
    assert Category.objects.filter(pk=task.category_id).exists()


def test_an_unused_category_is_deleted_and_recorded(operator: Client) -> None:
    category = make_category("unused")
    assert operator.post(f"/admin/tasks_app/category/{category.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(pk=category.pk).exists()
    assert last_event()[:2] == ("reference.deleted", f"category:{category.pk}")


@pytest.mark.parametrize("role", ["", "moderator"])
def test_only_operators_get_in(client: Client, role: str) -> None:
    category = make_category()
    person = sign_in(client, make_customer(staff_role=role))
    response = person.post(f"/admin/tasks_app/category/{category.pk}/change/", {"name_ru": "Взлом"})
    assert response.status_code in (302, 403)
    assert not AuditEvent.objects.filter(action__startswith="reference.").exists()
    category.refresh_from_db()
    assert category.name_ru == "Электрик"


def test_tasks_and_drafts_are_not_in_the_admin(operator: Client) -> None:
    for model in ("task", "taskdraft", "taskphoto", "response", "assignment"):
        assert operator.get(f"/admin/tasks_app/{model}/").status_code == 404
