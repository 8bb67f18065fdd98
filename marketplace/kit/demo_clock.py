"""The demo's present: the machine's, plus what its visitors let pass (docs/decisions/0031-time-that-visitors-let-pass.md).

Each step forward is a line of a file: every process reads it, a restart keeps it, `make reset` throws it away with the demo's data.
Nothing of this runs outside demo mode.
"""

import time
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from marketplace.kit import clock

LOOK_EVERY = 1.0  # seconds: as long as another process may not know yet that time has passed


class DemoClock:
    """`file` holds whole seconds, a line for each step forward. Without it nothing has passed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._passed = timedelta()
        self._look_at = 0.0  # of the monotonic clock

    def now(self) -> datetime:
        return clock.machine_now() + self.passed()

    def passed(self) -> timedelta:
        """How far the demo is ahead of the machine."""
        at = time.monotonic()
        if at >= self._look_at:
            self._passed = timedelta(seconds=self._read())
            self._look_at = at + LOOK_EVERY
        return self._passed

    def advance(self, period: timedelta) -> datetime:
        """Let a period pass, for every process; only forward. The new present."""
        seconds = int(period.total_seconds())
        if seconds < 0:
            raise ValueError("Time goes forward only.")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="ascii") as steps:  # one short write: two visitors at once add up
            steps.write(f"{seconds}\n")
        self._look_at = 0.0
        return self.now()

    def _read(self) -> int:
        try:
            return sum(int(line) for line in self._file.read_text(encoding="ascii").split())
        except FileNotFoundError:
            return 0


@cache
def _of(file: str) -> DemoClock:
    return DemoClock(Path(file))


def demo_clock() -> DemoClock:
    return _of(str(settings.DEMO_CLOCK_FILE))


def install() -> None:
    """From now on everything in this process that asks marketplace.kit.clock asks the demo's."""
    clock.use_source(demo_clock().now)
