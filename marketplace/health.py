"""/healthz: 200 when every part answers, 503 with the names of those that do not."""

import urllib.request
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

from marketplace.kit import heartbeat


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _redis() -> bool:
    cache.set("healthz", "1", timeout=30)
    return cache.get("healthz") == "1"


def _worker() -> bool:
    return cache.get(heartbeat.KEY) is not None


def _money() -> bool:
    return cache.get(heartbeat.MONEY_KEY) is not None


def _trainer() -> bool:
    return cache.get(heartbeat.TRAINER_KEY) is not None


def _live() -> bool:
    with urllib.request.urlopen(settings.LIVE_HEALTH_URL, timeout=2) as answer:  # noqa: S310  an address from our settings
        return answer.status == 200


CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "redis": _redis}
# A single web process (a developer's, a test's) has none of them; where they run, the settings say where the live one is.
WHOLE_SITE: dict[str, Callable[[], bool]] = {
    **CHECKS,
    "worker": _worker,
    "money": _money,
    "trainer": _trainer,
    "live": _live,
}


def healthz(request: HttpRequest) -> JsonResponse:
    answers = {"web": True}
    for name, check in (WHOLE_SITE if settings.LIVE_HEALTH_URL else CHECKS).items():
        try:
            answers[name] = check()
        except Exception:  # whatever is wrong with a part, the answer is that it is down
            answers[name] = False
    return JsonResponse(answers, status=200 if all(answers.values()) else 503, headers={"Cache-Control": "no-store"})


async def live_healthz(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """All that the live process answers over plain HTTP: it is there. Pages belong to the web process."""
    found = scope["path"] == "/healthz"
    await send(
        {"type": "http.response.start", "status": 200 if found else 404, "headers": [(b"content-type", b"text/plain")]}
    )
    await send({"type": "http.response.body", "body": b"live\n" if found else b"sockets only\n"})
