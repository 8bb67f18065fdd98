"""The short form of `make soak`: real processes are killed with -9 while people pay, and every kopeck is looked for."""

from tests.soak.crashes import KINDS
from tests.soak.run import SHORT, ZERO, soak


def test_nothing_is_lost_and_nothing_doubled_when_every_process_is_killed() -> None:
    told = soak(SHORT, seed=20_261_121)
    assert {name: told[name] for name in ZERO} == dict.fromkeys(ZERO, 0), told["findings"]
    assert told["operations"] >= SHORT.operations
    assert all(told["kills_by_process"].get(kind, 0) >= 1 for kind in KINDS)
