"""What every test stands on: its own caches and files, channel layers in memory, a clock that can be moved."""

import gc
import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import override_settings

from marketplace.kit import clock as kit_clock

if TYPE_CHECKING:
    from tests.simulator import RunningSimulator

ROOT = Path(__file__).resolve().parent.parent
JOURNEYS = ROOT / "tests" / "journeys"


def pytest_sessionstart(session: pytest.Session) -> None:
    """The texts that pages are tested with are the texts of locale/parts; one process compiles them, before the others start."""
    if hasattr(session.config, "workerinput"):
        return
    compiled = ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.mo"
    parts = list((ROOT / "locale" / "parts").glob("*.po"))
    if parts and (not compiled.exists() or compiled.stat().st_mtime < max(part.stat().st_mtime for part in parts)):
        call_command("compile_translations", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A new test database is a copy of the template, where there is one (tests/template.py)."""
    if template := os.environ.get("TEST_TEMPLATE"):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session", autouse=True)
def _own_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each test process keeps its files, cache keys, mails and messages to itself; nudges go nowhere."""
    room = tmp_path_factory.mktemp("room")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    storages = {name: dict(options) for name, options in settings.STORAGES.items()}
    storages["private"] = {**storages["private"], "OPTIONS": {"location": str(room / "private")}}
    with override_settings(
        MEDIA_ROOT=str(room / "media"),
        PRIVATE_ROOT=str(room / "private"),
        EMAIL_FILE_PATH=str(room / "outbox"),
        STORAGES=storages,
        CACHES={"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{os.getpid()}-{worker}"}},
        CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
        # WhiteNoise reads the whole static folder for every test client; journeys get static files from nginx.
        MIDDLEWARE=[name for name in settings.MIDDLEWARE if not name.startswith("whitenoise.")],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        from marketplace.celery import app
        from tests import emptying

        TransactionTestCase._fixture_teardown = lambda self: emptying.empty()
        app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = "memory://"
        yield


@pytest.fixture(autouse=True)
def _site_language() -> None:
    """The last page that a test asked for leaves its language to the process; the next test does not begin with it."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rate limits and cards of one test are not the next one's. Tests without a database do not touch Redis either."""
    yield
    uses_data = request.node.get_closest_marker("django_db") is not None
    if uses_data or {"db", "transactional_db", "client"} & set(request.fixturenames):
        empty_cache()


def empty_cache() -> None:
    """Forget what this process cached; another process's tests keep theirs."""
    from django.core.cache import cache

    server = cache._cache.get_client()
    names = list(server.scan_iter(f"{settings.CACHES['default']['KEY_PREFIX']}:*", count=500))
    if names:
        server.delete(*names)


class Clock:
    """Moves the present of everything that asks marketplace.kit.clock."""

    def __init__(self) -> None:
        self.frozen_at: datetime | None = None
        self._shift = timedelta()

    def freeze(self, moment: datetime | None = None) -> datetime:
        """Stop at `moment` (aware), or at the present."""
        self.frozen_at = moment or self.now()
        return self.frozen_at

    def advance(self, **period: float) -> datetime:
        """Go forward: `clock.advance(hours=48, minutes=1)`."""
        step = timedelta(**period)
        if self.frozen_at is not None:
            self.frozen_at += step
        else:
            self._shift += step
        return self.now()

    def now(self) -> datetime:
        return self.frozen_at if self.frozen_at is not None else datetime.now(UTC) + self._shift


@pytest.fixture
def clock() -> Iterator[Clock]:
    moving = Clock()
    kit_clock.use_source(moving.now)
    yield moving
    kit_clock.use_source(None)


@pytest.fixture
def in_russian() -> Iterator[None]:
    from django.utils import translation

    with translation.override("ru"):
        yield


@pytest.fixture
def in_english() -> Iterator[None]:
    from django.utils import translation

    with translation.override("en"):
        yield


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Journeys drive a real browser. A name must be the same in every process.

    Files with slow tests come first, so that no process is left alone with one at the end.
    """
    this_day = str(int(time.time()))[:5]
    slow_files = set()
    for item in items:
        if re.search(rf"{this_day}\d{{5}}\b", item.nodeid):
            raise pytest.UsageError(f"{item.nodeid} is named after the present moment: give its parameters ids.")
        if item.path.is_relative_to(JOURNEYS):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("slow"):
            slow_files.add(item.path)
    items.sort(key=lambda item: item.path not in slow_files)


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector of garbage need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _stripe_simulator(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[RunningSimulator]":
    from tests.simulator import RunningSimulator

    running = RunningSimulator(tmp_path_factory.mktemp("stripe") / "simulator.sqlite3")
    yield running
    running.close()


@pytest.fixture
def stripe_simulator(_stripe_simulator: "RunningSimulator") -> "RunningSimulator":
    """A running Stripe simulator that remembers nothing yet (tests/simulator.py)."""
    _stripe_simulator.reset()
    return _stripe_simulator
