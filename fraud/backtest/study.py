"""The study on the generated worlds: measured once, kept on disk, judged as often as wanted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from fraud.features.table import Table
from fraud.world.learning import Harvest, harvest
from fraud.world.plan import STANDARD, TWIN, Plan

SEEDS = {"standard": 5000, "shifted": 6000, "loop": 7000, "evasion": 8000}
Tell = Callable[[str, int, int], None]


def world(folder: Path, plan: Plan, *, count: int, tell: Tell) -> Harvest:
    """The rows of a world, measured at the last moment; from disk when they are there."""
    file = folder / f"{plan.name}-{count}.npz"
    if not file.exists():
        keep(harvest(plan, seed=SEEDS[plan.name], count=count, tell=tell), file)
    return kept(file)


def worlds(folder: Path, *, count: int, twin: int, tell: Tell) -> dict[str, Harvest]:
    sizes = ((STANDARD, count), (TWIN, twin))
    return {plan.name: world(folder, plan, count=size, tell=tell) for plan, size in sizes}


def keep(rows: Harvest, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        file, values=rows.table.values, as_of=rows.table.as_of, label=rows.label, kind=rows.kind, person=rows.person,
        at=rows.at, weight=rows.weight, groups=np.array(list(rows.group)), group=np.stack(list(rows.group.values())),
    )  # fmt: skip


def kept(file: Path) -> Harvest:
    with np.load(file) as stored:
        part = {name: stored[name] for name in stored.files}
    return Harvest(
        table=Table(part["values"], part["as_of"]),
        label=part["label"],
        kind=part["kind"],
        person=part["person"],
        at=part["at"],
        group=dict(zip(part["groups"].tolist(), part["group"], strict=True)),
        weight=part["weight"],
    )


def at_base_rate(rows: Harvest, share: float) -> Harvest:
    """The same rows weighted as if `share` of all cancellations were fraud."""
    was = rows.label.mean()
    return replace(rows, weight=np.where(rows.label == 1, share / max(was, 1e-12), (1 - share) / (1 - was)))
