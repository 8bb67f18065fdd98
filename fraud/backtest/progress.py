"""How far a long run has come: a bar on a terminal, a line at each tenth elsewhere."""

import sys
from time import monotonic

WIDTH = 40


class Progress:
    """Called with the stage, what is done and what there is; tells the time left from the pace since the stage began."""

    def __init__(self) -> None:
        self._stage, self._tenth, self._since, self._first = "", -1, 0.0, 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage, self._tenth, self._since, self._first = stage, -1, monotonic(), done
        tenth = 10 * done // max(total, 1)
        if sys.stderr.isatty():
            filled = WIDTH * done // max(total, 1)
            bar = "█" * filled + "·" * (WIDTH - filled)
            end = "\n" if done >= total else ""
            sys.stderr.write(f"\r{stage} [{bar}] {done:,}/{total:,}{self._left(done, total):<16}{end}")
        elif tenth != self._tenth:
            sys.stderr.write(f"{stage}: {done:,} of {total:,}{self._left(done, total)}\n")
        sys.stderr.flush()
        self._tenth = tenth

    def _left(self, done: int, total: int) -> str:
        if done <= self._first or done >= total:
            return ""
        seconds = (monotonic() - self._since) / (done - self._first) * (total - done)
        return f", {seconds / 60:.0f} min left" if seconds >= 90 else f", {seconds:.0f} s left"
