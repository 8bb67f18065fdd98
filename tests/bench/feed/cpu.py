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


class Times(NamedTuple):
    """Milliseconds on the wall."""

    p50: float
    p95: float


def cost(action: Callable[[], object], times: int) -> Cost:
    for _warming in range(5):
        action()
    backend = _backend()
    here, there = time.process_time_ns(), _nanoseconds(backend)
    for _time in range(times):
        action()
    here, there = time.process_time_ns() - here, _nanoseconds(backend) - there
    return Cost(here / times / 1e6, there / times / 1e6)


def durations(actions: Sequence[Callable[[], object]]) -> Times:
    for action in actions[:20]:
        action()
    taken = []
    for action in actions:
        start = time.perf_counter_ns()
        action()
        taken.append((time.perf_counter_ns() - start) / 1e6)
    cuts = quantiles(taken, n=20)
    return Times(cuts[9], cuts[18])


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
