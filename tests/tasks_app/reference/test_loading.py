"""manage.py load_reference: creates, repeats without effect, and respects what operators changed."""

import pytest
from django.core.management import call_command

from marketplace.accounts.models import User
from payments.selectors import quote_response_fee
from tasks_app.models import Category, City, District, Street
from tasks_app.reference import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db: None) -> None:
    call_command("load_reference", verbosity=0)


def test_loading_fills_the_catalogue_the_cities_and_the_prices(loaded: None) -> None:
    assert Category.objects.count() == sum(len(group.categories) for group in files.groups())
    assert City.objects.count() == 5
    assert District.objects.count() == sum(len(city.districts) for city in files.cities())
    assert Street.objects.filter(district=None).count() == 0
    plumbing, kazan = Category.objects.get(slug="plumbing"), City.objects.get(slug="kazan")
    quote = quote_response_fee(
        user_id=User.objects.create_user(phone="+79160000001").pk, category_id=plumbing.pk, city_id=kazan.pk
    )
    assert quote.amount.minor == 10_000


def test_loading_again_changes_nothing(loaded: None) -> None:
    before = list(Category.objects.values()), list(Street.objects.values("id", "name_ru"))
    call_command("load_reference", verbosity=0)
    assert (list(Category.objects.values()), list(Street.objects.values("id", "name_ru"))) == before


def test_what_an_operator_changed_stays_until_overwritten(loaded: None) -> None:
    Category.objects.filter(slug="plumbing").update(name_ru="Сантехнические работы", is_active=False)
    call_command("load_reference", verbosity=0)
    assert Category.objects.get(slug="plumbing").name_ru == "Сантехнические работы"

    call_command("load_reference", overwrite=True, verbosity=0)
    plumbing = Category.objects.get(slug="plumbing")
    assert plumbing.name_ru == "Сантехник"
    assert not plumbing.is_active, "a category that was switched off stays off"
