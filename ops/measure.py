"""`make bench`: each file of tests/bench measures one thing beside its yardstick and writes .local/results/<suite>.json."""

from ops import places, testing
from ops.say import plain


def bench(arguments: list[str]) -> int:
    testing.prepare_tools()
    with testing.servers() as environment:
        code = testing.run_pytest(
            ["-q", "-s", "-p", "no:cacheprovider", *(arguments or sorted(_suites()))], environment
        )
    plain(f"The figures are in {places.RESULTS}/*.json")
    return code


def _suites() -> list[str]:
    return [str(path.relative_to(places.ROOT)) for path in (places.ROOT / "tests" / "bench").glob("bench_*.py")]
