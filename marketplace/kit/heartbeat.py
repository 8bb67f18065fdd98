"""The sign of life that /healthz looks for: beat sent a job, the broker carried it, a worker ran it."""

from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache

from marketplace.kit.clock import now

KEY = "worker-heartbeat"
_SECONDS = 60  # three beats may be lost before the worker counts as down


@shared_task(name="kit.heartbeat", expires=30)
def heartbeat() -> None:
    cache.set(KEY, now().isoformat(), timeout=_SECONDS)


@worker_ready.connect
def first_heartbeat(**_: object) -> None:
    heartbeat()


SCHEDULE = {"kit.heartbeat": 15}
