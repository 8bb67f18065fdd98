"""A year of the closed loop, simulated: the model flags, moderators with limited time and errors decide, months later the
model learns from what they decided. What is never looked at is never labelled; a random blind audit repairs that."""

from dataclasses import dataclass

import numpy as np

from fraud.backtest import metrics
from fraud.features.table import Table
from fraud.geometry.globe import Flags, Floats, Ints
from fraud.model.rule import rule_scores
from fraud.model.training import GEOGRAPHY_ONLY, Examples, grown, without_doubtful
from fraud.world.learning import Harvest

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Moderators:
    """`capacity`: share of a month's cancellations that they look at because of the score; `audit`: share of all others,
    drawn blindly; `errors`: share of wrong decisions; `delay`: months until a decision teaches."""

    capacity: float = 0.03
    audit: float = 0.04
    errors: tuple[float, float] = (0.05, 0.10)
    delay: int = 1


@dataclass(frozen=True, slots=True)
class Year:
    """PR-AUC of each month's model on the same later people, and with every label known and right."""

    learned: list[float]
    full: float
    labelled: int

    @property
    def kept(self) -> float:
        return self.learned[-1] / self.full


def a_year(
    rows: Harvest, held: Harvest, moderators: Moderators, *, weighted: bool = True, every: int = 1, seed: int = 11
) -> Year:
    """`rows`: what happens in the year; `held`: what the models are judged on. `weighted` False: everything that nobody
    looked at counts as honest, as is often done. `every`: months between two trainings."""
    dice = np.random.default_rng(seed)
    month = dice.integers(0, MONTHS, len(rows.label))
    seen, weight, told = _nothing_seen(len(rows.label))
    score = rule_scores(rows.table)  # the first month has only the readable rule
    learned: list[float] = []
    for now in range(MONTHS):
        this = np.flatnonzero(month == now)
        chosen, inverse = _looked_at(dice, score[this], moderators)
        seen[this[chosen]], weight[this[chosen]] = True, inverse
        told[this[chosen]] = _decided(dice, rows.label[this[chosen]], moderators)
        known = seen & (month <= now - moderators.delay)
        if told[known].sum() >= 20 and (now + 1) % every == 0:
            examples = (
                _examples(rows, known, told, weight) if weighted else _all_else_honest(rows, month, now, known, told)
            )
            score, judged = _learned(examples, rows, held)
            learned.append(judged)
    return Year(learned, _learned(_with_labels(rows), rows, held)[1], int(seen.sum()))


def _learned(examples: Examples, rows: Harvest, held: Harvest) -> tuple[Floats, float]:
    names, trees = grown(examples, feature_set=GEOGRAPHY_ONLY)
    found = metrics.curve(trees.decision_function(held.table.columns(names)), held.label, held.weight)
    return trees.decision_function(rows.table.columns(names)), metrics.pr_auc(found)


def _nothing_seen(count: int) -> tuple[Flags, Floats, Ints]:
    return np.zeros(count, dtype=bool), np.ones(count), np.zeros(count, dtype=np.int64)


def _looked_at(dice: np.random.Generator, score: Floats, moderators: Moderators) -> tuple[Ints, Floats]:
    """The highest scores, and of the others a random few; with the inverse of the chance that each had to be drawn."""
    room = int(moderators.capacity * len(score))
    order = np.argsort(-score + 1e-9 * dice.random(len(score)))
    top, rest = order[:room], order[room:]
    drawn = rest[dice.random(len(rest)) < moderators.audit]
    return np.r_[top, drawn], np.r_[np.ones(len(top)), np.full(len(drawn), 1 / max(moderators.audit, 1e-9))]


def _decided(dice: np.random.Generator, label: Ints, moderators: Moderators) -> Ints:
    wrong = dice.random(len(label)) < dice.uniform(*moderators.errors)
    return np.where(wrong, 1 - label, label)


def _examples(rows: Harvest, known: Flags, told: Ints, weight: Floats) -> Examples:
    """Each decision by the inverse of its chance to be looked at; decisions that all others contradict are left out."""
    table = Table(rows.table.values[known], rows.table.as_of[known])
    examples = Examples(table, told[known], weight[known], rows.person[known], rows.at[known])
    return without_doubtful(examples, feature_set=GEOGRAPHY_ONLY)


def _all_else_honest(rows: Harvest, month: Ints, now: int, known: Flags, told: Ints) -> Examples:
    past = month < now
    label = np.where(known, told, 0)[past]
    table = Table(rows.table.values[past], rows.table.as_of[past])
    return Examples(table, label, np.ones(len(label)), rows.person[past], rows.at[past])


def _with_labels(rows: Harvest) -> Examples:
    return Examples(rows.table, rows.label, np.ones(len(rows.label)), rows.person, rows.at)
