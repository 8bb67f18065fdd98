"""One foreground process that starts the others, prefixes their lines, restarts one that dies, and stops all of them."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ops import places
from ops.say import Stop, bad, note

_PR_SET_PDEATHSIG = 1
_LONGEST_PAUSE = 15.0
_STEADY_AFTER = 30.0  # seconds after which a restart is no longer counted as part of the last trouble


@dataclass
class Child:
    name: str
    command: list[str]
    env: dict[str, str]
    user: str | None = None
    cwd: Path = places.ROOT
    stop_signal: int = signal.SIGTERM
    patience: float = 10.0  # seconds between the polite signal and SIGKILL
    quiet: bool = False  # its lines go to its log only
    stands_on_others: bool = True  # the database and Redis do not: they go after everybody else
    process: subprocess.Popen[str] | None = None
    reader: threading.Thread | None = None
    started_at: float = 0.0
    restart_at: float | None = None
    failures: int = 0
    tail: list[str] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


def _dies_with_its_parent() -> None:
    """Even a supervisor that was killed with -9 leaves nobody behind (Linux tells the child)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    def __init__(self, *, show: bool = True) -> None:
        self.children: list[Child] = []
        self.stopping = threading.Event()
        self.show = show  # the children's lines; their logs hold all of them
        self._print = threading.Lock()
        places.LOGS.mkdir(parents=True, exist_ok=True)

    def start(self, child: Child) -> Child:
        self.children.append(child)
        log = places.LOGS / f"{child.name}.log"
        if log.exists() and log.stat().st_size > 20 * 2**20:
            log.replace(log.with_suffix(".log.1"))
        self._launch(child)
        return child

    def _launch(self, child: Child) -> None:
        who = {"user": child.user, "group": child.user, "extra_groups": []} if child.user else {}
        child.process = subprocess.Popen(  # type: ignore[call-overload]
            child.command,
            cwd=child.cwd,
            env={**os.environ, **child.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops them in order
            preexec_fn=_dies_with_its_parent,
            **who,
        )
        child.started_at = time.monotonic()
        child.restart_at = None
        assert child.process is not None and child.process.stdout is not None
        child.reader = threading.Thread(target=self._read, args=(child, child.process.stdout), daemon=True)
        child.reader.start()

    def _read(self, child: Child, lines: IO[str]) -> None:
        with (places.LOGS / f"{child.name}.log").open("a", encoding="utf-8") as log:
            for line in lines:
                child.tail = [*child.tail[-19:], line.rstrip()]
                try:
                    log.write(line)
                    log.flush()
                except OSError:
                    pass  # a full disk stops the log, not the site
                if self.show and not child.quiet:
                    with self._print:
                        print(f"{child.name:<8} │ {line.rstrip()}", flush=True)

    def wait_until(
        self, ready: Callable[[], bool], *, what: str, child: Child | None = None, seconds: float = 60
    ) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if self.stopping.is_set():
                raise KeyboardInterrupt
            if child is not None and not child.alive:
                self._settle(child)
                raise Stop(
                    f"{what} did not start. Its last lines (all are in {places.LOGS / child.name}.log):\n"
                    + _indented(child.tail)
                )
            if time.monotonic() > deadline:
                raise Stop(f"{what} was not ready after {seconds:.0f} seconds. The logs are in {places.LOGS}.")
            self.tend()
            time.sleep(0.05)

    @staticmethod
    def _settle(child: Child) -> None:
        if child.reader is not None:
            child.reader.join(timeout=1)

    def tend(self) -> None:
        """Start again whoever died, after a pause that grows with each failure."""
        now = time.monotonic()
        for child in self.children:
            if child.alive:
                if child.failures and now - child.started_at > _STEADY_AFTER:
                    child.failures = 0
                continue
            if child.restart_at is None:
                code = child.process.returncode if child.process else "?"
                pause = min(0.5 * 2**child.failures, _LONGEST_PAUSE)
                child.failures += 1
                child.restart_at = now + pause
                with self._print:
                    bad(
                        f"{child.name} ended (code {code}); starting it again in {pause:.1f} s. Log: {places.LOGS / child.name}.log"
                    )
            elif now >= child.restart_at:
                self._launch(child)

    def run(self) -> None:
        """Until somebody presses Ctrl-C or sends SIGTERM."""
        while not self.stopping.wait(0.2):
            self.tend()

    def on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())

    def stop(self) -> None:
        """All at once, and when they are gone what they stand on: the database is the last to go."""
        self.stopping.set()
        self.show = False  # goodbyes are of no use to anybody
        for upper in (True, False):
            together = [child for child in reversed(self.children) if child.stands_on_others is upper]
            for child in together:
                if child.alive and child.process is not None:
                    child.process.send_signal(child.stop_signal)
            asked_at = time.monotonic()
            for child in together:
                self._see_off(child, until=asked_at + child.patience)
        self.children.clear()

    @staticmethod
    def _see_off(child: Child, *, until: float) -> None:
        process = child.process
        if process is None:
            return
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            note(f"{child.name} does not stop; it is ended now.")
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        if child.reader is not None:
            child.reader.join(timeout=2)
        if process.stdout is not None:
            process.stdout.close()


def _indented(lines: list[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


def python(*arguments: str) -> list[str]:
    return [str(places.PYTHON), "-u", *arguments]


if sys.platform != "linux":
    raise Stop("Poruchi's one-machine set-up runs on Linux.")
