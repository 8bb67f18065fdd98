"""The feed's page and API against their own SQL, at 10,000, 100,000 and 1,000,000 open tasks.

BENCH_FEED_SIZES=10000,100000 measures other sizes. Ten million are measured only when they are named there.
"""

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from marketplace.accounts.models import User
from tasks_app.feed import sql
from tasks_app.feed.area import Around, Circle
from tasks_app.feed.filters import FeedFilters
from tasks_app.feed.selectors import feed_page
from tasks_app.models import Category, City
from tests.bench.feed import cpu, world
from tests.bench.results import Figures

SIZES = [int(size) for size in os.environ.get("BENCH_FEED_SIZES", "10000,100000,1000000").split(",")]
RADIUS_M = 10_000
TRIES = 300
REQUESTS = 150

NEAR = "nearest, one category"
NEW = "newest, five categories, a price floor"
EDGE = "newest, at the city's edge"


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), world.bench_database():
        yield


@pytest.mark.django_db(transaction=True)
def test_feed_beside_its_own_sql(database: None, django_db_blocker: Any, settings: Any) -> None:
    settings.TEMPLATES = _kept_in_memory(settings.TEMPLATES)
    figures = Figures("feed")
    with django_db_blocker.unblock():
        executor, before = world.an_executor(), 0
        first: dict[str, cpu.Spread] = {}
        for size in SIZES:
            world.grow(size, before)
            before = size
            _same_rows(figures, size)
            _queries(figures, size, first)
            _requests(figures, size, executor)
    if 10_000_000 not in SIZES:
        figures.skip("feed-sql-10M", unit="ratio", bar="<= 5", why="ten million tasks do not fit a run of minutes")
    figures.write()
    assert not figures.missed, figures.missed


def _kept_in_memory(templates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As in production, also when the run's environment says DEBUG."""
    cached = "django.template.loaders.cached.Loader"
    options = templates[0]["OPTIONS"]
    if options["loaders"][0][0] == cached:
        return templates
    return [{**templates[0], "OPTIONS": {**options, "loaders": [(cached, options["loaders"])]}}]


def _label(size: int) -> str:
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1000}k"


def _filters(random: Random, order: str, *, edge: bool = False) -> FeedFilters:
    city = City.objects.order_by("position").first()
    assert city is not None
    distance = 0.28 if edge else 0.1
    longitude = city.centre.x + random.choice([-1, 1]) * random.uniform(distance * 0.8, distance) * (
        1.8 if edge else random.random()
    )
    latitude = city.centre.y + random.uniform(-0.1, 0.1)
    categories = list(Category.objects.order_by("position", "id").values_list("id", flat=True))
    chosen = random.sample(categories[:40], 1 if order == "near" else 5)
    return FeedFilters(
        area=Around((Circle.around(longitude, latitude, RADIUS_M),)),
        category_ids=tuple(chosen),
        order="near" if order == "near" else "new",
        where="onsite",
        price_from_minor=None if order == "near" else 100_000,
    )


def _queries(figures: Figures, size: int, first: dict[str, cpu.Spread]) -> None:
    random = Random(size)
    for name, kind, edge in ((NEAR, "near", False), (NEW, "new", False), (EDGE, "new", True)):
        wanted = [_filters(random, kind, edge=edge) for _try in range(TRIES)]
        taken = cpu.each([_statement(sql.page(one, None, 21)) for one in wanted])
        base = first.setdefault(name, taken)
        key = f"feed-sql-{_label(size)} ({name})"
        figures.add(f"{key} p50", value=taken.p50, yardstick=base.p50, unit="ms")
        figures.add(f"{key} p95", value=taken.p95, yardstick=base.p95, unit="ms")
        if base is not taken:
            figures.add(f"{key} p50 growth", value=taken.p50 / base.p50, yardstick=1, unit="ratio", bar="<= 5")
            figures.add(f"{key} p95 growth", value=taken.p95 / base.p95, yardstick=1, unit="ratio", bar="<= 10")


def _statement(statement: sql.Statement) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.params)
            cursor.fetchall()

    return run


def _same_rows(figures: Figures, size: int) -> None:
    """The written-out statements against one that looks at every open task."""
    random = Random(size + 1)
    compared = 10
    same = 0
    for number in range(compared):
        wanted = _filters(random, "near" if number % 2 else "new")
        same += [row.id for row in feed_page(wanted).rows] == _naive(wanted)
    figures.add(f"feed-same-rows-{_label(size)}", value=same / compared, yardstick=1, unit="share", bar=">= 1")


def _naive(filters: FeedFilters) -> list[int]:
    assert isinstance(filters.area, Around)
    circle = filters.area.circles[0]
    squared = f"(public_x - {circle.x})::bigint ^ 2 + (public_y - {circle.y})::bigint ^ 2"
    order = f"{squared}, id DESC" if filters.by_distance else "created_at DESC, id DESC"
    price = f"AND top_price_minor >= {filters.price_from_minor}" if filters.price_from_minor else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM tasks_app_task WHERE status = 'open' AND category_id = ANY(%s) AND {squared} <= %s {price} "
            f"ORDER BY {order} LIMIT 20",
            [list(filters.category_ids or ()), circle.reach**2],
        )
        return [row[0] for row in cursor.fetchall()]


def _requests(figures: Figures, size: int, executor: User) -> None:
    """Processor time of whole requests (ours and the database's) over that of their statements sent by the bare driver."""
    cookie = _session(executor)
    for name, path in (("page", "/feed/"), ("page-newest", "/feed/?sort=new"), ("api", "/api/v1/feed")):
        ask = _request(path, cookie)
        ask()
        settled = cpu.statements_of(ask)
        whole, alone = cpu.costs([ask, cpu.bare(settled)], REQUESTS)
        note = (
            f"{len(settled)} statements; request {whole.here:.1f} ms here + {whole.database:.1f} ms in the database, "
            f"bare statements {alone.here:.1f} + {alone.database:.1f} ms; over the database's share {whole.both / alone.database:.1f}"
        )
        bar = "<= 4" if size >= 1_000_000 else ""
        figures.add(
            f"feed-{name}-{_label(size)}-cpu-over-sql",
            value=whole.both / alone.both,
            yardstick=1,
            unit="ratio",
            bar=bar,
            note=note,
        )


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()
    return str(session.session_key)


def _request(path: str, session: str) -> Callable[[], bytes]:
    """One request through the real WSGI handler, without a network."""
    handler = WSGIHandler()
    address, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query, "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(), "HTTP_COOKIE": f"sessionid={session}", "HTTP_HOST": "testserver",
        "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    status: list[str] = []

    def run() -> bytes:
        response = handler({**environ}, lambda line, headers: status.append(line))  # type: ignore[arg-type]
        body = b"".join(response)
        assert status.pop().startswith("200"), body[:500]
        return body

    return run
