"""The ASGI application: Stripe's API, the pages to click through, the control API; and what runs beside them."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from payments.simulator import control, faults, forms
from payments.simulator.handling import Answer, Request, Server
from payments.simulator.pages.site import show
from payments.simulator.sending import Sender

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
TICK = 0.1


class App:
    """One process, one store, one request at a time in the store; slow things (faults, deliveries) wait beside."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.sender = Sender(server.store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            request = await _read(scope, receive)
            if request.path.startswith(("/v1/", "/v2/")):
                await self._api(request, scope, send)
            elif request.path.startswith("/_control/"):
                await _json(send, control.answer(self.server, request))
            else:
                await _page(send, show(self.server, request))

    async def _live(self, receive: Receive, send: Send) -> None:
        tasks: list[asyncio.Task[None]] = []
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                tasks = [asyncio.create_task(self._clock()), asyncio.create_task(self.sender.run())]
                await send({"type": "lifespan.startup.complete"})
            else:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _clock(self) -> None:
        while True:
            while self.server.tick():
                await asyncio.sleep(0)
            await asyncio.sleep(TICK)

    async def _api(self, request: Request, scope: Scope, send: Send) -> None:
        place = (request.account, request.key or "")
        if request.key and place in self.server.busy:
            status, error = faults.ANSWERS["409"]
            await _json(send, Answer(status, {"error": error}))
            return
        if request.key:
            self.server.busy.add(place)
        try:
            await self._befallen(request, scope, send)
        finally:
            self.server.busy.discard(place)

    async def _befallen(self, request: Request, scope: Scope, send: Send) -> None:
        fault = faults.befalling(self.server.store, request.method, request.path)
        mode = fault.mode if fault else ""
        if mode == "drop_before":
            await _drop(scope)
            return
        if mode in ("error_before", "429", "409"):
            status, error = faults.ANSWERS[mode]
            answer = Answer(status, {"error": error})
            if fault and fault.kept and request.key:
                self._keep(request, answer)
        else:
            answer = self.server.answer(request)
            if mode == "error_after":
                answer = Answer(500, {"error": faults.ANSWERS[mode][1]}, answer.headers)
                if fault and fault.kept and request.key:
                    self._keep(request, answer)
        if fault and mode == "delay":
            await asyncio.sleep(fault.seconds)
        if mode == "drop_after":
            await _drop(scope)
            return
        await _json(send, answer)

    def _keep(self, request: Request, answer: Answer) -> None:
        with self.server.store.transaction():
            self.server.keep(request, forms.decode(request.body), answer.status, answer.body)


async def _read(scope: Scope, receive: Receive) -> Request:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(
        scope["method"], scope["path"], scope["query_string"].decode(), body.decode(errors="replace"), headers
    )


async def _drop(scope: Scope) -> None:
    """Close the connection without a byte of an answer (the transport is put there by `serving.Protocol`)."""
    with contextlib.suppress(Exception):
        scope["transport"].abort()
    for _ in range(3):
        await asyncio.sleep(0)


async def _json(send: Send, answer: Answer) -> None:
    headers = {"content-type": "application/json", **answer.headers}
    await _respond(send, answer.status, headers, json.dumps(answer.body, ensure_ascii=False).encode())


async def _page(send: Send, page: "tuple[int, dict[str, str], str]") -> None:
    status, headers, text = page
    await _respond(
        send,
        status,
        {"content-type": "text/html; charset=utf-8", "cache-control": "no-store", **headers},
        text.encode(),
    )


async def _respond(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*pairs, (b"content-length", str(len(body)).encode())],
        }
    )
    await send({"type": "http.response.body", "body": body})
