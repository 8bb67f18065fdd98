"""Joining the caller's transaction."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def joined(service: Callable[P, R]) -> Callable[P, R]:
    """Run in the caller's transaction, or in one of its own when there is none; no savepoint.

    For a service that is a part of a larger one and refuses before it writes: whoever catches its refusal has nothing to
    undo. What fails after the first write fails for the whole transaction.
    """

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return service(*args, **kwargs)
        with transaction.atomic():
            return service(*args, **kwargs)

    return run
