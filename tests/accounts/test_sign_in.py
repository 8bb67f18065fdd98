"""One way in: a phone number or an e-mail address, and the code sent to it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings

from marketplace.accounts import services
from marketplace.accounts.models import User
from marketplace.kit.clock import now
from tests.people import code_by_email, code_by_sms, sign_in, texts_to

pytestmark = pytest.mark.django_db
PHONE = "+79123456789"
EMAIL = "anna@example.org"


def ask(client: Client, login: str, **query: str) -> int:
    address = "/account/login/" + (f"?next={query['next']}" if query else "")
    return client.post(address, {"login": login, **query}, follow=True).status_code


def answer(client: Client, code: str, then: str = "") -> str:
    response = client.post("/account/login/code/", {"code": code, "next": then} if then else {"code": code})
    return response.headers.get("Location", str(response.status_code))


def test_a_new_phone_opens_an_account_with_the_code(client: Client) -> None:
    ask(client, "8 (912) 345-67-89")
    assert User.objects.get().phone_confirmed_at is None
    assert "_auth_user_id" not in client.session
    assert answer(client, code_by_sms(PHONE)) == "/account/welcome/?next=%2F"
    person = User.objects.get()
    assert person.phone == PHONE
    assert person.phone_confirmed_at
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_new_address_opens_an_account_with_the_code(client: Client) -> None:
    ask(client, "Anna@Example.org")
    answer(client, code_by_email(EMAIL))
    person = User.objects.get()
    assert person.email == EMAIL
    assert person.email_confirmed_at
    assert person.emailaddress_set.get().verified
    assert person.phone is None


@pytest.mark.parametrize("login", [PHONE, EMAIL])
def test_whoever_has_an_account_comes_back_into_it(client: Client, login: str) -> None:
    person = services.make_person(name="Анна Крылова", phone=PHONE, email=EMAIL)
    ask(client, login)
    code = code_by_email(EMAIL) if "@" in login else code_by_sms(PHONE)
    assert answer(client, code, "/feed/") == "/feed/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert User.objects.count() == 1


def test_the_answer_does_not_tell_whether_there_is_an_account(client: Client) -> None:
    services.make_person(name="Анна Крылова", phone=PHONE)
    known = client.post("/account/login/", {"login": PHONE})
    unknown = Client().post("/account/login/", {"login": "+79990000000"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])


def test_a_wrong_code_lets_nobody_in_and_five_are_the_end(client: Client) -> None:
    ask(client, PHONE)
    code = code_by_sms(PHONE)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(4):
        assert "Код не подходит" in client.post("/account/login/code/", {"code": wrong}).content.decode()
    client.post("/account/login/code/", {"code": wrong})
    answer(client, code)
    assert "_auth_user_id" not in client.session
    assert User.objects.get().phone_confirmed_at is None


def test_a_code_of_another_browser_is_of_no_use(client: Client) -> None:
    ask(client, PHONE)
    thief = Client()
    ask(thief, "+79990000000")
    answer(thief, code_by_sms(PHONE))
    assert "_auth_user_id" not in thief.session


def test_too_many_codes_for_one_number_are_refused_and_none_is_sent(client: Client) -> None:
    for _ in range(3):
        ask(Client(), PHONE)
    page = client.post("/account/login/", {"login": PHONE})
    assert page.status_code == 200
    assert "Слишком много попыток" in page.content.decode()
    assert len(texts_to(PHONE)) == 3


@pytest.mark.parametrize("typed", ["", "abc", "12", "a@b", "+7912", "<script>@x.y", "1" * 300])
def test_what_is_neither_phone_nor_address_is_refused_and_nothing_changes(client: Client, typed: str) -> None:
    page = client.post("/account/login/", {"login": typed})
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert not User.objects.exists()
    assert not mail.outbox


def test_a_new_person_says_their_name_and_goes_on(client: Client) -> None:
    ask(client, PHONE, next="/post/")
    where = answer(client, code_by_sms(PHONE), "/post/")
    assert where == "/account/welcome/?next=%2Fpost%2F"
    page = client.post(where, {"name": "Анна Крылова", "language": "ru", "city": ""})
    assert page.headers["Location"] == "/post/"
    assert User.objects.get().name == "Анна Крылова"


def test_nobody_is_sent_to_another_site_after_the_welcome(client: Client) -> None:
    sign_in(client, services.make_person(name="", phone=PHONE))
    page = client.post("/account/welcome/?next=https://evil.example/", {"name": "Анна", "language": "ru", "city": ""})
    assert page.headers["Location"] == "/"


@pytest.mark.parametrize("name", ["", "8 912 345-67-89", "anna@example.org", "<b>Анна</b>", "я" * 81])
def test_what_is_no_name_is_refused_and_nothing_changes(client: Client, name: str) -> None:
    person = services.make_person(name="Анна", phone=PHONE)
    sign_in(client, person)
    assert client.post("/account/edit/", {"name": name, "language": "ru", "city": ""}).status_code == 422
    person.refresh_from_db()
    assert person.name == "Анна"


def test_only_demo_mode_shows_the_code_on_the_page(client: Client) -> None:
    ask(client, PHONE)
    assert code_by_sms(PHONE) not in client.get("/account/login/code/").content.decode()
    with override_settings(DEMO=True):
        demo = Client()
        ask(demo, EMAIL)
        assert code_by_email(EMAIL) in demo.get("/account/login/code/").content.decode()


def test_a_changed_phone_counts_only_after_its_code(client: Client) -> None:
    person = services.make_person(name="Анна", phone=PHONE)
    sign_in(client, person)
    client.post("/account/phone/", {"phone": "8 999 000-00-00"})
    person.refresh_from_db()
    assert person.phone == PHONE
    client.post("/account/phone/code/", {"code": code_by_sms("+79990000000")})
    person.refresh_from_db()
    assert person.phone == "+79990000000"


def test_an_added_address_counts_only_after_its_code(client: Client) -> None:
    person = services.make_person(name="Анна", phone=PHONE)
    sign_in(client, person)
    client.post("/account/email/", {"email": EMAIL, "action_add": ""})
    person.refresh_from_db()
    assert person.email is None
    page = client.post("/account/email/code/", {"code": code_by_email(EMAIL)})
    assert page.headers["Location"] == "/account/"
    person.refresh_from_db()
    assert person.email == EMAIL
    assert person.email_confirmed_at


def test_after_the_code_one_is_back_where_the_phone_or_address_was_asked_for(client: Client) -> None:
    sign_in(client, services.make_person(name="Анна", phone=PHONE))
    client.get("/account/phone/?next=/post/")
    client.post("/account/phone/", {"phone": "8 999 000-00-00"})
    page = client.post("/account/phone/code/", {"code": code_by_sms("+79990000000")})
    assert page.headers["Location"] == "/post/"
    client.get("/account/email/?next=/account/verification/")
    client.post("/account/email/", {"email": EMAIL, "action_add": ""})
    page = client.post("/account/email/code/", {"code": code_by_email(EMAIL)})
    assert page.headers["Location"] == "/account/verification/"


def test_nobody_is_sent_to_another_site_after_a_code(client: Client) -> None:
    sign_in(client, services.make_person(name="Анна", phone=PHONE))
    client.get("/account/phone/?next=https://evil.example/")
    client.post("/account/phone/", {"phone": "8 999 000-00-00"})
    page = client.post("/account/phone/code/", {"code": code_by_sms("+79990000000")})
    assert page.headers["Location"] == "/account/"


def test_somebody_elses_number_is_not_taken_over(client: Client) -> None:
    owner = services.make_person(name="Олег", phone="+79990000000")
    person = services.make_person(name="Анна", phone=PHONE)
    sign_in(client, person)
    client.post("/account/phone/", {"phone": "+79990000000"})
    page = client.post("/account/phone/code/", {"code": code_by_sms("+79990000000")})
    assert "принадлежит другому аккаунту" in page.content.decode()
    person.refresh_from_db()
    owner.refresh_from_db()
    assert (person.phone, owner.phone) == (PHONE, "+79990000000")


def test_an_account_whose_code_nobody_typed_is_forgotten_after_a_day(client: Client) -> None:
    ask(client, PHONE)
    confirmed = services.make_person(name="Анна", email=EMAIL)
    assert services.forget_unconfirmed_accounts() == 0
    User.objects.update(date_joined=now() - timedelta(days=1, minutes=1))
    services.forget_unconfirmed_accounts()
    assert list(User.objects.all()) == [confirmed]


@pytest.fixture
def redis_away() -> Iterator[None]:
    away = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=away):
        yield


def test_without_redis_no_codes_are_sent_and_other_pages_go_on(client: Client, redis_away: None) -> None:
    person = services.make_person(name="Анна", phone=PHONE)
    page = client.post("/account/login/", {"login": PHONE})
    assert page.status_code == 503
    assert "через несколько минут" in page.content.decode()
    answer = client.post("/api/v1/auth/code", {"login": PHONE}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "try_later")
    assert not texts_to(PHONE)
    sign_in(client, person)
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("path", ["password/reset/", "password/change/", "password/set/", "login/password/"])
def test_there_are_no_passwords(client: Client, path: str) -> None:
    sign_in(client, services.make_person(name="Анна", phone=PHONE))
    assert client.get(f"/account/{path}").status_code == 404


@pytest.mark.parametrize(
    ("host", "offered"),
    [("testserver", True), ("localhost:8000", True), ("127.0.0.1:8000", False), ("[::1]:8000", False)],
    ids=["a name", "this machine's name", "a number", "a long number"],
)
def test_a_passkey_is_offered_only_where_browsers_take_one(client: Client, host: str, offered: bool) -> None:
    with override_settings(ALLOWED_HOSTS=["*"]):
        page = client.get("/account/login/", headers={"host": host}).content.decode()
        assert ("passkey_login" in page) is offered
        sign_in(client, services.make_person(name="Анна Крылова", email=EMAIL))
        page = client.get("/en/account/2fa/", headers={"host": host}).content.decode()
    assert ("/2fa/webauthn/add/" in page) is offered
    assert ("localhost" in page) is not offered
