"""The one source of the present moment (aware, UTC). Domain code asks here, so that tests can move time."""

from collections.abc import Callable
from datetime import UTC, datetime


def machine_now() -> datetime:
    """For rows that a library dates by the machine's own clock, such as sessions."""
    return datetime.now(UTC)


def _same(moment: datetime) -> datetime:
    return moment


_source: Callable[[], datetime] = machine_now
_of_machine: Callable[[datetime], datetime] = _same


def now() -> datetime:
    return _source()


def of_machine(moment: datetime) -> datetime:
    """A moment that a library wrote down by the machine's clock, by ours: for people to read."""
    return _of_machine(moment)


def use_source(source: Callable[[], datetime] | None, of_machine: Callable[[datetime], datetime] | None = None) -> None:
    """Replace the clock (tests, the demo); None puts the machine's back. `of_machine`: from the machine's time to it."""
    global _source, _of_machine
    _source, _of_machine = source or machine_now, of_machine or _same
