"""/healthz: 200 when every part answers, 503 with the names of those that do not."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _redis() -> bool:
    cache.set("healthz", "1", timeout=30)
    return cache.get("healthz") == "1"


CHECKS = {"database": _database, "redis": _redis}


def healthz(request: HttpRequest) -> JsonResponse:
    answers = {}
    for name, check in CHECKS.items():
        try:
            answers[name] = check()
        except Exception:  # whatever is wrong with a part, the answer is that it is down
            answers[name] = False
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)
