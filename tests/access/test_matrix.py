"""Every page and every operation of the API, asked by seven roles about their own and about other people's things.

Nobody gets what a row does not open to them; a refusal changes nothing; nothing ever breaks; and the private values of the
world (addresses, points, phones, messages) show up only where their people look. A route without a row fails.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access import discovery
from tests.access.api_rows import OPERATIONS
from tests.access.page_rows import PAGES, SERVED_ELSEWHERE
from tests.access.rows import Row
from tests.access.world import ACTORS, BLOCKED, OPERATOR, World, make_world
from tests.conftest import empty_cache

pytestmark = pytest.mark.django_db

# Looking may leave a trace: sessions, the log of staff's looks, an answer kept for a repeated request.
_TRACES = (
    "django_session",
    "usersessions_usersession",
    "kit_auditevent",
    "kit_keptanswer",
    "accounts_devicetoken",
    "mfa_authenticator",
)
_WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once and thrown away with its transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_page_has_a_row() -> None:
    assert discovery.pages() - {row.route for row in PAGES} - set(SERVED_ELSEWHERE) == set()


def test_every_operation_has_a_row() -> None:
    assert discovery.operations() - {row.route for row in OPERATIONS} == set()


def test_no_row_is_about_something_gone() -> None:
    assert {row.route for row in PAGES} - discovery.pages() == set()
    assert {row.route for row in OPERATIONS} - discovery.operations() == set()


@pytest.mark.parametrize("row", [*PAGES, *OPERATIONS], ids=lambda row: row.id)
def test_it_opens_to_these_and_to_nobody_else(row: Row, world: World) -> None:
    wrong = []
    for actor in ACTORS:
        empty_cache()
        with undone(), CaptureQueriesContext(connection) as queries:
            answer = ask(world.client(actor), row, world)
        wrong += [f"{actor}: {trouble}" for trouble in troubles(row, actor, answer, written(queries), world)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(discovery.admin_pages()))
def test_the_admin_opens_to_operators_only(name: str, world: World) -> None:
    path = "/" + re.sub(r"<[^>]+>", "1", discovery.admin_pages()[name]).replace("(?P.*)", "x").lstrip("^").rstrip("$")
    for actor in ACTORS:
        empty_cache()
        with undone():
            answer = world.client(actor).get(path)
        assert answer.status_code < 500, f"{actor} breaks {path}"
        if actor != OPERATOR:
            assert answer.status_code in (301, 302, 403, 404), f"{actor} gets {answer.status_code} from {path}"


def ask(client: Client, row: Row, world: World) -> HttpResponse:
    values = {**world.values, **{part: world.values[name] for part, name in row.values.items()}}
    data = row.body(world)
    if not row.as_json:
        path = address(row.route, values)
        return client.get(path, data) if row.method == "GET" else client.post(path, data)
    path = "/api/v1" + discovery.fill(row.route.split(" ", 1)[1], values)
    headers = {"Idempotency-Key": "access-matrix-0001"}
    if row.method == "GET":
        return client.get(path, data, headers=headers)
    if any(hasattr(value, "read") for value in data.values()) if isinstance(data, dict) else False:
        return client.post(path, data, headers=headers)
    return client.generic(row.method, path, json.dumps(data), "application/json", headers=headers)


def address(route: str, values: dict[str, Any]) -> str:
    """The route's own parts, taken from the world's values."""
    from django.urls import get_resolver

    *spaces, name = route.split(":")
    resolver = get_resolver()
    for space in spaces:
        _, resolver = resolver.namespace_dict[space]
    parts = next(iter(resolver.reverse_dict.getlist(name)))[0][0][1]
    return reverse(route, kwargs={part: values[part] for part in parts})


def troubles(row: Row, actor: str, answer: HttpResponse, tables: set[str], world: World) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"{answer.status_code}"
        return
    allowed = actor in row.opens_to
    if not allowed and actor not in row.may:
        if 200 <= answer.status_code < 300:
            yield f"got {answer.status_code} and should have been refused"
        if tables:
            yield f"was refused with {answer.status_code}, yet {', '.join(sorted(tables))} changed"
    elif allowed and actor != BLOCKED and (answer.status_code in (401, 403, 404) or to_sign_in(answer)):
        yield f"got {answer.status_code} {answer.headers.get('Location', '')} and should have been let in: {text_of(answer)[:200]}"
    shown = text_of(answer)
    for secret, people in world.canaries.items():
        if actor not in people and secret in shown:
            yield f"was shown {secret!r}"


def to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code in (301, 302) and urlsplit(answer.headers["Location"]).path.startswith("/account/login")


def text_of(answer: HttpResponse) -> str:
    if getattr(answer, "streaming", False):
        return b"".join(answer.streaming_content).decode("utf-8", "replace")  # type: ignore[attr-defined]
    return answer.content.decode("utf-8", "replace")


def written(queries: CaptureQueriesContext) -> set[str]:
    found = (_WRITE.match(query["sql"]) for query in queries.captured_queries)
    return {match[1] for match in found if match and match[1] not in _TRACES}
