"""The one source of the present moment (aware, UTC). Domain code asks here, so that tests can move time."""

from collections.abc import Callable
from datetime import UTC, datetime


def _system_now() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_now


def now() -> datetime:
    return _source()


def use_source(source: Callable[[], datetime] | None) -> None:
    """Replace the clock (tests, the demo world); None puts the system's back."""
    global _source
    _source = source or _system_now
