"""A phone app confirms the second contact: without it nobody is verified, and who came by e-mail publishes nothing."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from marketplace.accounts import services
from marketplace.accounts.models import User
from tests.accounts.test_api import BAD_CODE, PHONE, get, post, take_token
from tests.people import code_by_email, code_by_sms, texts_to

pytestmark = pytest.mark.django_db
NEW_PHONE, EMAIL = "+79261112233", "anna@example.org"


def by_email(client: Client) -> str:
    flow = post(client, "/auth/code", {"login": EMAIL}).json()["flow"]
    body = {"flow": flow, "code": code_by_email(EMAIL), "device_name": "iPhone"}
    return str(post(client, "/auth/token", body).json()["token"])


def begin(client: Client, token: str, **contact: str) -> Any:
    (kind,) = contact
    return post(client, f"/me/{kind}", contact, token)


def test_who_came_by_email_confirms_a_phone(client: Client) -> None:
    token = by_email(client)
    begun = begin(client, token, phone="8 926 111-22-33")
    assert (begun.status_code, begun.json()["sent_to"]) == (202, NEW_PHONE)
    assert User.objects.get().phone is None
    body = {"flow": begun.json()["flow"], "code": code_by_sms(NEW_PHONE)}
    answer = post(client, "/me/phone/confirm", body, token)
    assert (answer.json()["phone"], answer.json()["phone_confirmed"]) == (NEW_PHONE, True)
    assert post(client, "/me/phone/confirm", body, token).json()["code"] == "code_expired"


def test_who_came_by_phone_confirms_an_address(client: Client) -> None:
    token = take_token(client).json()["token"]
    begun = begin(client, token, email=" Anna@Example.org ").json()
    assert begun["sent_to"] == EMAIL
    assert User.objects.get().email is None
    answer = post(client, "/me/email/confirm", {"flow": begun["flow"], "code": code_by_email(EMAIL)}, token)
    assert (answer.json()["email"], answer.json()["email_confirmed"]) == (EMAIL, True)
    assert get(client, "/me/verification", token).json()["refusal_code"] == "name_missing"


def test_wrong_codes_confirm_nothing_and_five_end_the_flow(client: Client) -> None:
    token = by_email(client)
    flow = begin(client, token, phone=NEW_PHONE).json()["flow"]
    right = code_by_sms(NEW_PHONE)
    tries = [post(client, "/me/phone/confirm", {"flow": flow, "code": BAD_CODE}, token).json() for _ in range(5)]
    assert [answer["code"] for answer in tries] == ["wrong_code"] * 4 + ["code_expired"]
    assert post(client, "/me/phone/confirm", {"flow": flow, "code": right}, token).status_code == 410
    assert User.objects.get().phone is None


def test_a_code_is_for_who_asked_for_it(client: Client) -> None:
    mine, theirs = by_email(client), take_token(client).json()["token"]
    flow = begin(client, mine, phone=NEW_PHONE).json()["flow"]
    answer = post(client, "/me/phone/confirm", {"flow": flow, "code": code_by_sms(NEW_PHONE)}, theirs)
    assert (answer.status_code, answer.json()["code"]) == (410, "code_expired")
    assert not User.objects.filter(phone=NEW_PHONE).exists()


def test_anothers_contact_is_refused_and_no_code_is_sent(client: Client) -> None:
    services.make_person(name="Пётр", phone=NEW_PHONE, email="petr@example.org")
    token = take_token(client).json()["token"]
    for contact in ({"phone": NEW_PHONE}, {"email": "petr@example.org"}):
        answer = begin(client, token, **contact)
        assert (answer.status_code, answer.json()["code"]) == (409, "contact_taken")
    assert texts_to(NEW_PHONE) == []
    assert mail.outbox == []


def test_a_contact_that_another_account_took_meanwhile_is_refused(client: Client) -> None:
    token = by_email(client)
    flow = begin(client, token, phone=NEW_PHONE).json()["flow"]
    code = code_by_sms(NEW_PHONE)
    services.make_person(name="Пётр", phone=NEW_PHONE)
    answer = post(client, "/me/phone/confirm", {"flow": flow, "code": code}, token)
    assert (answer.status_code, answer.json()["code"]) == (409, "contact_taken")
    assert User.objects.get(email=EMAIL).phone is None


@pytest.mark.parametrize("contact", [{"phone": "12"}, {"email": "anna"}], ids=["phone", "email"])
def test_what_is_no_contact_is_refused(client: Client, contact: dict[str, str]) -> None:
    token = take_token(client).json()["token"]
    answer = begin(client, token, **contact)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid_input", *contact)
    assert User.objects.get().phone == PHONE


def test_codes_are_limited(client: Client) -> None:
    token = by_email(client)
    answers = [begin(client, token, phone=NEW_PHONE) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert len(texts_to(NEW_PHONE)) == 3
