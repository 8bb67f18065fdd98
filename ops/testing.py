"""`make test`, `make check`, `make test-browser`: each does its own set-up."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ops import assets, checks, debian, places, python_env
from ops.demo import only_one
from ops.postgres import HASTY, OWNER
from ops.python_env import with_tools
from ops.say import Stop, Watch, bad, good, step
from ops.stack import Stack

# Three processes keep two processors busy while some wait for the database or for time to pass.
# What a file's tests share is made once; slow files are begun first (tests/conftest.py), so their order is kept.
_BY_FILE = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "25")
_ONE_BY_ONE = ("-n", "2", "--dist", "load", "--maxschedchunk", "1", "--durations", "25")
_JOURNEYS = "tests/journeys"


def prepare_tools() -> None:
    places.require_writable()
    places.require_free_space(2500 if not places.VENV.exists() else 300)
    debian.ensure({**debian.SERVE, **debian.TEST})
    debian.ensure_if_possible(debian.TEST_QUICKER)
    python_env.ensure(dev=True)
    assets.ensure_node()
    assets.ensure_built()
    assets.ensure_translations()


def check(_: list[str]) -> int:
    prepare_tools()
    checks.run_all(dict(os.environ))
    return 0


def everything(arguments: list[str]) -> int:
    """The checks, then all tests. With arguments: only pytest, with them (`make test ARGS="tests/payments -k refund"`)."""
    prepare_tools()
    if arguments:
        with servers() as environment:
            return run_pytest(arguments, environment)
    watch = Watch()
    troubles: list[str] = []
    with servers() as environment:
        with migrated_aside(environment):
            try:
                checks.run_all(dict(os.environ))
            except Stop as stop:
                bad(str(stop))
                troubles.append("the checks")
        step("Running the tests on three processes")
        rooms = ["--ignore", "tests/static", "--ignore", _JOURNEYS, "tests"]
        if run_pytest([*_BY_FILE, "--create-db", "--reuse-db", *rooms], environment) != 0:
            troubles.append("the tests")
        step("Running the journeys in a real browser, two at a time")
        if run_pytest([*_ONE_BY_ONE, "--reuse-db", "-m", "not long", _JOURNEYS], environment) != 0:
            troubles.append("the browser journeys")
    if troubles:
        bad(f"Not everything passed: {', '.join(troubles)} ({watch})")
        return 1
    good(f"Everything passed ({watch})")
    return 0


def browser(arguments: list[str]) -> int:
    prepare_tools()
    with servers() as environment:
        return run_pytest([*_ONE_BY_ONE, "-m", "browser", *(arguments or [_JOURNEYS])], environment)


def live_stripe(arguments: list[str]) -> int:
    """The part of the simulator's tests that must hold at Stripe itself, with somebody's own test key."""
    if not os.environ.get("STRIPE_TEST_KEY", "").startswith("sk_test_"):
        raise Stop(
            "This pays with test cards at Stripe itself: put your own test key (sk_test_…) into STRIPE_TEST_KEY first."
        )
    prepare_tools()
    with servers() as environment:
        return run_pytest(["-m", "live_stripe", *(arguments or ["tests/payments/simulator"])], environment)


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """A database and a Redis for tests only, forgetful and fast, stopped at the end."""
    lock = only_one("test")
    stack = Stack("test", database_options=HASTY)
    stack.supervisor.on_signals()
    try:
        stack.start_servers()
        environment = {**os.environ, **with_tools(), **stack.environment()}
        # Tests make their databases themselves, so they connect as the owner; what the site's own role may do they ask as that role.
        environment["DATABASE_URL"] = stack.postgres.url(OWNER)
        environment["SITE_URL"] = "http://testserver"
        environment["LIVE_HEALTH_URL"] = ""  # no live process here
        assets.collect_static("test", environment)
        yield environment
    finally:
        stack.supervisor.stop()
        lock.close()


@contextmanager
def migrated_aside(environment: dict[str, str]) -> Iterator[None]:
    """Meanwhile the database is migrated that the test processes copy; without it each of them migrates its own."""
    making = subprocess.Popen(
        [str(places.PYTHON), "-m", "tests.template"], cwd=places.ROOT, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield
        name, trouble = making.communicate()
    finally:
        making.kill()
    if making.returncode == 0:
        environment["TEST_TEMPLATE"] = name.split()[-1]
    else:
        bad(f"The database could not be migrated:\n{trouble.rstrip()}")


def run_pytest(arguments: list[str], environment: dict[str, str]) -> int:
    command = [
        str(places.PYTHON),
        "-m",
        "pytest",
        "--color=no" if not sys.stdout.isatty() else "--color=yes",
        *arguments,
    ]
    return subprocess.run(command, cwd=places.ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
