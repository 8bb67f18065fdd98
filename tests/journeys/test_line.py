"""The main job, walked in a real Chromium on a phone's screen: a task is written, answered for a fee, done and reviewed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from tasks_app.models import Assignment, Task
from tests.factories import make_category, make_city
from tests.journeys import hands, steps
from tests.journeys.hands import fits, go, path_of, press

pytestmark = pytest.mark.django_db(transaction=True)

WALKS = [
    pytest.param("ru", True, id="russian"),
    pytest.param("en", True, id="english"),
    pytest.param("ru", False, id="without-javascript"),
]


@pytest.mark.parametrize(("language", "javascript"), WALKS)
def test_from_a_visitors_words_to_two_reviews(phone: Callable[..., Page], language: str, javascript: bool) -> None:
    steps.price_list(category=make_category(), city=make_city())
    master = steps.executor("Андрей Климов", category=make_category())
    customer = phone(language=language, javascript=javascript)
    executor = phone(as_=master, language=language, javascript=javascript)

    task = publish_as_visitor(customer, language)
    respond_in_the_feed(executor, task, language)
    assert wallet_balance(master.pk) == Money(88_000)
    ask_and_choose(customer, task, language)
    deal = Assignment.objects.get(task=task)
    do_the_work(executor, deal, language)
    accept_and_review(customer, deal, language)
    review(executor, deal, language)

    go(customer, f"/executors/{master.pk}/", language)
    fits(customer)
    assert "Сделал аккуратно" in customer.content()


def publish_as_visitor(page: Page, language: str) -> Task:
    """The account is asked for at the end, and the draft is still there after it."""
    hands.write_task(page, language)
    hands.go_on(page)
    hands.sign_in_by_code(page, "+79161110022", "Ирина Павлова")
    if path_of(page).endswith("/preview/"):
        press(page, ".dock .button")
    assert path_of(page).endswith("/published/"), page.url
    return Task.objects.get()


def respond_in_the_feed(page: Page, task: Task, language: str) -> None:
    go(page, "/feed/", language)
    fits(page)
    assert page.get_by_text(task.title).first.is_visible()
    assert task.address not in page.content()
    press(page, f"a[href*='/tasks/{task.pk}/respond/']")
    fits(page)
    page.fill("[name=price]", "2300")
    page.fill("[name=message]", "Приеду со своей стремянкой и дрелью.")
    press(page, "form:has([name=message]) .button[type=submit]")


def ask_and_choose(page: Page, task: Task, language: str) -> None:
    go(page, f"/tasks/{task.pk}/", language)
    fits(page)
    press(page, "a[href*='/responses/']")
    press(page, "form[action*='/thread/'] .button")
    page.fill("[name=text]", "Стремянка до трёх метров достанет?")
    if page.evaluate("document.documentElement.classList.contains('js')"):
        page.locator("[data-chat-form] button").click()
        page.locator("li[data-id]").get_by_text("Стремянка до трёх метров").wait_for()
    else:
        press(page, "[data-chat-form] button")
    fits(page)
    response = task.responses.get()
    go(page, f"/responses/{response.pk}/", language)
    hands.go_on(page)
    fits(page)
    press(page, "form .button[type=submit]")


def do_the_work(page: Page, deal: Assignment, language: str) -> None:
    go(page, f"/deals/{deal.pk}/", language)
    fits(page)
    assert deal.task.address in page.content()
    for step in ("on_the_way", "start", "done"):
        press(page, f".dock [name=step][value={step}]")
    deal.refresh_from_db()
    assert deal.status == Assignment.Status.DONE


def accept_and_review(page: Page, deal: Assignment, language: str) -> None:
    go(page, f"/deals/{deal.pk}/", language)
    press(page, ".dock [name=step][value=accept]")
    review(page, deal, language)


def review(page: Page, deal: Assignment, language: str) -> None:
    go(page, f"/deals/{deal.pk}/review/", language)
    fits(page)
    hands.choose(page, "stars", "5")
    page.fill("[name=text]", "Сделал аккуратно и вовремя.")
    press(page, "form:has([name=stars]) .button[type=submit]")
