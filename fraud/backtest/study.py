"""The study on the generated worlds: measured shard by shard by several processes, kept on disk, judged at will."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from fraud.backtest.parts import MEASURED_BY, Parts, code_of, key_of
from fraud.features.look import PLUS_2H
from fraud.world.learning import Harvest, joined, one_shard
from fraud.world.plan import STANDARD, TWIN, Plan

SEEDS = {"standard": 5000, "shifted": 6000}
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Shards:
    """`count` shards of a world from a seed; `vary`: each with its own phones and errors; `moment`: when they are judged."""

    plan: Plan
    seed: int
    count: int
    vary: bool = False
    moment: str = PLUS_2H

    def piece(self, number: int) -> tuple[str, str]:
        settings = (self.plan, self.seed, number, self.vary, self.moment, code_of(MEASURED_BY))
        return f"{self.plan.name.replace(' ', '-')}-{self.seed}-{number}", key_of(*settings)


def rows_of(wanted: Shards, folder: Path, *, workers: int, tell: Tell) -> Harvest:
    """The rows of a world: from disk what is there, the rest made and put there."""
    parts = Parts(folder)
    missing = parts.missing(wanted.piece(number) for number in range(wanted.count))
    done = wanted.count - len(missing)
    tell(wanted.plan.name, done, wanted.count)
    if workers < 2 or len(missing) < 2:
        for number in missing:
            _made(wanted, folder, number)
            done += 1
            tell(wanted.plan.name, done, wanted.count)
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for _ in as_completed([pool.submit(_made, wanted, folder, number) for number in missing]):
                done += 1
                tell(wanted.plan.name, done, wanted.count)
    return joined([make_piece(wanted, folder, number) for number in range(wanted.count)])


def make_piece(wanted: Shards, folder: Path, number: int) -> Harvest:
    name, key = wanted.piece(number)
    return Parts(folder).rows(
        name,
        key,
        lambda: one_shard(wanted.plan, seed=wanted.seed, number=number, moment=wanted.moment, vary=wanted.vary),
    )


def _made(wanted: Shards, folder: Path, number: int) -> None:
    make_piece(wanted, folder, number)


def worlds(folder: Path, *, count: int, twin: int, workers: int, tell: Tell) -> dict[str, Harvest]:
    sizes = ((STANDARD, count), (TWIN, twin))
    return {
        plan.name: rows_of(Shards(plan, SEEDS[plan.name], size), folder, workers=workers, tell=tell)
        for plan, size in sizes
    }


def at_base_rate(rows: Harvest, share: float) -> Harvest:
    """The same rows weighted as if `share` of all cancellations were fraud."""
    was = rows.label.mean()
    return replace(rows, weight=np.where(rows.label == 1, share / max(was, 1e-12), (1 - share) / (1 - was)))
