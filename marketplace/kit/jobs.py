"""Nudging jobs. The work itself stands in rows; a sweeper on the beat finds what a lost nudge left."""

from typing import Any

import structlog
from celery import current_app
from django.db import transaction

EVERY_MINUTE = 60  # seconds
log = structlog.get_logger()


def nudge(name: str, *args: Any) -> None:
    """After the commit, ask a worker to run the job `name` soon. A broker that is away loses nothing."""
    transaction.on_commit(lambda: _send(name, args))


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


def _send(name: str, args: tuple[Any, ...], countdown: float | None = None) -> None:
    try:
        current_app.send_task(name, args=args, countdown=countdown, retry=False, ignore_result=True)
    except Exception as error:  # broker down: the sweeper will find the row
        log.warning("nudge_lost", job=name, error=type(error).__name__)
