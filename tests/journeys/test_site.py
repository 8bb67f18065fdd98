"""The ground under the journeys: one origin really serves pages, files and sockets."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys import steps
from tests.journeys.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_meets_the_home_page_in_both_languages(site: Site, phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "ru"
    page.goto("/en/")
    assert page.locator("html").get_attribute("lang") == "en"


def test_somebody_signed_in_sees_their_account(site: Site, phone: Callable[..., Page]) -> None:
    page = phone(as_=steps.customer("Вера Котова"))
    page.goto("/account/")
    assert page.get_by_text("Вера").first.is_visible()


def test_styles_come_from_the_same_address(site: Site, phone: Callable[..., Page]) -> None:
    page = phone()
    sheets: list[int] = []
    page.on("response", lambda answer: sheets.append(answer.status) if answer.url.endswith(".css") else None)
    page.goto("/")
    assert sheets
    assert set(sheets) == {200}
