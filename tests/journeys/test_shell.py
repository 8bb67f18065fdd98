"""The shell in a real Chromium: the policy holds, the map opens, the theme and the offline page work."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from marketplace.accounts.models import User
from tests import factories
from tests.journeys import steps
from tests.journeys.conftest import free_port, nginx_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "frontend" / "static" / "build"


@pytest.fixture
def chromium(browser: Browser) -> Browser:
    """The session's one Chromium: a second Playwright in the process would end the first one's settings."""
    return browser


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, color_scheme="light", locale="ru-RU")
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(phone: BrowserContext, complaints: list[str]) -> Page:
    page = phone.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


@pytest.fixture
def site(live_server: Any, tmp_path: Path) -> Iterator[str]:
    """Behind nginx, as in production: it serves the collected files, whose names carry their hash."""
    factories.make_city()
    factories.make_category()
    port = free_port()
    with override_settings(ALLOWED_HOSTS=["*"], SITE_URL=f"http://127.0.0.1:{port}"):
        with nginx_on(port, web=live_server.thread.port, live=free_port(), folder=tmp_path / "nginx"):
            yield f"http://127.0.0.1:{port}"


def test_public_pages_break_no_rule_and_fit_a_phone(site: str, page: Page, complaints: list[str]) -> None:
    for path in ("/", "/services/", "/c/electrician/", "/in/moscow/", "/in/moscow/electrician/", "/en/components/"):
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
        small = page.evaluate(
            """() => [...document.querySelectorAll("main .button, main .chip, .bar a, .bar summary, .tabbar a, .links a")]
                .filter((box) => box.checkVisibility() && box.getBoundingClientRect().height < 43.5)
                .map((box) => box.outerHTML.slice(0, 120))"""
        )
        assert small == [], path
    assert complaints == []


def test_what_nginx_itself_refuses_is_json_under_the_api_and_speaks_the_language_of_a_page(
    site: str, page: Page
) -> None:
    refused = page.request.get(f"{site}/api/v1/categories/a%00b")
    assert (refused.status, refused.json()["code"]) == (400, "unreadable")
    assert refused.json()["messages"]["en"] == "We could not read this request"
    for path, sentence in (
        ("/c/a%00b", "Запрос не удалось прочитать"),
        ("/en/c/a%00b", "We could not read this request"),
    ):
        answer = page.request.get(site + path)
        assert (answer.status, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
        assert f"<h1>{sentence}</h1>" in answer.text()


def test_the_map_opens_on_a_tap_and_breaks_no_rule(site: str, page: Page, complaints: list[str]) -> None:
    page.goto(site + "/components/")
    box = page.locator("[data-map]").first
    assert box.locator("svg.city path").count() > 3, "the still map is there before any script asks for it"
    box.locator("[data-map-open]").click()
    page.wait_for_selector(".map__live .city-river", state="attached")
    page.wait_for_selector(".map__live .map-area", state="attached")
    assert page.locator(".city-name").count() > 5
    assert complaints == []


def test_the_theme_changes_at_once_and_stays(site: str, page: Page) -> None:
    page.goto(site + "/services/")
    page.click("details.menu > summary")
    with page.expect_response("**/theme/"):
        page.click("button[name=theme][value=dark]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto(site + "/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.keyboard.press("Escape")


def test_without_a_network_the_kept_page_is_shown(site: str, page: Page, phone: BrowserContext) -> None:
    page.goto(site + "/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    phone.set_offline(True)
    page.goto(site + "/services/", wait_until="domcontentloaded")
    assert page.locator(".empty h1").inner_text() == "Здесь нет сети"
    phone.set_offline(False)
    kept = page.evaluate(
        """() => caches.keys().then(([name]) => caches.open(name)).then((kept) => kept.keys())
            .then((keys) => keys.map((key) => new URL(key.url).pathname))"""
    )
    assert len(kept) > 2
    assert all(path.startswith("/static/") or path.endswith("/offline/") for path in kept)


def test_a_response_written_without_a_network_is_sent_once_when_it_is_back(
    site: str, page: Page, phone: BrowserContext, client: Client
) -> None:
    executor = steps.executor()
    task = steps.post_task()
    become(executor, client, phone, site)
    page.goto(f"{site}/tasks/{task.pk}/respond/")
    page.wait_for_load_state("networkidle")
    page.fill("[name=price]", "2500")
    page.fill("[name=message]", "Приеду со своей стремянкой, сделаю аккуратно.")
    phone.set_offline(True)
    for _press in range(2):
        page.click("form[data-later] button[type=submit]")
        page.wait_for_selector(".toast")
    assert page.locator("p.offline").is_visible()
    assert task.responses.count() == 0
    phone.set_offline(False)
    page.get_by_text("Написанное без сети отправлено").wait_for()
    page.reload()
    page.wait_for_load_state("networkidle")
    assert task.responses.count() == 1
    assert page.evaluate("localStorage.later") is None


def test_what_one_person_wrote_without_a_network_never_goes_as_another(
    site: str, page: Page, phone: BrowserContext, client: Client
) -> None:
    """A phone passes from hand to hand: the answer, and its fee, wait for the one who wrote it."""
    writer, other = steps.executor(), steps.executor()
    task = steps.post_task()
    become(writer, client, phone, site)
    page.goto(f"{site}/tasks/{task.pk}/respond/")
    page.wait_for_load_state("networkidle")
    page.fill("[name=price]", "2500")
    page.fill("[name=message]", "Приеду со своей стремянкой, сделаю аккуратно.")
    phone.set_offline(True)
    page.click("form[data-later] button[type=submit]")
    page.wait_for_selector(".toast")
    become(other, client, phone, site)
    phone.set_offline(False)
    page.goto(f"{site}/tasks/{task.pk}/respond/")
    page.wait_for_load_state("networkidle")
    assert page.input_value("[name=message]") == ""
    assert task.responses.count() == 0
    become(writer, client, phone, site)
    page.goto(site + "/")
    page.get_by_text("Написанное без сети отправлено").wait_for()
    assert [response.executor_id for response in task.responses.all()] == [writer.pk]


def test_what_was_typed_survives_a_sending_that_never_arrived(
    site: str, page: Page, phone: BrowserContext, client: Client
) -> None:
    """The device believes that there is a network, and there is none."""
    become(steps.executor(), client, phone, site)
    address = f"{site}/tasks/{steps.post_task().pk}/respond/"
    page.goto(address)
    page.fill("[name=message]", "Приеду со своей стремянкой, сделаю аккуратно.")
    page.evaluate("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => true })")
    phone.set_offline(True)
    page.locator("form[data-later] button[type=submit]").click(no_wait_after=True)
    page.wait_for_timeout(500)
    phone.set_offline(False)
    page.goto(address)
    expect(page.locator("[name=message]")).to_have_value("Приеду со своей стремянкой, сделаю аккуратно.")
    page.fill("[name=price]", "2500")
    page.click("form[data-later] button[type=submit]")
    page.wait_for_url(lambda url: "/respond/" not in url)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []


def become(person: User, client: Client, phone: BrowserContext, site: str) -> None:
    """Signed in on this device, whoever was before: a sign-in renews the token of forms too."""
    phone.clear_cookies()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    phone.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


def test_pages_work_without_scripts(site: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(site + "/")
    page.click("details.menu > summary")
    page.click("button[name=theme][value=dark]")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.click("details.menu > summary")
    page.click('.switch a[hreflang="en"]')
    assert page.url.endswith("/en/")
    page.goto(site + "/components/")
    assert page.locator("[data-map-open]").first.is_hidden()
    context.close()


def test_scripts_of_an_ordinary_page_stay_small() -> None:
    import gzip

    size = len(gzip.compress((BUILT / "app.js").read_bytes(), 9))
    shared = sum(
        len(gzip.compress(file.read_bytes(), 9))
        for file in (BUILT / "chunks").glob("chunk-*.js")
        if file.name in (BUILT / "app.js").read_text()
    )
    assert size + shared < 40_000
