"""The admin shows prices and changes none: they are switched at the desk, where notice and roll-outs are kept."""

import pytest
from django.test import Client

from payments.models import Tariff
from tests.journeys import steps
from tests.payments.factories import tariff
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def test_an_operator_sees_prices_in_the_admin_and_changes_none(client: Client) -> None:
    old = tariff(12_000)
    sign_in(client, steps.operator())
    assert client.get("/admin/payments/tariff/").status_code == 200
    assert client.get("/admin/payments/tariff/add/").status_code == 403
    client.post(f"/admin/payments/tariff/{old.pk}/change/", {"response_fee_minor": 1})
    client.post(f"/admin/payments/tariff/{old.pk}/delete/", {"post": "yes"})
    old.refresh_from_db()
    assert old.response_fee_minor == 12_000
    assert Tariff.objects.count() == 1
