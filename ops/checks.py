"""The fast part: everything that can be said about the code without running the site."""

import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ops import places
from ops.python_env import with_tools
from ops.say import Stop, Watch, bad, good, step

PACKAGES = ("marketplace", "tasks_app", "payments", "fraud", "frontend", "demo", "ops")


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True)
class Outcome:
    check: Check
    passed: bool
    seconds: float
    output: str


def _python(*arguments: str) -> tuple[str, ...]:
    return (str(places.PYTHON), *arguments)


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(places.VENV / "bin" / name), *arguments)


def _node(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(places.ROOT / "node_modules" / ".bin" / name), *arguments)


def _biome() -> str:
    """Its program comes in a package for each kind of processor."""
    kind = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return str(places.ROOT / "node_modules" / "@biomejs" / f"cli-linux-{kind}" / "biome")


# Longest first: they run two at a time.
CHECKS = (
    Check("types", _tool("mypy", *PACKAGES)),
    Check("static tests", _python("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/static")),
    Check("import contract", _tool("lint-imports", "--no-cache")),
    Check("templates", _tool("djlint", "frontend", "--lint", "--quiet")),
    Check(
        "migrations",
        _python("-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"),
        "Run manage.py makemigrations.",
    ),
    Check("system checks", _python("manage.py", "check", "--fail-level", "WARNING")),
    Check("deployment checks", _python("manage.py", "check", "--deploy", "--fail-level", "WARNING")),
    Check("lint", _tool("ruff", "check", ".")),
    Check("format", _tool("ruff", "format", "--check", "."), "Run `make format`."),
    Check("styles and scripts", (_biome(), "check"), "Run `make format`."),
    Check("TypeScript", _node("tsc", "--noEmit")),
)
_DEPLOYED = {
    "SITE_URL": "https://poruchi.example",
    "ALLOWED_HOSTS": "poruchi.example",
    "SECRET_KEY": "k" * 20 + "0123456789abcdefghijklmnopqrstuvwxyz",
}
# Nothing here may touch a database: a check that tries to meets a closed port.
_NO_DATABASE = {"DEBUG": "0", "DEMO": "0", "SECRET_KEY": _DEPLOYED["SECRET_KEY"], "DATABASE_URL": "postgis://nobody@127.0.0.1:1/none",
                "REDIS_URL": "redis://127.0.0.1:1/0"}  # fmt: skip


def run_all(environment: dict[str, str]) -> None:
    """Run every check; Stop with the names of those that failed."""
    watch = Watch()
    step(f"Checking: {', '.join(check.name for check in CHECKS)}")
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(lambda check: _run(check, environment), CHECKS))
    for outcome in outcomes:
        if outcome.passed:
            good(f"{outcome.check.name} ({outcome.seconds:.1f} s)")
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        bad(
            f"{outcome.check.name} ({outcome.seconds:.1f} s): {' '.join(outcome.check.command)}\n{outcome.output.rstrip()}\n{outcome.check.hint}"
        )
    if failed:
        raise Stop(
            f"{len(failed)} of {len(CHECKS)} checks failed: {', '.join(outcome.check.name for outcome in failed)}."
        )
    good(f"All {len(CHECKS)} checks passed ({watch})")


def _run(check: Check, environment: dict[str, str]) -> Outcome:
    watch = Watch()
    env = {**environment, **_NO_DATABASE, **with_tools()}
    if check.name == "deployment checks":
        env |= _DEPLOYED
    done = subprocess.run(
        check.command, cwd=places.ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False,
    )  # fmt: skip
    return Outcome(check, done.returncode == 0, watch.seconds, done.stdout)


def format_all(_: list[str]) -> int:
    from ops.testing import prepare_tools

    prepare_tools()
    commands: tuple[tuple[str | Path, ...], ...] = (
        _tool("ruff", "check", "--fix", "--quiet", "."),
        _tool("ruff", "format", "--quiet", "."),
        (_biome(), "check", "--write"),
    )
    return max(
        subprocess.run(command, cwd=places.ROOT, check=False, stdout=sys.stdout).returncode for command in commands
    )
