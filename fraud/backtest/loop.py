"""A year of the closed loop, simulated: the model flags, moderators with limited time and errors decide, months later the
model learns from what they decided. What is never looked at is never labelled; a random blind audit repairs that."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fraud.backtest import metrics
from fraud.features.table import Table
from fraud.geometry.globe import Flags, Floats, Ints
from fraud.model.rule import rule_scores
from fraud.model.training import GEOGRAPHY_ONLY, Examples, grown, without_doubtful
from fraud.world.learning import Harvest

MONTHS = 12
FEWEST = 20  # decided cases, before which nothing is learned

AUDITED, UNWEIGHTED, UNCHECKED, COMMON = "audited", "unweighted", "unchecked", "common"
WAYS = {
    AUDITED: "audit, inverse propensities, doubtful decisions left out",
    UNCHECKED: "audit, inverse propensities, every decision believed",
    UNWEIGHTED: "audit, no weights: only what was looked at, as it is",
    COMMON: "no audit: what nobody looked at counts as honest",
}


@dataclass(frozen=True, slots=True)
class Moderators:
    """`capacity`: share of a month's cancellations that they look at because of the score; `audit`: share of all others,
    drawn blindly; `errors`: share of wrong decisions; `delay`: months until a decision teaches."""

    capacity: float = 0.03
    audit: float = 0.04
    errors: tuple[float, float] = (0.05, 0.10)
    delay: int = 1


@dataclass(slots=True)
class Desk:
    """What the moderators have told so far, by row; `weight`: the inverse of the chance to be looked at."""

    month: Ints
    seen: Flags
    told: Ints
    weight: Floats

    def known(self, now: int, delay: int) -> Flags:
        return self.seen & (self.month <= now - delay)


def a_year(
    rows: Harvest, held: Harvest, way: str, tell: Callable[[int], None] = lambda month: None, *, seed: int = 11
) -> dict[str, list[float] | int]:
    """PR-AUC of each month's model on the same later people `held`. `rows`: what happens in the year; `way`: how is
    learned from it, see WAYS. `tell` hears of each month."""
    team = Moderators(audit=0.0) if way == COMMON else Moderators()
    dice = np.random.default_rng(seed)
    count = len(rows.label)
    desk = Desk(
        dice.integers(0, MONTHS, count), np.zeros(count, dtype=bool), np.zeros(count, dtype=np.int64), np.ones(count)
    )
    score = rule_scores(rows.table)  # the first months have only the readable rule
    learned: list[float] = []
    for now in range(MONTHS):
        this = np.flatnonzero(desk.month == now)
        chosen, inverse = _looked_at(dice, score[this], team)
        desk.seen[this[chosen]], desk.weight[this[chosen]] = True, inverse
        desk.told[this[chosen]] = _decided(dice, rows.label[this[chosen]], team)
        if desk.told[desk.known(now, team.delay)].sum() >= FEWEST:
            score, judged = learn(_examples(rows, desk, now, way, team), rows, held)
            learned.append(judged)
        tell(now + 1)
    return {"by_month": learned, "first_month": MONTHS - len(learned) + 1, "looked_at": int(desk.seen.sum())}


def learn(examples: Examples, rows: Harvest, held: Harvest) -> tuple[Floats, float]:
    """Scores of `rows` by trees grown on the examples, and their PR-AUC on `held`."""
    names, trees = grown(examples, feature_set=GEOGRAPHY_ONLY)
    found = metrics.curve(trees.decision_function(held.table.columns(names)), held.label, held.weight)
    return trees.decision_function(rows.table.columns(names)), metrics.pr_auc(found)


def with_every_label(rows: Harvest, held: Harvest) -> float:
    """PR-AUC of the model that knows every label, and rightly."""
    return learn(Examples(rows.table, rows.label, np.ones(len(rows.label)), rows.person, rows.at), rows, held)[1]


def _looked_at(dice: np.random.Generator, score: Floats, team: Moderators) -> tuple[Ints, Floats]:
    """The highest scores, and of the others a random few; with the inverse of the chance that each had to be drawn."""
    room = int(team.capacity * len(score))
    order = np.argsort(-score + 1e-9 * dice.random(len(score)))
    top, rest = order[:room], order[room:]
    drawn = rest[dice.random(len(rest)) < team.audit]
    return np.r_[top, drawn], np.r_[np.ones(len(top)), np.full(len(drawn), 1 / max(team.audit, 1e-9))]


def _decided(dice: np.random.Generator, label: Ints, team: Moderators) -> Ints:
    wrong = dice.random(len(label)) < dice.uniform(*team.errors)
    return np.where(wrong, 1 - label, label)


def _examples(rows: Harvest, desk: Desk, now: int, way: str, team: Moderators) -> Examples:
    known = desk.known(now, team.delay)
    if way == COMMON:
        past = desk.month <= now - team.delay
        return _of(rows, past, np.where(known, desk.told, 0), np.ones(len(desk.told)))
    weight = np.ones(len(desk.told)) if way == UNWEIGHTED else desk.weight
    examples = _of(rows, known, desk.told, weight)
    return without_doubtful(examples, feature_set=GEOGRAPHY_ONLY) if way == AUDITED else examples


def _of(rows: Harvest, mine: Flags, label: Ints, weight: Floats) -> Examples:
    table = Table(rows.table.values[mine], rows.table.as_of[mine])
    return Examples(table, label[mine], weight[mine], rows.person[mine], rows.at[mine])
