"""A secure deal on a phone: paid by a card that the bank confirms, held, disputed and divided, or accepted; the money reaches the bank."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marketplace.accounts.models import User
from payments.models import Payout, PayoutAccount, SecureDeal
from payments.secure_deals.jobs import refresh_payout_accounts
from tasks_app.models import Assignment, Response
from tests.conftest import Clock
from tests.journeys import steps
from tests.journeys.conftest import Site
from tests.journeys.hands import fits, go, press
from tests.journeys.test_money import CONFIRMED_BY_THE_BANK, pay, processor
from tests.payments.conftest import differences
from tests.secure_deals.steps import response, secure_task, settle
from tests.simulator import Simulator

__all__ = ["processor"]  # a fixture of the walks with money

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def answer(clock: Clock) -> Response:
    """2,300 ₽ asked for a task with a secure deal; the commission of 5 % is halved between the two."""
    clock.freeze(datetime.now(UTC).replace(microsecond=0))
    return response(secure_task(payer="both"))


def test_a_disputed_deal_is_divided_and_both_read_what_became_of_the_money(
    site: Site,
    phone: Callable[..., Page],
    desk: Callable[..., Page],
    processor: Simulator,
    answer: Response,
    clock: Clock,
) -> None:
    customer, executor = phone(as_=answer.task.customer), phone(as_=answer.executor)
    deal = choose_and_pay(customer, answer, site, "ru")
    open_account(executor, answer.executor, processor, "ru")
    do_the_work(executor, deal, "ru")
    dispute(customer, deal)
    divide_in_half(desk(as_=steps.moderator()), deal)
    for page in (customer, executor):
        go(page, f"/deals/{deal.pk}/")
        fits(page)
    settle()
    assert SecureDeal.objects.get().status == "settling", "nothing moves while it can be appealed"
    pass_days(4, clock, processor)
    assert SecureDeal.objects.get().status == "settled"

    # Half of the price and half of the commission: 1,150 + 28.75 back, 1,150 - 28.75 to the executor.
    reads(customer, f"/deals/{deal.pk}/", "1 178,75", "1 121,25")
    reads(customer, "/wallet/deals/", "2 357,50", "1 178,75")
    reads(executor, f"/deals/{deal.pk}/", "1 121,25", "1 178,75")
    reads(executor, "/wallet/deals/", "1 121,25")
    reads(executor, "/account/payouts/", "1 121,25", "6789")
    assert differences() == []


def test_an_accepted_deal_is_paid_out(
    site: Site, phone: Callable[..., Page], processor: Simulator, answer: Response, clock: Clock
) -> None:
    customer = phone(as_=answer.task.customer, language="en", dark=True)
    executor = phone(as_=answer.executor, language="en", dark=True)
    deal = choose_and_pay(customer, answer, site, "en")
    do_the_work(executor, deal, "en")
    go(customer, f"/deals/{deal.pk}/", "en")
    fits(customer)
    press(customer, ".dock [name=step][value=accept]")
    settle()
    reads(executor, f"/deals/{deal.pk}/", "2,242.50", language="en")
    assert SecureDeal.objects.get().status == "settling", "there is no account to pay to yet"
    press(executor, "main a[href*='/account/payouts/']")
    open_account(executor, answer.executor, processor, "en")
    settle()
    pass_days(4, clock, processor)

    reads(customer, f"/deals/{deal.pk}/", "2,242.50", language="en")
    reads(customer, "/wallet/deals/", "2,357.50", language="en")
    reads(executor, "/wallet/deals/", "2,242.50", language="en")
    reads(executor, "/account/payouts/", "2,242.50", "6789", language="en")
    assert differences() == []


def choose_and_pay(page: Page, answer: Response, site: Site, language: str) -> Assignment:
    go(page, f"/responses/{answer.pk}/", language)
    fits(page)
    press(page, ".dock .button")
    fits(page)
    press(page, "main form .button[type=submit]")
    fits(page)
    pay(page, CONFIRMED_BY_THE_BANK)
    fits(page)
    press(page, "button[value=yes]")
    page.wait_for_url(re.compile(f"^{site.address}/.*deals/"))
    fits(page)
    deal = Assignment.objects.get(response=answer)
    assert SecureDeal.objects.get(assignment=deal).status == "held"
    return deal


def open_account(page: Page, person: User, processor: Simulator, language: str) -> None:
    """On the processor's own page; its check takes a moment."""
    go(page, "/account/payouts/", language)
    fits(page)
    press(page, "main form .button")
    fits(page)
    facts = {"first_name": "Андрей", "last_name": "Климов", "birth": "1990-05-17", "phone": "+79161234567"}
    for name, value in {**facts, "work": "Ремонт", "bank": "000123456789"}.items():
        page.fill(f"[name={name}]", value)
    press(page, "button[value=submit]")
    fits(page)
    processor.advance(seconds=5)
    go(page, "/account/payouts/?back", language)
    fits(page)
    assert PayoutAccount.objects.get(user=person).status == "enabled"


def do_the_work(page: Page, deal: Assignment, language: str) -> None:
    go(page, f"/deals/{deal.pk}/", language)
    fits(page)
    for step in ("on_the_way", "start", "done"):
        press(page, f".dock [name=step][value={step}]")
    fits(page)


def dispute(page: Page, deal: Assignment) -> None:
    go(page, f"/deals/{deal.pk}/")
    fits(page)
    press(page, "a[href$='/dispute/']")
    fits(page)
    page.fill("[name=reason]", "Люстра висит, бра лежат в коробке.")
    press(page, "main form .button[type=submit]")
    fits(page)


def divide_in_half(page: Page, deal: Assignment) -> None:
    """By keyboard, as a moderator works."""
    go(page, "/desk/disputes/")
    with page.expect_navigation():
        page.keyboard.press("j")
    page.keyboard.press("2")
    expect(page.locator("[name=share][value=half]")).to_be_checked()
    page.fill("[name=reason]", "Сделана половина: люстра висит, бра нет.")
    press(page, ".desk__decision button[type=submit]")
    assert f"/desk/disputes/{deal.pk}/" not in page.content()


def pass_days(days: float, clock: Clock, processor: Simulator) -> None:
    """Here and at the processor: the time to appeal is over, the bank has got the money, and we have asked."""
    for _turn in range(2):
        clock.advance(days=days)
        settle()
        processor.advance(days=days)
    refresh_payout_accounts()
    assert Payout.objects.get().status == "paid"


def reads(page: Page, path: str, *sums: str, language: str = "ru") -> None:
    """The page says each of the sums."""
    go(page, path, language)
    fits(page)
    text: Any = re.sub(r"\s", " ", page.locator("main").inner_text())
    for one in sums:
        assert one in text, f"{one} is not on {path}: {text}"
