"""Nudging jobs. The work itself stands in rows; a sweeper on the beat finds what a lost nudge left."""

from typing import Any

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger()


def nudge(name: str, *args: Any) -> None:
    """After the commit, ask a worker to run the job `name` soon. A broker that is away loses nothing."""
    transaction.on_commit(lambda: _send(name, args))


def _send(name: str, args: tuple[Any, ...]) -> None:
    try:
        current_app.send_task(name, args=args, retry=False, ignore_result=True)
    except Exception as error:  # broker down: the sweeper will find the row
        log.warning("nudge_lost", job=name, error=type(error).__name__)
