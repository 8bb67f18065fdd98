"""The page of one-click log-ins: there in demo mode, nowhere else."""

import pytest
from django.test import Client, override_settings

from demo.cast import meet, meet_staff
from frontend.demo.cast import CAST
from marketplace.accounts.models import User
from marketplace.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> list[User]:
    staff = meet_staff(now())
    return [staff.moderator, staff.appeals, staff.operator, *(meet(key, moment=now()) for key in ("irina", "andrey"))]


@override_settings(DEMO=True)
def test_each_person_is_shown_with_what_to_try(client: Client, cast: list[User]) -> None:
    page = client.get("/demo/").content.decode()
    assert page.count("/demo/irina/") == 1
    assert "Сравните отклики" in page
    assert "«make reset» создаст свежий мир" in page, "no flagged deal waits at the desk"
    assert "Compare the responses" in client.get("/en/demo/").content.decode()


@override_settings(DEMO=True)
def test_one_click_signs_in_and_leads_to_the_work(client: Client, cast: list[User]) -> None:
    entered = client.post("/demo/irina/")
    assert entered.headers["Location"] == "/my/tasks/"
    assert client.session["_auth_user_id"] == str(User.objects.get(phone="+79000000001").pk)
    assert client.post("/en/demo/andrey/").headers["Location"] == "/en/feed/"


@override_settings(DEMO=True)
def test_staff_enter_the_desk_at_once(client: Client, cast: list[User]) -> None:
    client.post("/demo/vera/")
    assert client.get("/admin/").status_code == 200


@override_settings(DEMO=True)
def test_looking_does_not_sign_in_and_strangers_are_not_found(client: Client, cast: list[User]) -> None:
    assert client.get("/demo/irina/").status_code == 405
    assert client.post("/demo/nobody/").status_code == 404
    assert "_auth_user_id" not in client.session


@override_settings(DEMO=False)
def test_outside_demo_mode_there_is_no_such_page(client: Client, cast: list[User]) -> None:
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/irina/").status_code == 404
    assert client.post("/demo/vera/").status_code == 404
    assert "_auth_user_id" not in client.session


@override_settings(DEMO=True)
def test_an_empty_world_says_how_to_fill_it(client: Client) -> None:
    assert "load_demo" in client.get("/demo/").content.decode()


def test_the_cast_has_phones_and_keys_of_their_own() -> None:
    assert len({member.phone for member in CAST}) == len({member.key for member in CAST}) == len(CAST)
