"""The live socket: followed by permission, numbered without gaps, closed when the session is over."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from marketplace import live as sockets
from marketplace.accounts.models import User
from marketplace.accounts.services import issue_device_token, revoke_device
from marketplace.chat import services as chat
from marketplace.chat.models import Thread
from marketplace.kit import live
from tests.journeys import steps
from tests.sockets import Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
ORIGIN = (b"origin", b"http://testserver")
HOST = (b"host", b"testserver")


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "CHECK_EVERY", 0.05)


@sync_to_async
def a_thread() -> Thread:
    response = steps.respond(steps.post_task())
    return chat.open_thread(response_id=response.pk, by=response.task.customer)


@sync_to_async
def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def socket(session: str, origin: tuple[bytes, bytes] = ORIGIN) -> Socket:
    headers = [origin, HOST, (b"cookie", f"sessionid={session}".encode())]
    return Socket(sockets.socket_application, "/ws/live/", headers)


async def opened(user: User) -> Socket:
    connection = socket(await session_of(user))
    assert await connection.connect()
    return connection


async def follow(connection: Socket, topic: str, after: int = 0) -> None:
    await connection.say(json.dumps({"follow": topic, "after": after}))


@sync_to_async
def say(thread: Thread, text: str) -> None:
    chat.send_message(thread_id=thread.pk, by=thread.customer, text=text, client_id=f"client-{text}")


async def test_a_message_reaches_the_other_side_with_the_next_number() -> None:
    thread = await a_thread()
    connection = await opened(thread.executor)
    await follow(connection, f"thread:{thread.pk}")
    await asyncio.sleep(0.2)
    await say(thread, "Здравствуйте")
    heard = [await connection.hear() for _ in range(2)]
    assert {event["kind"] for event in heard} == {"message", "read"}
    assert sorted(event["sequence"] for event in heard) == [1, 2]
    await connection.hang_up()


async def test_who_was_away_gets_what_was_missed_and_no_more() -> None:
    thread = await a_thread()
    for text in ("раз", "два", "три"):
        await say(thread, text)
    topic = f"thread:{thread.pk}"
    stands_at = await sync_to_async(live.current_sequence)(topic)
    connection = await opened(thread.executor)
    await follow(connection, topic, after=stands_at - 2)
    heard = [(await connection.hear())["sequence"] for _ in range(2)]
    assert heard == [stands_at - 1, stands_at]
    assert await connection.receive_nothing(timeout=0.3)
    await connection.hang_up()


async def test_what_cannot_be_followed_is_passed_over_and_the_socket_lives_on() -> None:
    thread = await a_thread()
    connection = await opened(thread.executor)
    own = f"user:{thread.executor_id}"
    for number in ("1e999", "NaN", str(10**30), "-1", "[]", '"x"'):
        await connection.say(f'{{"follow": "{own}", "after": {number}}}')
    for nonsense in ("[" * 100_000, "nonsense", "[1]", ""):
        await connection.say(nonsense)
    assert await connection.receive_nothing(timeout=0.1)
    await follow(connection, f"thread:{thread.pk}")
    await asyncio.sleep(0.2)
    await say(thread, "Здравствуйте")
    assert (await connection.hear())["topic"] == f"thread:{thread.pk}"
    await connection.hang_up()


@sync_to_async
def token_of(user: User) -> tuple[int, str]:
    device, token = issue_device_token(user=user, name="Pixel 9")
    return device.pk, token


def socket_with(token: str) -> Socket:
    """As an app opens it: a token, no cookie, no origin."""
    return Socket(sockets.socket_application, "/ws/live/", [HOST, (b"authorization", f"Bearer {token}".encode())])


async def test_an_app_follows_with_its_token_until_it_is_signed_out() -> None:
    thread = await a_thread()
    device_id, token = await token_of(thread.executor)
    connection = socket_with(token)
    assert await connection.connect()
    await follow(connection, f"thread:{thread.pk}")
    await asyncio.sleep(0.2)
    await say(thread, "Здравствуйте")
    assert (await connection.hear())["topic"] == f"thread:{thread.pk}"
    await sync_to_async(revoke_device)(device_id=device_id, by=thread.executor)
    said = await connection.receive_output(timeout=5)
    while said["type"] != "websocket.close":
        said = await connection.receive_output(timeout=5)
    assert said["code"] == sockets.SESSION_OVER


async def test_an_invented_token_opens_nothing() -> None:
    assert not await socket_with("x" * 43).connect()


async def test_without_origin_and_token_nothing_opens() -> None:
    thread = await a_thread()
    cookie = (b"cookie", f"sessionid={await session_of(thread.executor)}".encode())
    assert not await Socket(sockets.socket_application, "/ws/live/", [HOST, cookie]).connect()


async def test_events_that_are_gone_are_told_as_a_gap() -> None:
    thread = await a_thread()
    for text in ("раз", "два"):
        await say(thread, text)
    topic = f"thread:{thread.pk}"
    await sync_to_async(lambda: live.LiveEvent.objects.filter(topic=topic, sequence=1).delete())()
    connection = await opened(thread.executor)
    await follow(connection, topic, after=0)
    assert (await connection.hear())["kind"] == "gap"
    await connection.hang_up()


async def test_a_stranger_hears_nothing_of_a_conversation() -> None:
    thread = await a_thread()
    stranger = await sync_to_async(steps.customer)()
    connection = await opened(stranger)
    for topic in (f"thread:{thread.pk}", f"user:{thread.customer_id}", "thread:x", "nonsense", f"deal:{10**30}"):
        await follow(connection, topic)
    await asyncio.sleep(0.2)
    await say(thread, "Секрет")
    assert await connection.receive_nothing(timeout=0.5)
    await connection.hang_up()


@pytest.mark.parametrize("garbage", ["[]", "null", "{", '{"follow": 5, "after": "x"}', '{"follow": {}}'])
async def test_garbage_is_ignored(garbage: str) -> None:
    thread = await a_thread()
    connection = await opened(thread.executor)
    await connection.say(garbage)
    assert await connection.receive_nothing(timeout=0.2)
    await connection.hang_up()


async def test_visitors_and_foreign_origins_are_refused() -> None:
    thread = await a_thread()
    visitor = socket("no-such-session")
    assert await visitor.connect() is False
    foreign = socket(await session_of(thread.executor), origin=(b"origin", b"https://evil.example"))
    assert await foreign.connect() is False


async def closes(connection: Socket) -> int:
    said: dict[str, Any] = await connection.receive_output(timeout=5)
    assert said["type"] == "websocket.close"
    return int(said["code"])


async def test_log_out_ends_the_connection() -> None:
    thread = await a_thread()
    session = await session_of(thread.executor)
    connection = socket(session)
    assert await connection.connect()
    await sync_to_async(lambda: SessionStore(session).delete())()
    assert await closes(connection) == sockets.SESSION_OVER


async def test_a_change_of_role_ends_the_connection() -> None:
    thread = await a_thread()
    connection = await opened(thread.executor)
    await sync_to_async(lambda: User.objects.filter(pk=thread.executor_id).update(staff_role="moderator"))()
    assert await closes(connection) == sockets.SESSION_OVER
