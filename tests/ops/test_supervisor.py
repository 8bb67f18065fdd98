"""The supervisor is tried on real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops import places
from ops.say import Stop
from ops.supervisor import Child, Supervisor

PATIENT = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(places, "LOGS", tmp_path / "logs")
    one = Supervisor()
    yield one
    one.stop()


def child(name: str, code: str, **options: object) -> Child:
    return Child(name, [sys.executable, "-u", "-c", code], {}, **options)  # type: ignore[arg-type]


def wait_for(condition: Callable[[], bool], supervisor: Supervisor, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        supervisor.tend()
        time.sleep(0.05)


def test_lines_are_prefixed_and_logged(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    supervisor.start(child("web", "print('hello'); import time; time.sleep(60)"))
    log = places.LOGS / "web.log"
    wait_for(lambda: log.exists() and log.read_text() == "hello\n", supervisor)
    supervisor.stop()
    assert "web      │ hello" in capfd.readouterr().out


def test_a_child_that_dies_is_started_again(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    one = supervisor.start(child("worker", "import time; time.sleep(60)"))
    assert one.process is not None
    first = one.process.pid
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: one.alive and one.process is not None and one.process.pid != first, supervisor)
    assert "worker ended (code -9); starting it again" in capfd.readouterr().out


def test_a_child_that_keeps_dying_is_given_longer_and_longer_pauses(supervisor: Supervisor) -> None:
    one = supervisor.start(child("worker", "raise SystemExit(1)"))
    wait_for(lambda: one.failures == 3, supervisor)
    assert one.restart_at is not None
    assert one.restart_at - time.monotonic() > 1


def test_stopping_stops_all_even_the_deaf(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    polite = supervisor.start(child("polite", "import time; time.sleep(60)"))
    deaf = supervisor.start(child("deaf", PATIENT, patience=0.5))
    wait_for(lambda: deaf.tail == ["deaf"], supervisor)
    processes = [polite.process, deaf.process]
    supervisor.stop()
    assert [process.poll() for process in processes if process] == [-signal.SIGTERM, -signal.SIGKILL]
    assert "deaf does not stop; it is ended now." in capfd.readouterr().out


def test_who_never_gets_ready_is_named_with_its_last_words(supervisor: Supervisor) -> None:
    one = supervisor.start(child("database", "print('no room for me'); raise SystemExit(1)"))
    with pytest.raises(Stop, match=r"The database did not start(.|\n)*no room for me"):
        supervisor.wait_until(lambda: False, what="The database", child=one)


def test_nobody_is_left_behind_by_a_killed_supervisor(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from ops import places; places.LOGS = Path(sys.argv[1]);"
        "from ops.supervisor import Child, Supervisor; s = Supervisor();"
        "c = s.start(Child('web', ['sleep', '120'], {})); print(c.process.pid, flush=True); time.sleep(120)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=places.ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    orphan = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{orphan}").exists() and "Z" not in Path(f"/proc/{orphan}/stat").read_text():
        assert time.monotonic() < deadline, "the child lives on"
        time.sleep(0.05)
