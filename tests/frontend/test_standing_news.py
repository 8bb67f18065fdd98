"""People are told of what is decided about them."""

import pytest
from django.test import Client

from marketplace.accounts import services as people
from marketplace.notifications import selectors
from marketplace.notifications.models import Notification
from tests.accounts.test_verification import submit
from tests.journeys import steps
from tests.people import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_russian")]


def news(user_id: int) -> list[str]:
    return [f"{told.title}: {told.text}" for told in selectors.notifications_page(user_id=user_id).rows]


def test_a_restriction_its_appeal_and_the_outcome_are_told() -> None:
    person, first, second = steps.customer(), steps.moderator(), steps.moderator("Павел Ильин")
    restriction = people.restrict(user=person, kind="posting", reason="Спам", until=None, by=first)
    appeal = people.file_appeal(
        user=person, subject=f"restriction:{restriction.pk}", text="Это не спам, а ремонт.", against=first
    )
    people.decide_appeal(appeal=appeal, by=second, upheld=True, reason="Действительно ремонт.")
    assert news(person.pk) == [
        "Обжалование удовлетворено: Действительно ремонт.",
        "Аккаунт ограничен: Причина: Спам. Решение можно обжаловать.",
    ]


def test_verification_is_told_once() -> None:
    executor = steps.executor()
    told = Notification.objects.filter(user=executor, kind__startswith="verification_")
    assert told.count() <= 1


def test_after_an_upheld_appeal_the_photos_are_asked_for_again(client: Client) -> None:
    person, first, second = steps.executor(verified=False), steps.moderator(), steps.moderator("Павел Ильин")
    request = submit(person)
    people.decide_verification(request_id=request.pk, by=first, outcome="rejected", reason="Имя другое.")
    appeal = people.appeal_verification(user=person, request_id=request.pk, text="Я сменила фамилию.")
    people.decide_appeal(appeal=appeal, by=second, upheld=True, reason="Справка подходит.")
    told = Notification.objects.get(user=person, kind="verification_reopened")
    assert told.path == "/account/verification/"
    assert "пришлите фото ещё раз" in news(person.pk)[0]
    page = sign_in(client, person).get("/account/verification/").content.decode()
    assert "Ваше обжалование удовлетворено: пришлите фото ещё раз." in page
    assert "Проверка не пройдена" not in page
    assert 'name="selfie"' in page
