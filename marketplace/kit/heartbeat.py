"""The signs of life that /healthz looks for. The worker's, and that of the worker of money: beat sent a job,
the broker carried it on the queue, the worker ran it. The trainer's: its main process speaks to the broker; a job of its own would wait behind an hour of learning."""

from typing import Any

from celery import shared_task
from celery.signals import heartbeat_sent, worker_ready
from django.core.cache import cache

from marketplace.kit.clock import now

KEY, MONEY_KEY, TRAINER_KEY = "worker-heartbeat", "money-heartbeat", "trainer-heartbeat"
TRAINER, MONEY = "trainer@", "money@"  # how the names of the trainer and of the worker of money begin, see ops/stack.py
_SECONDS = 60  # three beats may be lost before a process counts as down
_told: dict[str, float] = {}


@shared_task(name="kit.heartbeat", expires=30)
def heartbeat() -> None:
    cache.set(KEY, now().isoformat(), timeout=_SECONDS)


@shared_task(name="kit.money_heartbeat", expires=30)
def money_heartbeat() -> None:
    """On the queue of money."""
    cache.set(MONEY_KEY, now().isoformat(), timeout=_SECONDS)


@worker_ready.connect
def first_heartbeat(sender: Any = None, **_: object) -> None:
    """Each for itself: the readiness of one says nothing about another."""
    name = str(getattr(sender, "hostname", ""))
    if name.startswith(MONEY):
        money_heartbeat()
    elif not _is_trainer(name):
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


SCHEDULE = {"kit.heartbeat": 15, "kit.money_heartbeat": 15}
