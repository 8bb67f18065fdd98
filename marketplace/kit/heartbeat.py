"""The signs of life that /healthz looks for. The worker's: beat sent a job, the broker carried it, the worker ran it. The
trainer's: its main process speaks to the broker; a job of its own would wait behind an hour of learning."""

from typing import Any

from celery import shared_task
from celery.signals import heartbeat_sent, worker_ready
from django.core.cache import cache

from marketplace.kit.clock import now

KEY, TRAINER_KEY = "worker-heartbeat", "trainer-heartbeat"
TRAINER = "trainer@"  # how the trainer's name begins, see ops/stack.py
_SECONDS = 60  # three beats may be lost before a process counts as down
_told: dict[str, float] = {}


@shared_task(name="kit.heartbeat", expires=30)
def heartbeat() -> None:
    cache.set(KEY, now().isoformat(), timeout=_SECONDS)


@worker_ready.connect
def first_heartbeat(sender: Any = None, **_: object) -> None:
    """Of the worker alone: the trainer's readiness says nothing about it."""
    if not _is_trainer(getattr(sender, "hostname", "")):
        heartbeat()


@heartbeat_sent.connect
def trainer_heartbeat(sender: Any, **_: object) -> None:
    """Celery calls this in the main process every two seconds; told on every quarter minute."""
    name, moment = sender.eventer.hostname, now().timestamp()
    if _is_trainer(name) and abs(moment - _told.get(name, 0.0)) >= SCHEDULE["kit.heartbeat"]:
        cache.set(TRAINER_KEY, now().isoformat(), timeout=_SECONDS)
        _told[name] = moment


def _is_trainer(hostname: str) -> bool:
    return str(hostname).startswith(TRAINER)


SCHEDULE = {"kit.heartbeat": 15}
