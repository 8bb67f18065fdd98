"""A phone app signs in with a code and keeps a token per device."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from PIL import Image

from marketplace.accounts import services
from marketplace.accounts.models import DeviceToken, User
from marketplace.accounts.second_factor import give_authenticator_app
from marketplace.kit.clock import now
from tests.factories import make_category, make_city
from tests.people import code_by_email, code_by_sms, sign_in

pytestmark = pytest.mark.django_db
PHONE = "+79123456789"
BAD_CODE = "12 34"


def post(client: Client, path: str, body: dict[str, Any], token: str = "", method: str = "post") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def get(client: Client, path: str, token: str) -> Any:
    return client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})


def take_token(client: Client, phone: str = PHONE, device: str = "Pixel 9", **more: str) -> Any:
    flow = post(client, "/auth/code", {"login": phone}).json()["flow"]
    return post(client, "/auth/token", {"flow": flow, "code": code_by_sms(phone), "device_name": device, **more})


def test_a_code_opens_an_account_and_gives_a_token(client: Client) -> None:
    started = post(client, "/auth/code", {"login": "8 912 345-67-89"})
    assert started.status_code == 202
    assert started.json()["sent_to"] == PHONE
    assert "sessionid" not in started.cookies
    answer = take_token(client)
    assert answer.status_code == 200
    assert answer.json()["person"]["phone_confirmed"]
    token = answer.json()["token"]
    assert get(client, "/me", token).json()["phone"] == PHONE
    assert token not in str(list(DeviceToken.objects.values()))


def test_an_address_works_as_well(client: Client) -> None:
    flow = post(client, "/auth/code", {"login": "anna@example.org"}).json()["flow"]
    code = code_by_email("anna@example.org")
    answer = post(client, "/auth/token", {"flow": flow, "code": code, "device_name": "iPhone"})
    assert answer.json()["person"]["email_confirmed"]


def test_a_code_works_once(client: Client) -> None:
    flow = post(client, "/auth/code", {"login": PHONE}).json()["flow"]
    body = {"flow": flow, "code": code_by_sms(PHONE), "device_name": "Pixel 9"}
    assert post(client, "/auth/token", body).status_code == 200
    again = post(client, "/auth/token", body)
    assert (again.status_code, again.json()["code"]) == (410, "code_expired")
    assert DeviceToken.objects.count() == 1


def test_wrong_codes_give_nothing_and_five_end_the_flow(client: Client) -> None:
    flow = post(client, "/auth/code", {"login": PHONE}).json()["flow"]
    right = code_by_sms(PHONE)
    for _ in range(4):
        answer = post(client, "/auth/token", {"flow": flow, "code": BAD_CODE, "device_name": "x"})
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_code")
    for code in (BAD_CODE, right):
        answer = post(client, "/auth/token", {"flow": flow, "code": code, "device_name": "x"})
        assert (answer.status_code, answer.json()["code"]) == (410, "code_expired")
    assert not DeviceToken.objects.exists()
    assert User.objects.get().phone_confirmed_at is None


def test_a_late_code_gives_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    flow = post(client, "/auth/code", {"login": PHONE}).json()["flow"]
    later = time.time() + 601
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: later)
    answer = post(client, "/auth/token", {"flow": flow, "code": code_by_sms(PHONE), "device_name": "x"})
    assert answer.json()["code"] == "code_expired"
    assert not DeviceToken.objects.exists()


@pytest.mark.parametrize("flow", ["", "x", "eyJ:abc:def"])
def test_an_invented_flow_gives_nothing(client: Client, flow: str) -> None:
    assert post(client, "/auth/token", {"flow": flow, "code": "123456", "device_name": "x"}).status_code == 410


def test_too_many_codes_are_refused_and_none_is_sent(client: Client) -> None:
    answers = [post(client, "/auth/code", {"login": "anna@example.org"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert len(mail.outbox) == 3


def test_a_second_factor_is_asked_for(client: Client) -> None:
    person = services.make_person(name="Анна Крылова", phone=PHONE)
    give_authenticator_app(user=person)
    answer = take_token(client)
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")
    answer = take_token(client, second_factor="000000")
    assert answer.status_code == 403
    assert not DeviceToken.objects.exists()


def test_a_closed_account_gets_no_token(client: Client) -> None:
    person = services.make_person(name="Анна Крылова", phone=PHONE)
    person.is_active = False
    person.save()
    assert take_token(client).json()["code"] == "account_closed"
    assert not DeviceToken.objects.exists()


def test_a_device_is_listed_and_signed_out_by_its_owner_only(client: Client) -> None:
    mine, theirs = take_token(client).json(), take_token(client, "+79990000000", "Other").json()
    assert [line["name"] for line in get(client, "/me/devices", mine["token"]).json()] == ["Pixel 9"]
    path = f"/me/devices/{theirs['device_id']}"
    assert post(client, path, {}, mine["token"], "delete").status_code == 404
    assert get(client, "/me", theirs["token"]).status_code == 200
    assert post(client, f"/me/devices/{mine['device_id']}", {}, mine["token"], "delete").status_code == 200
    refused = get(client, "/me", mine["token"])
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


def test_signing_out_everywhere_ends_tokens_and_sessions(client: Client) -> None:
    one, two = take_token(client).json()["token"], take_token(client, device="Tablet").json()["token"]
    browser = sign_in(Client(), User.objects.get())
    browser.get("/account/")
    assert post(client, "/me/sign-out-everywhere", {}, one).status_code == 200
    assert {get(client, "/me", token).status_code for token in (one, two)} == {401}
    assert browser.get("/account/").status_code == 302


def test_a_device_remembers_its_use_once_an_hour(client: Client) -> None:
    token = take_token(client).json()["token"]
    early = now() - timedelta(minutes=30)
    DeviceToken.objects.update(last_used_at=early)
    get(client, "/me", token)
    assert DeviceToken.objects.get().last_used_at == early
    DeviceToken.objects.update(last_used_at=now() - timedelta(hours=2))
    get(client, "/me", token)
    assert DeviceToken.objects.get().last_used_at > early  # type: ignore[operator]


def test_our_own_pages_use_the_session_with_its_csrf_token(client: Client) -> None:
    person = services.make_person(name="Анна Крылова", phone=PHONE)
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, person)
    assert strict.get("/api/v1/me").status_code == 200
    answer = post(strict, "/me", {"name": "Ева", "language": "ru"}, method="put")
    assert answer.status_code == 403
    person.refresh_from_db()
    assert person.name == "Анна Крылова"


def test_a_person_changes_what_they_say_of_themselves(client: Client) -> None:
    token = take_token(client).json()["token"]
    city = make_city()
    answer = post(client, "/me", {"name": "Анна Крылова", "language": "en", "city_id": city.pk}, token, "put")
    assert answer.json()["public_name"] == "Анна К."
    for wrong in ({"name": "a@b.ru"}, {"city_id": 999_999}, {"language": "de"}, {"name": "Анна\x00"}):
        body = {"name": "Пётр", "language": "ru", "city_id": None, **wrong}
        assert post(client, "/me", body, token, "put").status_code == 422
    assert get(client, "/me", token).json()["name"] == "Анна Крылова"


def test_an_executor_profile_is_replaced_as_a_whole(client: Client) -> None:
    token = take_token(client).json()["token"]
    category, district = make_category(), make_city().districts.first()
    assert district
    point = {"longitude": 37.6, "latitude": 55.7, "radius_m": 3000, "label": "Дом"}
    body = {
        "about": "Электрик, 12 лет.",
        "languages": ["ru", "tt"],
        "category_ids": [category.pk],
        "district_ids": [district.pk],
        "points": [point],
    }
    assert post(client, "/me/executor", body, token, "put").json() == {**body, "verification": "none"}
    for wrong in (
        {"category_ids": [999_999]},
        {"district_ids": [999_999]},
        {"languages": ["xx"]},
        {"points": [{**point, "radius_m": 10}]},
        {"points": [point] * 6},
        {"about": "я" * 2001},
        {"about": "\x00"},
    ):
        assert post(client, "/me/executor", {**body, **wrong}, token, "put").status_code == 422
    assert get(client, "/me/executor", token).json() == {**body, "verification": "none"}


def test_documents_are_sent_from_a_phone(client: Client) -> None:
    token = take_token(client).json()["token"]
    state = get(client, "/me/verification", token).json()
    assert (state["stage"], state["refusal_code"]) == ("none", "email_not_confirmed")
    person = User.objects.get()
    services.confirm_email(user=person, email="anna@example.org")
    services.edit_person(user=person, name="Анна Крылова", language="ru", city_id=make_city().pk)
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(picture, "PNG")
    files = {}
    for name in ("document", "selfie"):
        files[name] = io.BytesIO(picture.getvalue())
        files[name].name = f"{name}.png"
    fields = {"full_name": "Анна Крылова", "document_kind": "passport", "consent_version": state["consent_version"]}
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.post("/api/v1/me/verification", {**fields, **files}, headers=headers)
    assert (answer.status_code, answer.json()["stage"]) == (200, "pending")


def test_a_restricted_person_reads_why_and_appeals_once(client: Client) -> None:
    token = take_token(client).json()["token"]
    moderator = services.make_person(name="Мария", email="m@example.org", staff_role="moderator")
    services.restrict(user=User.objects.get(phone=PHONE), kind="posting", reason="Спам", until=None, by=moderator)
    (line,) = get(client, "/me/restrictions", token).json()
    assert (line["kind"], line["reason"], line["until"]) == ("posting", "Спам", None)
    path = f"/me/restrictions/{line['id']}/appeal"
    assert post(client, path, {"text": "Это не спам."}, token).json()["outcome"] == "pending"
    assert post(client, path, {"text": "Ещё раз."}, token).json()["code"] == "already_appealed"
    stranger = take_token(client, "+79990000000").json()["token"]
    assert post(client, path, {"text": "Чужое."}, stranger).status_code == 404
