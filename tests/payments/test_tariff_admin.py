"""Operators set prices from a date on, and what they set is on record; nobody edits an old price."""

import pytest
from django.test import Client

from marketplace.kit.models import AuditEvent
from payments.models import Tariff
from tests.journeys import steps
from tests.payments.factories import category, city, tariff
from tests.people import sign_in

pytestmark = pytest.mark.django_db

ADD = "/admin/payments/tariff/add/"


def form(fee: int = 15_000) -> dict[str, object]:
    return {
        "category": category().pk,
        "city": city().pk,
        "valid_from_0": "2026-12-01",
        "valid_from_1": "00:00:00",
        "response_fee_minor": fee,
        "subscription_minor": 0,
        "currency": "RUB",
    }


def test_an_operator_adds_a_price_and_it_is_on_record(client: Client) -> None:
    operator = steps.operator()
    sign_in(client, operator)
    assert client.post(ADD, form()).status_code == 302
    added = Tariff.objects.get()
    assert added.response_fee_minor == 15_000
    event = AuditEvent.objects.get(action="tariff.added")
    assert (event.actor_id, event.subject) == (operator.pk, f"tariff:{added.pk}")


def test_an_old_price_is_neither_edited_nor_deleted(client: Client) -> None:
    old = tariff(12_000)
    sign_in(client, steps.operator())
    client.post(f"/admin/payments/tariff/{old.pk}/change/", form(1))
    client.post(f"/admin/payments/tariff/{old.pk}/delete/", {"post": "yes"})
    old.refresh_from_db()
    assert old.response_fee_minor == 12_000


def test_a_negative_price_is_refused(client: Client) -> None:
    sign_in(client, steps.operator())
    assert client.post(ADD, form(-1)).status_code == 200
    assert not Tariff.objects.exists()


def test_moderators_and_strangers_set_no_prices(client: Client) -> None:
    for person in (steps.moderator(), steps.customer()):
        sign_in(client, person)
        assert client.post(ADD, form()).status_code in (302, 403)
    assert not Tariff.objects.exists()
