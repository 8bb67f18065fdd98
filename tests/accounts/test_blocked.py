"""A blocked person is signed out, and coming back may look and appeal, and nothing else."""

import pytest
from django.test import Client

from marketplace.accounts import services as people
from marketplace.accounts.models import Appeal, User
from marketplace.chat.models import Message
from tasks_app.models import Assignment
from tests.journeys import steps
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def block(person: User) -> None:
    people.restrict(user=person, kind="blocked", reason="Угрозы в переписке", until=None, by=steps.moderator())


def test_a_block_signs_the_person_out_of_every_browser(client: Client) -> None:
    person = steps.customer()
    sign_in(client, person)
    assert client.get("/my/tasks/").status_code == 200
    block(person)
    assert client.get("/my/tasks/").status_code == 302


def test_who_comes_back_may_look_but_not_choose_or_write(client: Client) -> None:
    response = steps.respond(steps.post_task())
    customer = response.task.customer
    block(customer)
    sign_in(client, customer)
    assert client.get("/wallet/").status_code == 200
    refused = client.post(f"/responses/{response.pk}/choose/")
    assert (refused.status_code, refused.url) == (302, "/account/restrictions/")
    api = client.post(f"/api/v1/responses/{response.pk}/thread")
    assert (api.status_code, api.json()["code"]) == (403, "blocked")
    assert not Assignment.objects.exists()
    assert not Message.objects.exists()


def test_who_comes_back_may_appeal(client: Client) -> None:
    person = steps.customer()
    block(person)
    sign_in(client, person)
    restriction = person.restrictions.get()
    client.post(f"/account/restrictions/{restriction.pk}/appeal/", {"text": "Это была шутка, мы помирились."})
    assert Appeal.objects.filter(user=person).exists()


def test_a_refused_appeal_loses_nothing_that_was_typed(client: Client) -> None:
    person = steps.customer()
    block(person)
    sign_in(client, person)
    restriction = person.restrictions.get()
    long = "Прошу разобраться. " * 300
    page = client.post(f"/account/restrictions/{restriction.pk}/appeal/", {"text": long})
    assert page.status_code == 422
    assert long.strip()[:200] in page.content.decode()
    assert not Appeal.objects.exists()
