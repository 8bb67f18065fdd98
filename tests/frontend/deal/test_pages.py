"""The pages of responses and deals, walked as the customer, the executor, a moderator and a stranger."""

from collections.abc import Callable

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from tasks_app.models import Assignment, Cancellation, Response, Task
from tests.journeys import steps
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Callable[[User], Client]:
    def log_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return log_in


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode().replace("\xa0", " ")


FORM = {"price": "2300", "message": "Приеду в 18:30 со своей стремянкой.", "available_at": "", "operation": "form-1"}


def test_the_whole_line_on_pages(browser: Callable[[User], Client]) -> None:
    task, man = steps.post_task(), steps.executor()
    customer, executor = browser(task.customer), browser(man)
    page = text(executor, f"/tasks/{task.pk}/respond/")
    assert "Откликнуться за 120 ₽" in page
    assert "0 из 10" in page
    sent = executor.post(f"/tasks/{task.pk}/respond/", FORM)
    response = Response.objects.get()
    assert sent.headers["Location"] == f"/responses/{response.pk}/"
    assert "Списано 120 ₽" in text(executor, f"/responses/{response.pk}/")
    assert "2 300 ₽" in text(customer, f"/tasks/{task.pk}/")
    text(customer, f"/responses/{response.pk}/")
    response.refresh_from_db()
    assert response.seen_at is not None
    text(customer, f"/responses/{response.pk}/choose/")
    customer.post(f"/responses/{response.pk}/choose/")
    deal = Assignment.objects.get()
    assert str(task.customer.phone) in text(executor, f"/deals/{deal.pk}/")
    assert "кв. 7" in text(executor, f"/deals/{deal.pk}/")
    assert str(man.phone) in text(customer, f"/deals/{deal.pk}/")
    for step in ("on_the_way", "start", "done"):
        executor.post(f"/deals/{deal.pk}/step/", {"step": step})
        text(customer, f"/deals/{deal.pk}/")
        text(executor, f"/deals/{deal.pk}/")
    customer.post(f"/deals/{deal.pk}/step/", {"step": "accept"})
    task.refresh_from_db()
    assert task.status == "closed"
    for path in ("/my/tasks/?tab=ended", f"/tasks/{task.pk}/", f"/deals/{deal.pk}/"):
        assert task.title in text(customer, path)
    assert task.title in text(executor, "/my/responses/?tab=chosen")


def test_sending_the_same_form_twice_charges_once(browser: Callable[[User], Client]) -> None:
    task, man = steps.post_task(), steps.executor()
    executor = browser(man)
    for _i in range(2):
        assert executor.post(f"/tasks/{task.pk}/respond/", FORM).status_code == 302
    assert Response.objects.count() == 1
    assert wallet_balance(man.pk) == Money(88_000)


def test_without_money_the_text_is_kept_and_the_wallet_is_near(browser: Callable[[User], Client]) -> None:
    task, man = steps.post_task(), steps.executor(money=Money(0))
    answer = browser(man).post(f"/tasks/{task.pk}/respond/", FORM)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert FORM["message"] in page
    assert "/wallet/" in page
    assert "недостаточно" in page.lower() or "не хватает" in page.lower()
    assert not Response.objects.exists()


def test_a_visitor_is_asked_to_log_in_to_respond(client: Client) -> None:
    task = steps.post_task()
    assert "/account/login/" in client.get(f"/tasks/{task.pk}/respond/").headers["Location"]


def test_cancelling_a_deal_says_what_happens_to_the_fee_before_the_button(browser: Callable[[User], Client]) -> None:
    deal = steps.assigned()
    executor, customer = browser(deal.executor), browser(deal.customer)
    page = text(executor, f"/deals/{deal.pk}/cancel/")
    assert "Плата не вернётся" in page
    assert "120 ₽" in page
    assert customer.post(f"/deals/{deal.pk}/cancel/", {}).status_code == 422
    assert not Cancellation.objects.exists()
    customer.post(f"/deals/{deal.pk}/cancel/", {"reason": "plans_changed", "note": ""})
    assert Cancellation.objects.get().customer_reason == "plans_changed"
    page = text(executor, f"/deals/{deal.pk}/")
    assert str(deal.customer.phone) not in page
    text(executor, f"/deals/{deal.pk}/answer/")
    executor.post(f"/deals/{deal.pk}/answer/", {"reason": "customer_asked", "at_fault": "customer", "note": ""})
    assert Cancellation.objects.get().fault == "customer"
    text(customer, f"/deals/{deal.pk}/")


def test_a_dispute_ends_at_the_desk(browser: Callable[[User], Client]) -> None:
    deal = steps.finish(steps.assigned())
    customer, judge = browser(deal.customer), sign_in(Client(), steps.moderator())
    text(customer, f"/deals/{deal.pk}/dispute/")
    customer.post(f"/deals/{deal.pk}/dispute/", {"reason": "Криво"})
    assert "Криво" in text(browser(deal.executor), f"/deals/{deal.pk}/")
    address = f"/desk/disputes/{deal.pk}/"
    assert address in text(judge, "/desk/disputes/")
    assert "Криво" in text(judge, address)
    assert customer.get(address).status_code == 404
    hurried = sign_in(Client(), steps.moderator(), second_factor=False)
    decision = {"outcome": "accept", "at_fault": "unknown", "note": "По фото всё верно"}
    assert hurried.post(address, decision).status_code == 302
    deal.refresh_from_db()
    assert deal.status == "disputed"
    judge.post(address, decision)
    deal.refresh_from_db()
    assert deal.status == "accepted"


def test_a_task_is_removed_at_the_desk(browser: Callable[[User], Client]) -> None:
    task, judge = steps.post_task(), sign_in(Client(), steps.moderator())
    address = f"/desk/tasks/{task.pk}/remove/"
    assert browser(task.customer).post(address, {"reason": "spam"}).status_code == 404
    text(judge, address)
    judge.post(address, {"reason": "spam", "note": ""})
    task.refresh_from_db()
    assert task.status == "removed"
    assert "Спам" in text(browser(task.customer), f"/tasks/{task.pk}/")


def test_withdrawing_and_cancelling_a_task(browser: Callable[[User], Client]) -> None:
    task = steps.post_task()
    first, second = steps.respond(task), steps.respond(task)
    executor, customer = browser(first.executor), browser(task.customer)
    text(executor, f"/responses/{first.pk}/edit/")
    executor.post(f"/responses/{first.pk}/edit/", {**FORM, "price": "2000"})
    assert "2 000 ₽" in text(customer, f"/tasks/{task.pk}/")
    text(executor, f"/responses/{first.pk}/withdraw/")
    executor.post(f"/responses/{first.pk}/withdraw/")
    text(customer, f"/tasks/{task.pk}/cancel/")
    customer.post(f"/tasks/{task.pk}/cancel/", {"reason": "nobody_suits", "note": ""})
    assert Task.objects.get().status == "cancelled"
    assert "вернулись" in text(browser(second.executor), f"/responses/{second.pk}/")
    for tab in ("open", "active", "ended"):
        text(customer, f"/my/tasks/?tab={tab}")
    for tab in ("waiting", "chosen", "ended"):
        text(executor, f"/my/responses/?tab={tab}")


@pytest.mark.parametrize("path", ["responses/{r}/", "responses/{r}/choose/", "responses/{r}/withdraw/", "responses/{r}/edit/",
                                  "deals/{d}/", "deals/{d}/cancel/", "deals/{d}/dispute/", "deals/{d}/answer/",
                                  "tasks/{t}/cancel/"])  # fmt: skip
def test_for_a_stranger_the_pages_do_not_exist(browser: Callable[[User], Client], path: str) -> None:
    deal = steps.assigned()
    address = "/" + path.format(r=deal.response_id, d=deal.pk, t=deal.task_id)
    stranger = browser(steps.executor())
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"reason": "plans_changed"}).status_code in (404, 405)
    deal.refresh_from_db()
    assert deal.status == "assigned"
