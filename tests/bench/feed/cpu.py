"""Processor time, which other work on the machine disturbs less than the clock on the wall."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from django.db import connection
from django.test.utils import CaptureQueriesContext


class Cost(NamedTuple):
    """Milliseconds of processor time per call: in our process and in the database's."""

    here: float
    database: float

    @property
    def both(self) -> float:
        return self.here + self.database


class Spread(NamedTuple):
    """Milliseconds of processor time."""

    p50: float
    p95: float


def costs(actions: Sequence[Callable[[], object]], times: int) -> list[Cost]:
    """Each action in turn, again and again: side by side they meet the same caches and the same neighbours."""
    for _warming in range(5):
        for action in actions:
            action()
    backend = _backend()
    spent = [[0, 0] for _action in actions]
    for _time in range(times):
        for action, sums in zip(actions, spent, strict=True):
            here, there = time.process_time_ns(), _nanoseconds(backend)
            action()
            sums[0] += time.process_time_ns() - here
            sums[1] += _nanoseconds(backend) - there
    return [Cost(here / times / 1e6, there / times / 1e6) for here, there in spent]


def each(actions: Sequence[Callable[[], object]]) -> Spread:
    """The database's processor time of every one of the actions, after a round of warming."""
    for action in actions:
        action()
    backend = _backend()
    taken = []
    for action in actions:
        start = _nanoseconds(backend)
        action()
        taken.append((_nanoseconds(backend) - start) / 1e6)
    cuts = quantiles(taken, n=20)
    return Spread(cuts[9], cuts[18])


def statements_of(action: Callable[[], object]) -> list[str]:
    """What it sends to the database, with the values filled in."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured.captured_queries]


def bare(statements: list[str]) -> Callable[[], None]:
    """The same statements through the driver alone, on the same connection."""
    connection.ensure_connection()

    def run() -> None:
        with connection.connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql)
                if cursor.description:
                    cursor.fetchall()

    return run


def _backend() -> int:
    connection.ensure_connection()
    return int(connection.connection.get_backend_pid())


def _nanoseconds(process: int) -> int:
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0])
