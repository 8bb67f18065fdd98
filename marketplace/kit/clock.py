"""The one source of the present moment (aware, UTC). Domain code asks here, so that tests can move time."""

from collections.abc import Callable
from datetime import UTC, datetime


def machine_now() -> datetime:
    """For rows that a library dates by the machine's own clock, such as sessions."""
    return datetime.now(UTC)


_source: Callable[[], datetime] = machine_now


def now() -> datetime:
    return _source()


def use_source(source: Callable[[], datetime] | None) -> None:
    """Replace the clock (tests, the demo); None puts the machine's back."""
    global _source
    _source = source or machine_now
