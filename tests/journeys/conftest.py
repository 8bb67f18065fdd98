"""What a journey needs: the whole site on one address (pages through WSGI, sockets through ASGI, nginx in front) and a real Chromium.

    def test_a_task_is_answered(site, phone):
        page = phone(as_=executor)
        page.goto(site.url("/feed/"))

The site runs inside the test process, so what a test arranges with the services is what the pages show.
"""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from marketplace.accounts.models import User
from ops import proxy
from tests.people import sign_in

# Playwright keeps an event loop in this thread; Django would take every query of the test for one made inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1440, "height": 900}
# The shell is the same browser without windows; Debian's whole Chromium draws some even when it is headless.
_CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
_CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@dataclass
class Site:
    address: str

    def url(self, path: str) -> str:
        return self.address + path


@dataclass
class Visit:
    """One person's browser: its page, and everything that went wrong in it."""

    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or next((path for path in _CHROMIUM if Path(path).exists()), _CHROMIUM[-1])
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=_CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def site(transactional_db: None, live_server: Any, tmp_path: Path) -> Iterator[Site]:
    """One origin, as in production; channel layers go through Redis, because pages and sockets live in different threads."""
    layers = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [settings.REDIS_URL], "prefix": f"journey-{os.getpid()}"},
        }
    }
    web, live, port = live_server.thread.port, free_port(), free_port()
    with override_settings(CHANNEL_LAYERS=layers, ALLOWED_HOSTS=["*"], SITE_URL=f"http://127.0.0.1:{port}"):
        with sockets_on(live), nginx_on(port, web=web, live=live, folder=tmp_path / "nginx"):
            yield Site(f"http://127.0.0.1:{port}")


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visit]]:
    """Open a browser as somebody. At the end nothing may have gone wrong in any of them: no error, no blocked script or style."""
    visits: list[Visit] = []

    def open_as(
        person: User | None = None,
        *,
        language: str = "ru",
        size: dict[str, int] | None = None,
        javascript: bool = True,
        dark: bool = False,
        where: tuple[float, float] | None = None,
    ) -> Visit:
        context = browser.new_context(
            base_url=site.address,
            viewport=size or PHONE,  # type: ignore[arg-type]
            is_mobile=size is None,
            has_touch=size is None,
            locale={"ru": "ru-RU", "en": "en-GB"}[language],
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            geolocation={"longitude": where[0], "latitude": where[1]} if where else None,
            permissions=["geolocation"] if where else [],
            service_workers="block",
        )
        context.set_default_timeout(10_000)
        if person is not None:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": site.address}]
            )
        one = Visit(context, context.new_page())
        watch(one)
        visits.append(one)
        return one

    yield open_as
    for one in visits:
        one.context.close()
    troubles = [trouble for one in visits for trouble in one.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def phone(visit: Callable[..., Visit]) -> Callable[..., Page]:
    """A page of 360×640 as somebody: `phone(as_=executor, language="en", javascript=False)`."""
    return lambda as_=None, **options: visit(as_, **options).page


@pytest.fixture
def desk(visit: Callable[..., Visit]) -> Callable[..., Page]:
    return lambda as_=None, **options: visit(as_, size=DESK, **options).page


def watch(one: Visit) -> None:
    def console(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            one.troubles.append(f"{one.page.url}: {message.text}")

    one.page.on("console", console)
    one.page.on("pageerror", lambda error: one.troubles.append(f"{one.page.url}: {error}"))
    one.page.on(
        "response",
        lambda answer: one.troubles.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
    )


def session_of(person: User) -> str:
    """A signed-in session, second factor included for staff; signing in by code has a journey of its own."""
    return sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, what: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"{what} did not start"
            time.sleep(0.05)


class sockets_on:
    """The live process's application in a thread, on this test's database."""

    def __init__(self, port: int) -> None:
        from marketplace.asgi import application

        config = uvicorn.Config(
            application, host="127.0.0.1", port=port, log_level="warning", lifespan="off", ws="websockets-sansio"
        )
        self.port, self.server = port, uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()
        wait_for_port(self.port, "the live process")

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(timeout=10)


class nginx_on:
    def __init__(self, port: int, *, web: int, live: int, folder: Path) -> None:
        folder.mkdir()
        for parent in (folder, *list(folder.parents)[:-2]):
            parent.chmod(0o755)  # nginx's worker is another user when the tests run as root
        self.port = port
        self.config = folder / "nginx.conf"
        static = Path(settings.STATIC_ROOT)
        text = proxy.config_text(
            folder, static=static, media=Path(settings.MEDIA_ROOT), host="127.0.0.1", port=port, web=web, live=live
        )
        self.config.write_text(text)

    def __enter__(self) -> None:
        self.process = subprocess.Popen(
            [proxy.program(), "-p", str(self.config.parent), "-e", "stderr", "-c", str(self.config)],
            stderr=subprocess.DEVNULL,
        )
        wait_for_port(self.port, "nginx")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
