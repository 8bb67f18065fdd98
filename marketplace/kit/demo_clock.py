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
    """`file` has a line for each step forward: whole seconds, and when it was taken by the machine's clock (seconds of Unix
    time). Without it nothing has passed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._steps: list[tuple[float, int]] = []  # when by the machine, seconds forward
        self._look_at = 0.0  # of the monotonic clock

    def now(self) -> datetime:
        return clock.machine_now() + self.passed()

    def passed(self) -> timedelta:
        """How far the demo is ahead of the machine."""
        return timedelta(seconds=sum(seconds for _at, seconds in self._known()))

    def of_machine(self, moment: datetime) -> datetime:
        """What the demo's clock said when the machine's said `moment`."""
        before = (seconds for at, seconds in self._known() if at <= moment.timestamp())
        return moment + timedelta(seconds=sum(before))

    def advance(self, period: timedelta) -> datetime:
        """Let a period pass, for every process; only forward. The new present."""
        seconds = int(period.total_seconds())
        if seconds < 0:
            raise ValueError("Time goes forward only.")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="ascii") as steps:  # one short write: two visitors at once add up
            steps.write(f"{seconds} {clock.machine_now().timestamp():.3f}\n")
        self._look_at = 0.0
        return self.now()

    def _known(self) -> list[tuple[float, int]]:
        at = time.monotonic()
        if at >= self._look_at:
            self._steps = self._read()
            self._look_at = at + LOOK_EVERY
        return self._steps

    def _read(self) -> list[tuple[float, int]]:
        try:
            lines = self._file.read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return []
        return [(float(at or 0), int(seconds)) for seconds, _space, at in (line.partition(" ") for line in lines)]


@cache
def _of(file: str) -> DemoClock:
    return DemoClock(Path(file))


def demo_clock() -> DemoClock:
    return _of(str(settings.DEMO_CLOCK_FILE))


def install() -> None:
    """From now on everything in this process that asks marketplace.kit.clock asks the demo's."""
    clock.use_source(demo_clock().now, demo_clock().of_machine)
