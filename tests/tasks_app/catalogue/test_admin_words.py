"""What operators read in the admin is in their language: every model it shows has names of ours."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.utils.translation import override

from tasks_app.models import Question
from tests.factories import make_category, make_customer
from tests.people import sign_in

OURS = [
    model
    for model in admin.site._registry
    if model.__module__.split(".")[0] in ("tasks_app", "payments", "marketplace")
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_of_the_admin_has_names_in_both_languages(model: type[Model]) -> None:
    with override("ru"):
        russian = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
    with override("en"):
        english = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
    assert all("а" <= letter <= "я" for name in russian for letter in name.lower() if letter.isalpha()), russian
    assert all(name.isascii() for name in english), english
    assert "citys" not in english


def shown_fields(model: type[Model]) -> list[str]:
    """The fields whose names an operator reads: those of the list, of the form and of its inlines."""
    page = admin.site._registry[model]
    named = {field.name for field in model._meta.fields if field.editable and not field.primary_key}
    return sorted(named & set(page.fields)) if page.fields else sorted(named)


@pytest.mark.parametrize("model", [*OURS, Question], ids=lambda model: model.__name__)
def test_every_field_of_the_admin_has_a_name_in_both_languages(model: type[Model]) -> None:
    names = shown_fields(model) if model is not Question else [field.name for field in Question._meta.fields[1:]]
    for name in names:
        field = model._meta.get_field(name)
        for words in filter(None, (field.verbose_name, field.help_text)):
            with override("ru"):
                russian = str(words)
            with override("en"):
                english = str(words)
            assert russian != english or not english.isascii() or english == "E.164" or english.startswith("["), name
            if words is field.verbose_name:
                assert any("а" <= letter <= "я" for letter in russian), (name, russian)


@pytest.mark.django_db
def test_titles_and_messages_are_right_russian(client: Client) -> None:
    """A name of a model stands in the nominative, whatever the sentence."""
    sign_in(client, make_customer("Вера Зимина", staff_role="operator"))
    category = make_category()
    address = f"/admin/tasks_app/category/{category.pk}"
    pages = {
        "/admin/accounts/user/": "Выбор записи: человек",
        "/admin/tasks_app/category/add/": "Добавление: категория",
        f"{address}/change/": "Изменение: категория",
        f"{address}/delete/": "Удалить: категория «Электрик»?",
    }
    for path, title in pages.items():
        assert title in client.get(path).content.decode()
    front = client.get("/admin/").content.decode()
    assert "Последние действия" not in front
    assert "Вера З.</strong>" in front
    assert "З.</strong>." not in front
