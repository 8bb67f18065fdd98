"""Webhooks on their way: signed, sent, tried again with growing pauses; at least once, in no promised order."""

import asyncio
import hashlib
import hmac
import http.client
import json
import time
from urllib.parse import urlsplit

from payments.simulator.deliveries import WAITS
from payments.simulator.store import Store

AT_ONCE = 8
TIMEOUT = 15
TICK = 0.05


def signature(body: str, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: scheme v1, HMAC-SHA256 over `timestamp.body`."""
    digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Sender:
    """Takes due rows, sends them beside the loop, writes down how it went."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.under_way: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        while True:
            for seq, event, endpoint, attempts in self._due():
                self.under_way[seq] = asyncio.create_task(self._deliver(seq, event, endpoint, attempts))
            await asyncio.sleep(TICK)

    def _due(self) -> list[tuple[int, str, str, int]]:
        room = AT_ONCE - len(self.under_way)
        if room <= 0:
            return []
        rows = self.store.sql.execute(
            "SELECT seq, event, endpoint, attempts FROM deliveries WHERE state = 'waiting' AND due <= ? ORDER BY due, seq LIMIT ?",
            (time.time(), room + len(self.under_way)),
        ).fetchall()
        return [row for row in rows if row[0] not in self.under_way][:room]

    async def _deliver(self, seq: int, event: str, endpoint: str, attempts: int) -> None:
        try:
            body, point = self.store.find(event), self.store.find(endpoint)
            if body is None or point is None or point["status"] != "enabled":
                self._note(seq, "dropped", attempts, "the endpoint is gone")
                return
            text = json.dumps(body, ensure_ascii=False, indent=2)
            status, note = await asyncio.to_thread(post, point["url"], text, point["_secret"])
            if 200 <= status < 300:
                self._done(seq, event, attempts + 1)
            elif attempts + 1 >= len(WAITS):
                self._note(seq, "failed", attempts + 1, note)
            else:
                self._again(seq, attempts, note)
        finally:
            self.under_way.pop(seq, None)

    def _done(self, seq: int, event: str, attempts: int) -> None:
        with self.store.transaction():
            self.store.sql.execute(
                "UPDATE deliveries SET state = 'delivered', attempts = ? WHERE seq = ?", (attempts, seq)
            )
            left = self.store.sql.execute(
                "SELECT count(DISTINCT endpoint) FROM deliveries WHERE event = ? AND state = 'waiting'", (event,)
            ).fetchone()[0]
            body = self.store.find(event)
            if body:
                self.store.save(body | {"pending_webhooks": left})

    def _again(self, seq: int, attempts: int, note: str) -> None:
        pause = WAITS[attempts] * float(self.store.setting("retry_pace", "1"))
        with self.store.transaction():
            self.store.sql.execute(
                "UPDATE deliveries SET attempts = ?, due = ?, note = ? WHERE seq = ?",
                (attempts + 1, time.time() + pause, note, seq),
            )

    def _note(self, seq: int, state: str, attempts: int, note: str) -> None:
        with self.store.transaction():
            self.store.sql.execute(
                "UPDATE deliveries SET state = ?, attempts = ?, note = ? WHERE seq = ?", (state, attempts, note, seq)
            )


def post(url: str, body: str, secret: str) -> tuple[int, str]:
    """(status, what went wrong); status 0 when nobody answered."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    headers = {
        "Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signature(body, secret, int(time.time())),
    }  # fmt: skip
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body.encode(), headers)
        response = connection.getresponse()
        response.read()
        return response.status, f"HTTP {response.status}"
    except (OSError, http.client.HTTPException) as problem:
        return 0, f"{type(problem).__name__}: {problem}"
    finally:
        connection.close()
