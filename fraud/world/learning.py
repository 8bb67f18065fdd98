"""Tables of measures from worlds, shard by shard: positions are forgotten as soon as they are measured."""

from dataclasses import dataclass, replace

import numpy as np

from fraud.features.look import PLUS_2H
from fraud.features.table import Table, features, tracks_of
from fraud.geometry.globe import Floats, Ints
from fraud.world.cancellations import KINDS
from fraud.world.plan import STANDARD, Plan
from fraud.world.shards import shard, varied

TRAIN_SEED = 1000
TRAINING = replace(STANDARD, name="training", fraud_share=0.25)
LINE_SEED = 2000
HONEST_ONLY = replace(STANDARD, name="honest", fraud_share=0.0)


@dataclass(frozen=True, slots=True)
class Harvest:
    """Rows of a world: measures, labels, kinds (numbers in KINDS), whose, when, groups and weights."""

    table: Table
    label: Ints
    kind: Ints
    person: Ints
    at: Floats
    group: dict[str, Ints]
    weight: Floats

    @property
    def kinds(self) -> list[str]:
        return [KINDS[number] for number in self.kind.tolist()]


def for_training(rich: Harvest) -> Harvest:
    """Rows of TRAINING, rich in fraud, weighted back to the usual share: more cases for the same work."""
    share, wanted = rich.label.mean(), STANDARD.fraud_share
    weight = np.where(rich.label == 1, wanted / share, (1 - wanted) / (1 - share))
    return replace(rich, weight=weight)


def joined(parts: list[Harvest]) -> Harvest:
    return Harvest(
        table=Table(
            np.concatenate([part.table.values for part in parts]), np.concatenate([part.table.as_of for part in parts])
        ),
        label=np.concatenate([part.label for part in parts]),
        kind=np.concatenate([part.kind for part in parts]),
        person=np.concatenate([part.person for part in parts]),
        at=np.concatenate([part.at for part in parts]),
        group={name: np.concatenate([part.group[name] for part in parts]) for name in parts[0].group},
        weight=np.concatenate([part.weight for part in parts]),
    )


def one_shard(plan: Plan, *, seed: int, number: int, moment: str = PLUS_2H, vary: bool = False) -> Harvest:
    plan = varied(plan, seed=seed, number=number) if vary else plan
    made = shard(plan, seed=seed, number=number)
    return Harvest(
        table=features(tracks_of(made.pings), made.deals, moment),
        label=made.label,
        kind=made.kind,
        person=made.deals.executor + number * plan.executors,
        at=made.deals.cancelled_at,
        group=made.group,
        weight=np.ones(len(made.label)),
    )
