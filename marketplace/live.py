"""The live process: one socket a page or app, topics followed by permission, closed when the sign-in ends."""

import asyncio
import json
from typing import Any

from asgiref.sync import sync_to_async
from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import connections
from django.urls import path

from marketplace.accounts.models import User
from marketplace.accounts.selectors import blocked_among
from marketplace.accounts.selectors.devices import device_by_token, devices_signed_in
from marketplace.chat.selectors import thread_visible_to
from marketplace.kit import live
from marketplace.kit.clock import machine_now
from marketplace.kit.errors import DomainError
from tasks_app.selectors import assignment_visible_to, own_task

NOT_SIGNED_IN, SESSION_OVER, TOO_MANY = 4401, 4403, 4429
CHECK_EVERY = 3.0  # seconds between looks at whether the sessions still stand
MAX_TOPICS = 20
LAST_NUMBER = 2**63 - 1  # of a sequence: what its column can hold

Scope = dict[str, Any]
Ticket = tuple[str, int, str]  # of a sign-in: session key or "device:<id>"; user id, staff role


def may_follow(user: User, topic: str) -> bool:
    """The permission of each kind of topic: the same selectors that guard the pages."""
    kind, _colon, number = topic.partition(":")
    if not number.isdecimal() or len(number) > 18:
        return False
    try:
        match kind:
            case "user":
                return int(number) == user.pk
            case "thread":
                return bool(thread_visible_to(user, int(number)))
            case "deal":
                return bool(assignment_visible_to(user, int(number)))
            case "task":
                return bool(own_task(user, int(number)))
    except DomainError:
        return False
    return False


class LiveConsumer(AsyncWebsocketConsumer):
    """Speaks JSON: in {"follow": topic, "after": sequence}, out {"topic", "sequence", "kind", "payload"}."""

    async def connect(self) -> None:
        self.user: User = self.scope["user"]
        self.topics: set[str] = set()
        if not self.user.is_authenticated:
            await self.close(NOT_SIGNED_IN)
            return
        key = self.scope.get("device") or self.scope["session"].session_key or ""
        self.ticket: Ticket = (key, self.user.pk, self.user.staff_role)
        await self.accept()
        watch(self)

    async def disconnect(self, code: int) -> None:
        for topic in getattr(self, "topics", set()):
            await self.channel_layer.group_discard(live.group_name(topic), self.channel_name)
        _open.discard(self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            message = json.loads(text_data or "")
            topic, after = str(message["follow"]), int(message.get("after", 0))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return
        if not 0 <= after <= LAST_NUMBER:
            return
        if len(self.topics) >= MAX_TOPICS:
            await self.close(TOO_MANY)
        elif await _in_database(may_follow, self.user, topic):
            await self._follow(topic, after)

    async def live_event(self, event: dict[str, Any]) -> None:
        await self._say(event["topic"], event["sequence"], event["kind"], event["payload"])

    async def _follow(self, topic: str, after: int) -> None:
        self.topics.add(topic)
        await self.channel_layer.group_add(live.group_name(topic), self.channel_name)
        missed = await _in_database(live.events_after, topic, after)
        if missed and missed[0]["sequence"] != after + 1:
            await self._say(topic, missed[-1]["sequence"], "gap", {})
            return
        for event in missed:
            await self._say(topic, event["sequence"], event["kind"], event["payload"])

    async def _say(self, topic: str, sequence: int, kind: str, payload: dict[str, Any]) -> None:
        said = {"topic": topic, "sequence": sequence, "kind": kind, "payload": payload}
        await self.send(text_data=json.dumps(said, ensure_ascii=False))


_open: set[LiveConsumer] = set()
_watcher: asyncio.Task[None] | None = None


def watch(consumer: LiveConsumer) -> None:
    """Look after the connection: one look every few seconds covers all of the process."""
    global _watcher
    _open.add(consumer)
    if _watcher is None or _watcher.done():
        _watcher = asyncio.create_task(_close_those_that_are_over())


async def _close_those_that_are_over() -> None:
    """Log-out, a block or a change of role ends a connection within seconds."""
    while _open:
        await asyncio.sleep(CHECK_EVERY)
        standing = await _in_database(_standing, {consumer.ticket for consumer in _open})
        for consumer in [consumer for consumer in _open if consumer.ticket not in standing]:
            _open.discard(consumer)
            await consumer.close(SESSION_OVER)


def _standing(tickets: set[Ticket]) -> set[Ticket]:
    """Those whose sign-in is alive and whose person is active, in the same role and not blocked."""
    keys, people = {key for key, _, _ in tickets}, {user_id for _, user_id, _ in tickets}
    sessions = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=machine_now()).values_list(
            "session_key", flat=True
        )
    )
    sessions |= {_device_key(device_id) for device_id in devices_signed_in(people)}
    roles = dict(User.objects.filter(pk__in=people, is_active=True).values_list("pk", "staff_role"))
    blocked = blocked_among(people)
    return {
        ticket
        for ticket in tickets
        if ticket[0] in sessions and roles.get(ticket[1]) == ticket[2] and ticket[1] not in blocked
    }


async def _in_database(call: Any, *args: Any) -> Any:
    def run() -> Any:
        try:
            return call(*args)
        finally:
            connections.close_all()  # a thread of a pool would keep its connection for nothing

    return await sync_to_async(run, thread_sensitive=False)()


def _device_key(device_id: int) -> str:
    return f"device:{device_id}"


def _token_of(scope: Scope) -> str:
    """What stands in `Authorization: Bearer …`."""
    scheme, _space, token = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1").partition(" ")
    return str(token) if scheme.lower() == "bearer" else ""


async def _of_device(scope: Scope, receive: Any, send: Any) -> None:
    """An app's socket: its token says who asks."""
    device = await _in_database(device_by_token, _token_of(scope))
    known = {"user": device.user, "device": _device_key(device.pk)} if device else {"user": AnonymousUser()}
    await _routes({**scope, **known}, receive, send)


async def socket_application(scope: Scope, receive: Any, send: Any) -> None:
    """Pages come with their session, from our own origin. Apps come with a token, which no browser can send here: whoever
    has one needs no origin."""
    entrance = _of_device if _token_of(scope) else _of_page
    await entrance(scope, receive, send)


_routes: Any = URLRouter([path("ws/live/", LiveConsumer.as_asgi())])
_of_page: Any = AllowedHostsOriginValidator(AuthMiddlewareStack(_routes))
