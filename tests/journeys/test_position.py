"""A shift on a phone: consent, positions sent in batches, kept without a network and sent later; the customer watches."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from marketplace.accounts.models import User
from tasks_app.tracking.models import Ping, Shift
from tests.journeys import steps
from tests.journeys.conftest import Visit
from tests.journeys.hands import fits, go, press

pytestmark = pytest.mark.django_db(transaction=True)


def stored(count: int, person: User) -> bool:
    """Waits for the browser to have sent."""
    for _try in range(100):
        if Ping.objects.filter(executor=person).count() >= count:
            return True
        time.sleep(0.1)
    return False


def start_shift(page: Page) -> None:
    go(page, "/shift/", "ru")
    fits(page)
    page.locator("[name=agree]").check()
    press(page, "form[action$='/start/'] button[type=submit]")


def test_a_shift_sends_keeps_and_sends_again(visit: Callable[..., Visit]) -> None:
    executor = steps.executor()
    one = visit(executor, where=(37.60, 55.75))
    page = one.page
    start_shift(page)
    assert Shift.objects.get(executor=executor).ended_at is None
    page.locator("[data-shift-state]").get_by_text("найдены").wait_for()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    assert stored(1, executor)

    one.context.set_offline(True)
    for step in range(1, 4):
        one.context.set_geolocation({"longitude": 37.60 + step / 500, "latitude": 55.75})
        page.locator(f"[data-shift-waiting]:text-is('{step}')").wait_for()
    assert Ping.objects.filter(executor=executor).count() == 1
    one.context.set_offline(False)
    assert stored(4, executor)
    page.locator("[data-shift-waiting]:text-is('0')").wait_for()

    press(page, "form[action$='/end/'] button[type=submit]")
    assert Shift.objects.get(executor=executor).ended_at is not None
    go(page, "/my/location/", "ru")
    assert "4 точки" in page.locator("main").inner_text()
    fits(page)


def test_the_customer_watches_somebody_come(visit: Callable[..., Visit]) -> None:
    deal = steps.assigned()
    x, y = deal.task.point.coords
    one = visit(deal.executor, where=(x + 0.04, y))
    executor = one.page
    start_shift(executor)
    executor.locator("[data-shift-state]").get_by_text("найдены").wait_for()
    steps.set_off(deal)
    go(executor, "/feed/", "ru")
    one.context.set_geolocation({"longitude": x + 0.03, "latitude": y})
    executor.wait_for_timeout(1000)
    executor.evaluate("window.dispatchEvent(new Event('online'))")
    assert stored(2, deal.executor), "the taking goes on from page to page"

    customer = visit(deal.customer).page
    go(customer, f"/deals/{deal.pk}/map/", "ru")
    customer.locator(".map__live .map-drop--person").wait_for()
    assert "примерно" in customer.locator("#watch").inner_text()
    fits(customer)
    steps.finish(deal)
    go(customer, f"/deals/{deal.pk}/map/", "ru")
    assert "Карта закрыта" in customer.locator("main").inner_text()
