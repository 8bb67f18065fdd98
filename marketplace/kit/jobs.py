"""Nudging jobs. The work itself stands in rows; a sweeper on the beat finds what a lost nudge left.

A job that was asked for and has not begun will see what is committed until it begins: asking for it again adds nothing, and a
thousand pieces of news would put a thousand messages before the deadlines of others. So one message waits, not more.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import structlog
from celery import current_app
from celery.signals import task_prerun
from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

EVERY_MINUTE = 60  # seconds
_WAITS_SECONDS: Final = 60  # a message lost by the broker is asked for anew after that
log = structlog.get_logger()


def nudge(name: str, *args: Any) -> None:
    """After the commit, ask a worker to run the job `name` soon, unless it was asked for and has not begun. A broker that is
    away loses nothing."""
    transaction.on_commit(lambda: _nudge(name, args))


@task_prerun.connect
def note_beginning(task: Any = None, args: Sequence[Any] = (), **_: object) -> None:
    """From here on the job may have looked already: what is committed now asks for it again."""
    try:
        cache.delete(_waiting(task.name, args))
    except RedisError as error:
        log.warning("beginning_not_noted", job=task.name, error=type(error).__name__)


def send_rare_jobs(*, in_seconds: float) -> int:
    """Send now what the beat sends less often than every minute; what has an hour of the day keeps it. How many were sent."""
    current_app.finalize()  # the schedule is gathered then
    rare = [
        entry["task"]
        for entry in current_app.conf.beat_schedule.values()
        if isinstance(entry["schedule"], int | float) and entry["schedule"] > EVERY_MINUTE
    ]
    for name in rare:
        _send(name, (), countdown=in_seconds)
    return len(rare)


def _nudge(name: str, args: tuple[Any, ...]) -> None:
    waiting = _waiting(name, args)
    try:
        first = cache.add(waiting, 1, timeout=_WAITS_SECONDS)
    except RedisError:
        first = True  # nothing is known of what waits
    if first:
        _send(name, args)


def _waiting(name: str, args: Sequence[Any]) -> str:
    return f"job-waits:{name}:{json.dumps(list(args))}"


def _send(name: str, args: tuple[Any, ...], countdown: float | None = None) -> None:
    try:
        current_app.send_task(name, args=args, countdown=countdown, retry=False, ignore_result=True)
    except Exception as error:  # broker down: the sweeper will find the row
        log.warning("nudge_lost", job=name, error=type(error).__name__)
