"""Guesses of a code and requests for verification that come at once count one by one."""

import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client

from marketplace.accounts import code_sign_in, services
from marketplace.accounts.models import DeviceToken, User, VerificationRequest
from marketplace.accounts.services import people as opening
from marketplace.accounts.services import verification
from marketplace.kit.errors import DomainError
from tasks_app.models import City
from tests.factories import make_city
from tests.people import code_by_sms
from tests.pictures import jpeg
from tests.races.test_rivals import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+79123456789"


class Answered(DomainError):
    """What the API said, as an outcome of a rival."""

    def __init__(self, code: str) -> None:
        self.__dict__["code"] = code
        super().__init__()


def post(path: str, body: dict[str, str]) -> dict[str, Any]:
    answer = Client().post(f"/api/v1{path}", body, content_type="application/json")
    said: dict[str, Any] = json.loads(answer.content)
    if answer.status_code >= 400:
        raise Answered(said["code"])
    return said


def guesses(count: int) -> list[Callable[[], object]]:
    flow = post("/auth/code", {"login": PHONE})["flow"]
    right = code_by_sms(PHONE)
    wrong = [f"{(int(right) + step) % 1_000_000:06}" for step in range(1, count + 1)]
    return [partial(post, "/auth/token", {"flow": flow, "code": code, "device_name": "x"}) for code in wrong]


def test_ten_guesses_at_once_are_five() -> None:
    assert at_once(guesses(10)) == Counter({"wrong_code": 4, "code_expired": 6})
    assert not DeviceToken.objects.exists()


def test_without_the_hold_they_would_be_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    readers = Barrier(10)
    original = code_sign_in.compare_user_code

    def all_read_first(**codes: str) -> bool:
        readers.wait(timeout=30)
        return original(**codes)

    monkeypatch.setattr(code_sign_in, "hold", lambda key: Session.objects.filter(session_key=key).exists())
    monkeypatch.setattr(code_sign_in, "compare_user_code", all_read_first)
    assert at_once(guesses(10))["wrong_code"] > 4


def test_the_right_code_sent_at_once_gives_one_token() -> None:
    flow = post("/auth/code", {"login": PHONE})["flow"]
    body = {"flow": flow, "code": code_by_sms(PHONE), "device_name": "x"}
    assert at_once([partial(post, "/auth/token", body) for _ in range(6)]) == Counter({"done": 1, "code_expired": 5})
    assert DeviceToken.objects.count() == 1


@pytest.fixture
def all_look_first(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Nobody makes the account before all `rivals` have seen that there is none."""

    def meet(rivals: int) -> None:
        lookers, original = Barrier(rivals), User.objects.create_user

        def create(_manager: Any, **values: Any) -> User:
            lookers.wait(timeout=30)
            return original(**values)

        monkeypatch.setattr(type(User.objects), "create_user", create)

    return meet


def openings() -> Counter[str]:
    return at_once([partial(services.open_account, phone=PHONE)] * 4)


def test_a_new_phone_asked_for_four_times_at_once_is_one_account(all_look_first: Callable[[int], None]) -> None:
    all_look_first(4)
    assert openings() == Counter({"done": 4})
    assert User.objects.filter(phone=PHONE).count() == 1


def test_a_new_address_asked_for_four_times_at_once_is_one_account(all_look_first: Callable[[int], None]) -> None:
    all_look_first(4)
    assert at_once([partial(services.open_account, email="Anna@example.org")] * 4) == Counter({"done": 4})
    assert EmailAddress.objects.filter(user=User.objects.get(email="anna@example.org")).count() == 1


def test_without_the_second_look_three_of_the_four_break(
    all_look_first: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class NeverRaised(Exception):
        """Stands where the guard names what it catches."""

    all_look_first(4)
    monkeypatch.setattr(opening, "IntegrityError", NeverRaised)
    assert openings() == Counter({"done": 1, "IntegrityError": 3})


def test_a_double_tap_on_the_page_of_sign_in_is_one_account_and_no_error(
    all_look_first: Callable[[int], None],
) -> None:
    all_look_first(2)
    statuses: list[int] = []
    assert at_once([lambda: statuses.append(tap())] * 2) == Counter({"done": 2})
    assert set(statuses) <= {200, 302}
    assert User.objects.filter(phone=PHONE).count() == 1


def tap() -> int:
    return Client(raise_request_exception=False).post("/account/login/", {"login": PHONE}).status_code


def applicants(count: int, places: int) -> list[Callable[[], object]]:
    city = make_city(verification_per_day=places)
    people = [
        services.make_person(
            name=f"Иван {letter}ванов", phone=f"+7912000000{n}", email=f"i{n}@example.org", city_id=city.pk
        )
        for n, letter in enumerate("АБВГД"[:count])
    ]
    return [partial(ask, person) for person in people]


def ask(person: User) -> VerificationRequest:
    return services.submit_verification(
        user=person,
        full_name=person.name,
        document_kind="passport",
        document=jpeg(),
        selfie=jpeg(),
        consent_version=services.CONSENT_VERSION,
    )


def test_five_at_once_take_the_two_places_that_are_left() -> None:
    assert at_once(applicants(5, places=2)) == Counter({"done": 2, "verification_full": 3})
    assert VerificationRequest.objects.count() == 2


def test_without_the_lock_they_would_take_more(monkeypatch: pytest.MonkeyPatch) -> None:
    readers = Barrier(5)
    original = verification.places_left

    def all_count_first(city: City) -> int:
        left = original(city)
        readers.wait(timeout=30)
        return left

    monkeypatch.setattr(verification, "_lock_day", lambda city_id: None)
    monkeypatch.setattr(verification, "places_left", all_count_first)
    assert at_once(applicants(5, places=2))["done"] == 5


def test_two_moderators_at_once_decide_once() -> None:
    (apply,) = applicants(1, places=5)
    request = apply()
    assert isinstance(request, VerificationRequest)
    moderators = [
        services.make_person(name=f"Мария {n}", email=f"m{n}@example.org", staff_role="moderator") for n in range(4)
    ]
    outcomes = at_once(
        [
            partial(
                services.decide_verification,
                request_id=request.pk,
                by=moderator,
                outcome=("approved", "rejected")[n % 2],
                reason="Имя не совпадает",
            )
            for n, moderator in enumerate(moderators)
        ]
    )
    assert outcomes == Counter({"done": 1, "stale_state": 3})
    request.refresh_from_db()
    profile = request.profile
    assert (request.status, profile.verification) in [("approved", "verified"), ("rejected", "rejected")]
