"""The wallet's pages and its API: every line explained, nobody else's seen, limits and the free day."""

from datetime import timedelta

import pytest
from django.test import Client

from marketplace.accounts.models import ExecutorProfile, User
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import selectors, services
from tests.conftest import Clock
from tests.payments.factories import category, city, person, response, tariff

pytestmark = pytest.mark.django_db


@pytest.fixture
def executor(db: None) -> User:
    tariff(12_000)
    executor = person()
    executor.email, executor.email_confirmed_at = "andrey@example.com", now()
    executor.save()
    ExecutorProfile.objects.create(user=executor, verification="verified", verified_at=now())
    services.grant_promotion(user_id=executor.pk, amount=Money(124_000), operation="gift", why="Добро пожаловать")
    return executor


@pytest.fixture
def line_id(executor: User) -> int:
    sent = response(executor)
    services.charge_response_fee(
        user_id=executor.pk,
        response_id=sent.pk,
        category_id=category().pk,
        city_id=city().pk,
        task_id=sent.task_id,
        title=sent.task.title,
        unopened_until=now() + timedelta(hours=48),
    )
    return selectors.statement_page(user_id=executor.pk).rows[0].id


@pytest.fixture
def browser(client: Client, executor: User) -> Client:
    client.force_login(executor)
    return client


def test_the_statement_says_what_why_and_when_it_may_come_back(browser: Client, line_id: int) -> None:
    page = browser.get("/wallet/").content.decode()
    assert "1\xa0120\xa0₽" in page
    assert "Отклик: Повесить люстру" in page
    assert "Вернём, если никто не откроет до" in page
    line = browser.get(f"/wallet/lines/{line_id}/").content.decode()
    assert "Заказчик не открыл ваш отклик за 48 часов." in line


def test_a_refund_names_its_rule_and_the_fee_says_when_it_came_back(
    browser: Client, executor: User, line_id: int
) -> None:
    charge = selectors.statement_page(user_id=executor.pk).rows[0].charge
    assert charge is not None
    services.refund_response_fee(response_id=charge.response_id, rule="task_expired")
    page = browser.get("/wallet/").content.decode()
    assert "Срок задания вышел, никого не выбрали." in page
    assert "Вернули сегодня" in page


def test_the_same_page_is_complete_in_english(browser: Client, line_id: int) -> None:
    page = browser.get("/en/wallet/").content.decode()
    assert "Response: Повесить люстру" in page
    assert "Comes back if nobody opens it before" in page


def test_a_stranger_sees_no_line_and_a_visitor_is_asked_to_sign_in(client: Client, line_id: int) -> None:
    assert client.get(f"/wallet/lines/{line_id}/").status_code == 302
    client.force_login(person())
    assert client.get(f"/wallet/lines/{line_id}/").status_code == 404


def test_limits_are_kept_and_nonsense_is_refused_with_what_was_typed(browser: Client, executor: User) -> None:
    assert browser.post("/wallet/limits/", {"daily": "-5", "weekly": "abc"}).status_code == 422
    assert selectors.spending_cap(executor.pk) is None
    browser.post("/wallet/limits/", {"daily": "500", "weekly": ""})
    cap = selectors.spending_cap(executor.pk)
    assert cap is not None
    assert (cap.daily_minor, cap.weekly_minor) == (50_000, None)


def test_the_free_day_begins_once_and_only_for_the_verified(browser: Client, executor: User, clock: Clock) -> None:
    browser.post("/wallet/trial/")
    assert selectors.trial_until(executor.pk) is not None
    clock.advance(hours=25)
    page = browser.post("/wallet/trial/", follow=True).content.decode()
    assert "Пробный день у вас уже был." in page


def test_an_unverified_executor_cannot_begin_the_free_day(client: Client) -> None:
    stranger = person()
    client.force_login(stranger)
    assert client.post("/wallet/trial/").status_code == 403
    assert selectors.trial_until(stranger.pk) is None


def test_the_api_tells_the_same(browser: Client, executor: User, line_id: int) -> None:
    wallet = browser.get("/api/v1/wallet").json()
    assert wallet["balance"] == {"minor": 112_000, "currency": "RUB"}
    lines = browser.get("/api/v1/wallet/statement").json()["lines"]
    assert [line["kind"] for line in lines] == ["response_fee", "promotion"]
    quote = browser.get(f"/api/v1/wallet/quote?category_id={category().pk}&city_id={city().pk}").json()
    assert (quote["amount"]["minor"], quote["covered_by"]) == (12_000, "wallet")
    response_id = lines[0]["charge"]["response_id"]
    assert browser.get(f"/api/v1/wallet/charges/{response_id}").json()["status"] == "charged"


def test_the_api_keeps_strangers_out(client: Client, line_id: int, executor: User) -> None:
    assert client.get("/api/v1/wallet").status_code == 401
    client.force_login(person())
    assert client.get(f"/api/v1/wallet/statement/{line_id}").status_code == 404
    damaged = client.get("/api/v1/wallet/statement?after=nonsense")
    assert (damaged.status_code, damaged.json()["code"]) == (422, "invalid_input")
