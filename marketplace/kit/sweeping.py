"""Sweeps whose rows do not stand in each other's way."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog
from django.db import transaction

Pk = TypeVar("Pk")
log = structlog.get_logger()


def each_alone(pks: Iterable[Pk], act: Callable[[Pk], object]) -> int:
    """Run `act(pk)` for each row in a transaction of its own; returns how many of them did something.

    A row that breaks is undone and logged; it stays due, and those after it are done.
    """
    done = 0
    for pk in pks:
        try:
            with transaction.atomic():
                done += bool(act(pk))
        except Exception:
            log.exception("sweep_failed", act=getattr(act, "__name__", "act"), pk=pk)
    return done
