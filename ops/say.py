"""What the commands say to the person who runs them."""

import os
import sys
import time

_COLOURS = {"step": "1;36", "good": "1;32", "bad": "1;31", "note": "33"}


class Stop(Exception):
    """The command cannot go on; the message is a sentence for the person, with what to do about it."""


def _painted(text: str, colour: str) -> str:
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"
    return text


def step(text: str) -> None:
    print(_painted("→", "step"), text, flush=True)


def good(text: str) -> None:
    print(_painted("✓", "good"), text, flush=True)


def note(text: str) -> None:
    print(_painted("•", "note"), text, flush=True)


def bad(text: str) -> None:
    print(_painted("✗", "bad"), text, flush=True)


def plain(text: str = "") -> None:
    print(text, flush=True)


class Watch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def __str__(self) -> str:
        return (
            f"{self.seconds:.1f} s"
            if self.seconds < 60
            else f"{int(self.seconds // 60)} min {int(self.seconds % 60)} s"
        )
