"""`make bench`: each file of tests/bench measures one thing beside its yardstick; `make soak`: crashes. Both write .local/results/."""

import subprocess

from ops import places, testing
from ops.demo import only_one
from ops.say import plain


def bench(arguments: list[str]) -> int:
    testing.prepare_tools()
    with testing.servers() as environment:
        code = testing.run_pytest(
            ["-q", "-s", "-p", "no:cacheprovider", *(arguments or sorted(_suites()))], environment
        )
    plain(f"The figures are in {places.RESULTS}/*.json")
    return code


def soak(arguments: list[str]) -> int:
    """The long soak with its controls. With arguments: those of tests/soak/run.py (`make soak ARGS="--operations 500"`)."""
    testing.prepare_tools()
    lock = only_one("soak")
    try:
        command = [str(places.PYTHON), "-m", "tests.soak.run", *arguments]
        return subprocess.run(command, cwd=places.ROOT, stdin=subprocess.DEVNULL, check=False).returncode
    finally:
        lock.close()


def _suites() -> list[str]:
    return [str(path.relative_to(places.ROOT)) for path in (places.ROOT / "tests" / "bench").glob("bench_*.py")]
