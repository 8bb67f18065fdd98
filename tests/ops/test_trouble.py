"""What can be missing on somebody's machine is said in a sentence, with what to do. The troubles here are real ones."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from ops import places, shell
from ops.say import Stop

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A copy of what the commands need, as a stranger would have it."""
    copy = tmp_path / "poruchi"
    copy.mkdir()
    for name in ("ops", "requirements"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("package.json", "package-lock.json", ".npmrc", "Makefile"):
        shutil.copy(ROOT / name, copy / name)
    yield copy
    shutil.rmtree(copy, ignore_errors=True)


def run(checkout: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ops", *command], cwd=checkout, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_taken_port_is_named_and_another_is_offered(checkout: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(checkout, "demo", PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken by another program. Choose another: PORT={port + 123} make demo" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert not (checkout / ".local" / "venv").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_port_that_is_none_is_refused(checkout: Path, port: str) -> None:
    done = run(checkout, "demo", PORT=port)
    assert done.returncode == 1
    assert f"PORT is '{port}', which is not a port" in done.stdout


def test_a_second_demo_in_the_same_folder_is_told_about_the_first(checkout: Path) -> None:
    import fcntl

    (checkout / ".local" / "demo").mkdir(parents=True)
    with (checkout / ".local" / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("process 4711 at http://127.0.0.1:8000")
        lock.flush()
        done = run(checkout, "demo", PORT="0" + str(_free_port()))
    assert done.returncode == 1
    assert "It already runs here: process 4711 at http://127.0.0.1:8000" in done.stdout


def test_without_a_network_the_person_is_told_so(checkout: Path) -> None:
    """pip really runs here and really reaches nobody: the way out is a closed port."""
    closed = f"http://127.0.0.1:{_free_port()}"
    done = subprocess.run(
        [sys.executable, "-c", "from ops import python_env\nfrom ops.say import Stop, bad\n"
         "try:\n    python_env.ensure(dev=False)\nexcept Stop as stop:\n    bad(str(stop))\n    raise SystemExit(1)\n"],
        cwd=checkout,
        env={**os.environ, "HTTPS_PROXY": closed, "HTTP_PROXY": closed, "https_proxy": closed, "http_proxy": closed,
             "NO_PROXY": "", "no_proxy": "", "PIP_NO_CACHE_DIR": "1"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert (
        "The package servers cannot be reached. Check the network (or the proxy) and run the command again"
        in done.stdout
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert not (checkout / ".local" / "stamps" / "python-app").exists()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("E: Failed to fetch …  Temporary failure resolving 'a.b'", "The package servers cannot be reached"),
        ("npm error code ENOTFOUND", "The package servers cannot be reached"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("initdb: error: could not create directory: Permission denied", "This user may not do that here"),
        ("SyntaxError: invalid syntax", None),
    ],
)
def test_the_reason_is_read_from_what_the_tool_said(output: str, sentence: str | None) -> None:
    assert (shell.reason(output) or "").startswith(sentence or "")
    assert (sentence is None) == (shell.reason(output) is None)


def test_a_failed_step_shows_its_last_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LOGS", tmp_path)
    with pytest.raises(Stop) as stop:
        shell.run([sys.executable, "-c", "print('half way'); raise SystemExit(3)"], what="Building something")
    assert str(stop.value).startswith("Building something did not work.")
    assert "half way" in str(stop.value)
    assert "half way" in (tmp_path / "setup.log").read_text()


def test_a_nearly_full_disk_is_told_before_anything_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=90 * 2**20))
    with pytest.raises(Stop, match=r"The disk is nearly full: 90 MB are free .* needs about 2500 MB"):
        places.require_free_space(2500)


def test_a_disk_that_fills_up_on_the_way_is_told(tmp_path: Path) -> None:
    """/dev/full answers every write with "no space left", as a full disk does."""
    with pytest.raises(Stop, match=r"The disk is full\. Free some space and run the command again"):
        shell.run([sys.executable, "-c", "open('/dev/full', 'w').write('x' * 100000)"], what="Writing")


def test_a_folder_that_belongs_to_somebody_else_is_told(checkout: Path) -> None:
    if os.geteuid() != 0:
        checkout.chmod(0o555)
        done = run(checkout, "demo", PORT=str(_free_port()))
        checkout.chmod(0o755)
    else:
        for folder in (checkout, *list(checkout.parents)[:-2]):
            folder.chmod(0o755)
        done = subprocess.run(
            ["/usr/bin/python3", "-m", "ops", "demo"], cwd=checkout, env={"PATH": os.environ["PATH"], "PORT": str(_free_port())},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False, user="nobody", group="nogroup", extra_groups=[],
        )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Nothing can be written to" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_an_unknown_command_lists_the_known_ones(checkout: Path) -> None:
    done = run(checkout, "dmeo")
    assert done.returncode == 2
    assert "There is no command 'dmeo'" in done.stdout
    assert "demo" in done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
