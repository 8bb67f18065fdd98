"""`make bench`: each file of tests/bench measures one thing beside its yardstick; `make soak`: crashes. Both write .local/results/."""

import subprocess

from ops import places, testing
from ops.demo import only_one
from ops.say import plain

DEEPER = "60"  # examples of each state machine


def bench(arguments: list[str]) -> int:
    testing.prepare_tools()
    with testing.servers() as environment:
        code = testing.run_pytest(
            ["-q", "-s", "-p", "no:cacheprovider", *(arguments or sorted(_found("tests/bench/bench_*.py")))],
            environment,
        )
    plain(f"The figures are in {places.RESULTS}/*.json")
    return code


def soak(arguments: list[str]) -> int:
    """The long soak with its controls, and a long look of the state machines. With arguments: only the soak, with those of
    tests/soak/run.py (`make soak ARGS="--operations 500"`)."""
    testing.prepare_tools()
    lock = only_one("soak")
    try:
        command = [str(places.PYTHON), "-m", "tests.soak.run", *arguments]
        code = subprocess.run(command, cwd=places.ROOT, stdin=subprocess.DEVNULL, check=False).returncode
    finally:
        lock.close()
    if arguments:
        return code
    with testing.servers() as environment:
        deeper = {**environment, "PROPERTY_EXAMPLES": DEEPER}
        return testing.run_pytest(["-q", *sorted(_found("tests/payments/test_property_*.py"))], deeper) or code


def _found(pattern: str) -> list[str]:
    return [str(path.relative_to(places.ROOT)) for path in places.ROOT.glob(pattern)]
