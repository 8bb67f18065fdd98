"""A challenger to the model that serves: learned from earlier decisions, judged on later ones. The retraining at work and
the simulated year of the back-test both stand on this."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from fraud.backtest.metrics import curve, figures, pr_auc
from fraud.features.table import Table
from fraud.geometry.globe import Floats, Ints
from fraud.model.trained import Trained
from fraud.model.training import ENOUGH_TO_GROW, Examples, from_decisions

LATER = 0.3  # of the labels, the newest, to be judged on
SAMPLES, SURE, HAIR = 200, 0.9, 0.002
Learn = Callable[..., Trained]


@dataclass(frozen=True, slots=True)
class Challenge:
    """`trained`: on all labels; `own`, `standing`: figures on the later labels of what was learned from the earlier ones,
    and of what serves; `lead`: in how many of the samples drawn anew from these labels the first was no worse; the same trees
    calibrated anew put nobody above anybody else and are no worse."""

    trained: Trained
    own: dict[str, float]
    standing: dict[str, float]
    lead: float

    @property
    def is_no_worse(self) -> bool:
        """Few later labels, some of them wrong, weigh little: a lead by luck is none."""
        return self.lead >= SURE


def challenge(
    examples: Examples, *, standing: Trained, prior: Trained | None, feature_set: str, learn: Learn = from_decisions
) -> Challenge:
    """`prior`: what the challenger stands on; `learn`: how it learns."""
    earlier, later = in_time(examples)
    judged = standing if prior is None else prior
    if earlier.label.any():
        judged = learn(earlier, feature_set=feature_set, prior=prior)
    # What was only calibrated to be judged must not grow trees that nobody judged.
    enough = ENOUGH_TO_GROW if prior is None or judged.trees is not prior.trees else inf
    later = _undisputed(later, judged, standing)
    own, stands = judged.scores(later.table), standing.scores(later.table)
    return Challenge(
        trained=learn(examples, feature_set=feature_set, prior=prior, enough=enough),
        own=figures(own, later.label, later.weight),
        standing=figures(stands, later.label, later.weight),
        lead=1.0 if judged.trees is standing.trees else _lead(own, stands, later),
    )


def _undisputed(later: Examples, *models: Trained) -> Examples:
    """Without what every model holds for a mistake: a "fraud" less likely than the usual honest row, an "honest" more likely
    than the usual fraud. It tells no model from another, and one wrong word about a random cancellation would weigh
    more than all that was found."""
    cases, honest = later.label == 1, later.label == 0
    if not cases.any() or not honest.any():
        return later
    wrong = np.ones(len(later.label), dtype=bool)
    for score in (model.scores(later.table) for model in models):
        usual_honest, usual_case = np.quantile(score[honest], 0.9), np.quantile(score[cases], 0.9)
        wrong &= (cases & (score < usual_honest)) | (honest & (score > usual_case))
    return _some(later, np.flatnonzero(~wrong))


def _lead(own: Floats, standing: Floats, later: Examples) -> float:
    """Share of samples with replacement in which `own` has at least the PR-AUC of `standing`, but for a hair."""
    dice, won = np.random.default_rng(SAMPLES), 0
    for _ in range(SAMPLES):
        rows = dice.integers(0, len(own), len(own))
        label, weight = later.label[rows], later.weight[rows]
        a, b = (pr_auc(curve(score[rows], label, weight)) for score in (own, standing))
        won += a >= b - HAIR
    return won / SAMPLES


def in_time(examples: Examples) -> tuple[Examples, Examples]:
    """The earlier labels and the later ones."""
    order = np.argsort(examples.at, kind="stable")
    cut = round(len(order) * (1 - LATER))
    return _some(examples, order[:cut]), _some(examples, order[cut:])


def _some(examples: Examples, rows: Ints) -> Examples:
    return Examples(
        Table(examples.table.values[rows], examples.table.as_of[rows]),
        examples.label[rows],
        examples.weight[rows],
        examples.group[rows],
        examples.at[rows],
    )
