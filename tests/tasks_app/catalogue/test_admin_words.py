"""What operators read in the admin is in their language: every model it shows has names of ours."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.utils.translation import override

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
