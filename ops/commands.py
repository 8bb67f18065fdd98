"""Which word runs what."""

import os
from collections.abc import Callable

from ops import checks, demo, locks, measure, testing
from ops.say import Stop, bad, note, plain

COMMANDS: dict[str, tuple[Callable[[list[str]], int | None], str]] = {
    "demo": (lambda _: demo.demo(), "the whole site with its demo world (PORT=8123 chooses the port)"),
    "reset": (lambda _: demo.reset(), "throw the demo's data away; the next `make demo` starts over"),
    "test": (testing.everything, "everything that must pass before a change lands"),
    "check": (testing.check, "the fast part: format, lint, types, imports, migrations, texts"),
    "test-browser": (testing.browser, "the journeys in a real Chromium"),
    "test-live-stripe": (
        testing.live_stripe,
        "the simulator's tests that must hold at Stripe itself (needs STRIPE_TEST_KEY)",
    ),
    "bench": (measure.bench, "speed beside its yardsticks; writes .local/results/*.json"),
    "soak": (
        measure.soak,
        "kills every process with -9 while people pay, and looks whether a kopeck is missing; minutes",
    ),
    "format": (checks.format_all, "put the code into its format"),
    "lock": (locks.compile_all, "compile requirements/*.in into the lock files"),
}


def main(arguments: list[str]) -> int:
    word, *rest = arguments or ["help"]
    if word in ("help", "-h", "--help"):
        return _help()
    if word not in COMMANDS:
        bad(f"There is no command {word!r}.")
        _help()
        return 2
    # Dozens of processes are started: each would compile every module anew, and OpenMP's threads would wait for each other.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        return COMMANDS[word][0](rest) or 0
    except Stop as stop:
        bad(str(stop))
        return 1
    except KeyboardInterrupt:
        note("Interrupted.")
        return 130
    except OSError as error:
        if error.errno in (28, 122):
            bad("The disk is full. Free some space and run the command again: it goes on where it stopped.")
            return 1
        raise


def _help() -> int:
    prefix = "make" if "MAKELEVEL" in os.environ else "python3 -m ops"
    for word, (_, meaning) in COMMANDS.items():
        plain(f"  {prefix} {word:<14} {meaning}")
    return 0
