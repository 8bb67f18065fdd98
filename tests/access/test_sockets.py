"""Every action of the socket, asked by seven roles about their own and about other people's things.

The socket has one action, "follow", of as many kinds as `may_follow` knows; a kind without a row fails."""

import ast
import inspect
import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import transaction

from marketplace import live as sockets
from marketplace.kit import live
from tests.access.rows import NOBODY, OWN, PARTIES, SIGNED_IN
from tests.access.world import ACTORS, BLOCKED, PARTICIPANT, VISITOR, World, make_world
from tests.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)

# Topic (with a value of the world) → who may follow it. People under a block are let in by the sign-in and closed within seconds.
ROWS: dict[str, frozenset[str]] = {
    "user:owner_id": OWN,
    "user:user_id": frozenset({PARTICIPANT}),
    "thread:thread_id": PARTIES,
    "deal:deal_id": PARTIES,
    "deal:cancelled_deal": PARTIES,
    "task:open_task": OWN,
    "task:deal_task": OWN,
    "wallet:user_id": NOBODY,
    "nonsense": NOBODY,
}


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def kinds_of_topics() -> set[str]:
    """Read from the function that decides: the literals of its `match`."""
    tree = ast.parse(inspect.getsource(sockets.may_follow))
    cases = [node.pattern for node in ast.walk(tree) if isinstance(node, ast.match_case)]
    return {
        str(case.value.value)
        for case in cases
        if isinstance(case, ast.MatchValue) and isinstance(case.value, ast.Constant)
    }


def actions_of_the_socket() -> set[str]:
    """The keys that `receive` reads from a message."""
    tree = ast.parse(inspect.getsource(sockets.LiveConsumer.receive).strip().replace("async def", "async def", 1))
    read = {
        node.slice.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
    }
    return {str(key) for key in read}


def test_every_kind_of_topic_has_rows() -> None:
    assert kinds_of_topics() == {"user", "thread", "deal", "task"}
    assert kinds_of_topics() <= {topic.partition(":")[0] for topic in ROWS}


def test_following_is_all_that_a_socket_can_be_asked() -> None:
    assert actions_of_the_socket() == {"follow"}


def test_each_topic_is_heard_by_these_and_by_nobody_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "CHECK_EVERY", 30.0)
    topics = {topic: _topic(topic, world) for topic in ROWS}
    heard = {actor: async_to_sync(_heard)(world, actor, topics) for actor in ACTORS}
    wrong = [
        f"{actor} {'hears' if topic in heard[actor] else 'does not hear'} {topic}"
        for topic, opens_to in ROWS.items()
        for actor in ACTORS
        if (topic in heard[actor]) != (actor in opens_to)
    ]
    assert not wrong, "\n".join(wrong)


def test_visitors_are_not_let_in_and_everybody_else_is(world: World) -> None:
    assert {actor for actor in ACTORS if async_to_sync(_connects)(world, actor)} == SIGNED_IN


def test_a_blocked_person_is_closed_at_the_next_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "CHECK_EVERY", 0.05)
    assert async_to_sync(_closed_with)(world, BLOCKED) == sockets.SESSION_OVER


def _topic(name: str, world: World) -> str:
    kind, colon, value = name.partition(":")
    return f"{kind}{colon}{world.values[value]}" if value else kind


def _socket(world: World, actor: str) -> Socket:
    session = world.client(actor).cookies.get(settings.SESSION_COOKIE_NAME) if actor != VISITOR else None
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.value if session else 'none'}".encode()
    headers = [(b"origin", b"http://testserver"), (b"host", b"testserver"), (b"cookie", cookie)]
    return Socket(sockets.socket_application, "/ws/live/", headers)


async def _connects(world: World, actor: str) -> bool:
    connection = _socket(world, actor)
    let_in = await connection.connect()
    if let_in:
        await connection.hang_up()
    return let_in


async def _closed_with(world: World, actor: str) -> int:
    connection = _socket(world, actor)
    assert await connection.connect()
    said: dict[str, Any] = await connection.receive_output(timeout=5)
    assert said["type"] == "websocket.close"
    return int(said["code"])


async def _heard(world: World, actor: str, topics: dict[str, str]) -> set[str]:
    """Which topics the actor hears when each says something after all were asked for."""
    from channels.layers import get_channel_layer

    connection = _socket(world, actor)
    if not await connection.connect():
        return set()
    own = f"user:{world.people[actor].pk}"
    missed = await sync_to_async(_publish)(own)
    for topic in topics.values():
        await connection.say(json.dumps({"follow": topic, "after": 10**9}))
    layer = get_channel_layer()
    await connection.say(
        json.dumps({"follow": own, "after": missed - 1})
    )  # answered last: the others are followed then
    assert (await connection.hear())["kind"] == "ready"
    for topic in topics.values():
        event = {"type": "live.event", "topic": topic, "sequence": 1, "kind": "canary", "payload": {}}
        await layer.group_send(live.group_name(topic), event)
    names = {address: name for name, address in topics.items()}
    found = set()
    while not await connection.receive_nothing(timeout=0.3):
        said = await connection.hear()
        if said["kind"] == "canary":
            found.add(names[said["topic"]])
    await connection.hang_up()
    return found


def _publish(topic: str) -> int:
    """Something that was missed; its number."""
    with transaction.atomic():
        live.publish(topic=topic, kind="ready", payload={})
    return live.current_sequence(topic)
