"""The Python environment under .local/venv, from the lock files: every file checked against its hash."""

import os
import shutil
import subprocess
import sys

from ops import places, shell, stamps
from ops.say import Watch, good, step

_LOCKS = {"app": "requirements/app.lock", "dev": "requirements/dev.lock"}


def interpreter() -> str:
    """Python 3.11 if there is one (the locks are made for it), else what runs this, which is newer."""
    here = "python{}.{}".format(*sys.version_info)
    return sys.executable if here == "python3.11" else shutil.which("python3.11") or sys.executable


def ensure(*, dev: bool) -> None:
    kinds = ["app", "dev"] if dev else ["app"]
    if not dev and stamps.is_fresh("python-dev", _print(["app", "dev"]), products=[places.PYTHON]):
        return  # the larger set holds the smaller
    step_name = f"python-{kinds[-1]}"
    if stamps.is_fresh(step_name, _print(kinds), products=[places.PYTHON]):
        return
    watch = Watch()
    step(f"Installing Python packages ({', '.join(_LOCKS[kind] for kind in kinds)})")
    places.require_free_space(1500)
    _make_venv()
    locks = [part for kind in kinds for part in ("-r", _LOCKS[kind])]
    shell.run(
        [places.PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", "--retries", "2",
         "--require-hashes", "--only-binary", ":all:", *locks],
        what="Installing Python packages",
    )  # fmt: skip
    if dev:
        stamps.forget("python-app")
    stamps.put(step_name, _print(kinds))
    good(f"Python packages are in place ({watch})")


def _print(kinds: list[str]) -> str:
    return stamps.fingerprint([interpreter(), *(places.ROOT / _LOCKS[kind] for kind in kinds)])


def _make_venv() -> None:
    if (
        places.PYTHON.exists()
        and subprocess.run([places.PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    ):
        return
    shutil.rmtree(places.VENV, ignore_errors=True)
    shell.run([interpreter(), "-m", "venv", places.VENV], what="Making the Python environment")


def with_tools() -> dict[str, str]:
    """The environment variables with which node, npm and Python's tools are found."""
    return {"PATH": f"{places.VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}", "VIRTUAL_ENV": str(places.VENV)}
