"""`make lock`: requirements/*.in → requirements/*.lock, every file pinned by hash, no index addresses and no local paths inside."""

import os
import shutil
import tempfile
from pathlib import Path

from ops import places, python_env, shell
from ops.say import Stop, good, step

_UV = "uv==0.13.9"


def compile_all(_: list[str]) -> None:
    home = places.LOCAL / "lock-venv"
    tool = home / "bin" / "uv"
    if not tool.exists():
        shell.run([python_env.interpreter(), "-m", "venv", home], what="Making an environment for the lock compiler")
        shell.run([home / "bin" / "python", "-m", "pip", "install", "-q", _UV], what="Installing the lock compiler")
    step("Compiling the lock files")
    with tempfile.TemporaryDirectory() as empty:
        # This machine's own package settings must not leak into the lock.
        environment = {key: "" for key in os.environ if key.startswith(("PIP_", "UV_"))} | {
            "HOME": empty,
            "XDG_CONFIG_HOME": empty,
        }
        for name in ("app", "dev"):
            lock = places.ROOT / "requirements" / f"{name}.lock"
            shell.run(
                ["env", *(f"-u{key}" for key in environment if environment[key] == ""), tool, "pip", "compile", "-q", "--universal",
                 "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--upgrade",
                 "--custom-compile-command", "make lock", f"requirements/{name}.in", "-o", lock],
                what=f"Compiling {lock.name}",
                env={key: value for key, value in environment.items() if value},
            )  # fmt: skip
            _require_clean(lock)
    shutil.rmtree(home, ignore_errors=True)
    good("The lock files are compiled; run `make test` before you commit them.")


def _require_clean(lock: Path) -> None:
    for number, line in enumerate(lock.read_text().splitlines(), 1):
        if "://" in line or line.startswith(("/", "-i", "--index", "--find", "--extra")):
            raise Stop(f"{lock.name}, line {number} names an address or a path: {line}")
