"""Money by card on a phone: a top-up that the bank wants confirmed, a subscription that renews and one day fails, every line explained."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import services
from payments.models import Intent, ProcessorCustomer, Subscription, SubscriptionPayment, Trial
from payments.selectors import wallet_balance
from tests.conftest import Clock
from tests.factories import make_category, make_city
from tests.journeys import steps
from tests.journeys.conftest import Site
from tests.journeys.hands import fits, go, press
from tests.payments.conftest import differences
from tests.payments.subscriptions.steps import jobs
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
PLAIN, CONFIRMED_BY_THE_BANK = "4242424242424242", "4000002760003184"


@pytest.fixture
def processor(stripe_simulator: Simulator, settings: Any) -> Simulator:
    """Card payments switched on; at the end the processor's books are ours."""
    settings.STRIPE_SECRET_KEY = stripe_simulator.key
    settings.STRIPE_API_BASE = stripe_simulator.base
    return stripe_simulator


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_top_up_that_the_bank_wants_confirmed(
    site: Site, phone: Callable[..., Page], processor: Simulator, language: str
) -> None:
    man = steps.executor(money=Money(0))
    page = phone(as_=man, language=language)
    go(page, "/wallet/top-up/", language)
    fits(page)
    page.fill("[name=other]", "700")
    press(page, "main form .button")
    pay(page, CONFIRMED_BY_THE_BANK)
    fits(page)
    press(page, "button[value=yes]")
    page.wait_for_url(re.compile(f"^{site.address}/.*wallet/top-up/"))
    expect(page.get_by_text("700").first).to_be_visible()
    assert Intent.objects.get().status == "settled"
    assert wallet_balance(man.pk) == Money(70_000)
    go(page, "/wallet/", language)
    press(page, "main a[href*='/wallet/lines/']")
    fits(page)
    expect(page.get_by_text("700").first).to_be_visible()
    assert differences() == []


def test_a_subscription_begins_renews_and_fails_with_a_way_out(
    site: Site, phone: Callable[..., Page], processor: Simulator, clock: Clock
) -> None:
    clock.freeze(datetime.now(UTC).replace(microsecond=0))
    man = with_trial_behind(steps.executor(money=Money(0)))
    steps.price_list()
    page = phone(as_=man)
    go(page, f"/wallet/subscriptions/new/{make_category().pk}/{make_city().pk}/")
    fits(page)
    press(page, "main form .button")
    pay(page, PLAIN)
    page.wait_for_url(re.compile(f"^{site.address}/wallet/subscriptions/"))
    mine = Subscription.objects.get()
    assert mine.status == "active"
    fits(page)
    pass_days(31, clock, processor)
    assert SubscriptionPayment.objects.count() == 2
    break_the_card(mine, processor)
    pass_days(31, clock, processor)
    mine.refresh_from_db()
    assert (mine.status, SubscriptionPayment.objects.count()) == ("past_due", 2)
    page.goto(page.url)
    fits(page)
    expect(page.locator(f"a[href^='{processor.base}']").first).to_be_visible()
    expect(page.locator(".ledger").get_by_text("1 490")).to_have_count(2)
    assert differences() == []


def pay(page: Page, number: str) -> None:
    """The processor's own page."""
    page.fill("[name=number]", number)
    page.fill("[name=expiry]", "12 / 34")
    page.fill("[name=cvc]", "123")
    press(page, "button[value=pay]")


def with_trial_behind(man: User) -> User:
    services.start_trial(user_id=man.pk)
    Trial.objects.filter(user=man).update(ends_at=datetime.now(UTC) - timedelta(days=3))
    return man


def pass_days(days: float, clock: Clock, processor: Simulator) -> None:
    """Here and at the processor; an invoice is charged an hour after its period begins."""
    for period in ({"days": days}, {"hours": 2}):
        clock.advance(**period)
        processor.advance(**period)
        jobs()


def break_the_card(mine: Subscription, processor: Simulator) -> None:
    """From now on the bank refuses."""
    client, customer = processor.client(), ProcessorCustomer.objects.get(user_id=mine.user_id).processor_id
    broken = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    client.v1.subscriptions.update(mine.processor_id, {"default_payment_method": broken.id})
