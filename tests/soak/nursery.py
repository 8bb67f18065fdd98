"""The site's Python processes in a moment: one process imports everything once, and every other is forked from it.

What a child runs is the command line it would be started with (`-m gunicorn …`, `manage.py stripe_simulator …`), in a session
of its own; only the seconds of importing are gone, so that a soak kills and starts again instead of waiting.
"""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from ops import places
from ops.supervisor import Child, Supervisor, python

_PR_SET_PDEATHSIG = 1


class Forked:
    """A child of the nursery, with as much of Popen as a supervisor asks for."""

    stdout = None

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode = pid, -signal.SIGKILL
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        ended, _, _ = select.select([self._handle], [], [], 0)
        return self.returncode if ended else None

    def wait(self, timeout: float | None = None) -> int:
        ended, _, _ = select.select([self._handle], [], [], timeout)
        if not ended:
            raise subprocess.TimeoutExpired("forked", timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        signal.pidfd_send_signal(self._handle, number)

    def __del__(self) -> None:
        os.close(self._handle)


class Nursery(Supervisor):
    """A supervisor whose Python children are forked; the others (PostgreSQL, Redis) are started as ever."""

    def __init__(self) -> None:
        super().__init__(show=False)
        self._mother: subprocess.Popen[str] | None = None

    def open(self, environment: dict[str, str]) -> None:
        """Begin to import, with the environment that every child will have."""
        log = (places.LOGS / "soak-nursery.log").open("a")
        with log:
            self._mother = subprocess.Popen(
                python("-m", "tests.soak.nursery"), cwd=places.ROOT, env={**os.environ, **environment}, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip

    def run_module(self, *arguments: str, log: str) -> int:
        """Run `-m …` to its end; the exit code."""
        return self._ask({"arguments": arguments, "log": log, "wait": True})

    def _launch(self, child: Child) -> None:
        if self._mother is None or child.command[0] != str(places.PYTHON):
            super()._launch(child)
            return
        arguments = [word for word in child.command[1:] if word != "-u"]
        pid = self._ask({"arguments": arguments, "log": child.name, "wait": False})
        child.process = Forked(pid)  # type: ignore[assignment]
        child.restart_at = None

    def _ask(self, order: dict[str, Any]) -> int:
        mother = self._mother
        if mother is None or mother.stdin is None or mother.stdout is None:
            raise RuntimeError("The nursery is not open.")
        mother.stdin.write(json.dumps(order) + "\n")
        mother.stdin.flush()
        answer = mother.stdout.readline()
        if not answer:
            raise RuntimeError(f"The nursery ended; see {places.LOGS / 'soak-nursery.log'}")
        return int(answer)

    def stop(self) -> None:
        """Nobody is asked politely: what a soak leaves is thrown away."""
        for child in self.children:
            if isinstance(child.process, Forked) and child.alive:
                child.process.send_signal(signal.SIGKILL)
        if self._mother is not None:
            self._mother.kill()
            self._mother.wait()
        super().stop()


def prepare() -> None:
    """Import what the children need; no connection and no thread is begun here."""
    import django

    django.setup()
    import celery.apps.worker
    import celery.bin.celery
    import celery.concurrency.prefork
    import gunicorn.app.wsgiapp
    import gunicorn.workers.gthread
    import uvicorn
    from django.core.management import load_command_class
    from django.urls import get_resolver

    import marketplace.wsgi
    import tests.soak.oracle
    import tests.soak.world
    from marketplace.celery import app

    app.loader.import_default_modules()
    load_command_class("payments", "stripe_simulator")
    _ = get_resolver().url_patterns, celery, gunicorn, uvicorn, marketplace, tests


def main() -> None:
    prepare()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(order)
        if order["wait"]:
            _pid, status = os.waitpid(pid, 0)
            pid = os.waitstatus_to_exitcode(status)
        else:
            _reap()
        print(pid, flush=True)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _become(order: dict[str, Any]) -> None:
    """In the child: be the process that the command line names, and nothing more."""
    import runpy
    import traceback

    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _redirect(places.LOGS / f"{order['log']}.log")
    arguments = list(order["arguments"])
    code = 0
    try:
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _redirect(log: Path) -> None:
    """Lines go to the process's own log, one by one."""
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(target, 1)
    os.dup2(target, 2)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115


if __name__ == "__main__":
    main()
