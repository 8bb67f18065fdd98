"""Sweeps over due rows: small batches, one transaction a row, rows that somebody is busy with are left for the next."""

from collections.abc import Callable
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet

from marketplace.kit.errors import DomainError
from tasks_app.locks import lock_task_if_free

BATCH = 100
log = structlog.get_logger()


def sweep(due: "QuerySet[Any]", act: Callable[[int], object], *, task: str = "task_id") -> int:
    """Run `act(pk)` for each row of `due` under the lock of its task; returns how many were done.

    A restart loses nothing: what is not done is still due. A row that refuses is logged and does not stop the rest.
    """
    done, last = 0, 0
    while rows := list(due.filter(pk__gt=last).order_by("pk").values_list("pk", task)[:BATCH]):
        for pk, task_id in rows:
            done += _one(pk, task_id, act)
        last = rows[-1][0]
    return done


def _one(pk: int, task_id: int, act: Callable[[int], object]) -> bool:
    try:
        with transaction.atomic():
            if not lock_task_if_free(task_id):
                return False
            act(pk)
            return True
    except DomainError as error:  # a rival was faster: the row is no longer due
        log.info("sweep_refused", act=getattr(act, "__name__", "act"), pk=pk, code=error.code)
    except Exception:  # one broken row must not stop the others; it stays due and stays in the log
        log.exception("sweep_failed", act=getattr(act, "__name__", "act"), pk=pk)
    return False
