"""A year of the closed loop, simulated: the model flags, moderators with limited time and errors decide, months later the
model learns from what they decided, by the retraining at work itself (`fraud.learning.challenge`). What is never looked at is
never labelled; a random blind audit repairs that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from fraud.backtest import metrics
from fraud.features.table import Table
from fraud.geometry.globe import Flags, Floats, Ints
from fraud.learning.challenge import challenge
from fraud.learning.labels import Label
from fraud.learning.separation import Comparison, separation
from fraud.model.rule import rule_scores
from fraud.model.trained import GEOGRAPHY_ONLY, Trained, shipped
from fraud.model.training import Examples, fit, from_decisions
from fraud.rules import rule
from fraud.world.learning import Harvest

MONTHS = 12
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_IN = 10  # of the rows that nobody looked at, with so much weight, where they count as honest


@dataclass(frozen=True, slots=True)
class Way:
    """How is learned. `prior`: beside the shipped model, else from nothing; `gated`: what is learned goes the way of every
    model at work, surely no worse on later decisions, then in the shadow, then no worse on a month of new ones;
    `weighted`: by the inverse of the chance to be looked at; `checked`: without doubtful decisions; `audit`: blind looks at
    what was not flagged, as a share of the moderators' capacity; without any, all that nobody looked at counts as honest."""

    told: str
    prior: bool = True
    gated: bool = True
    weighted: bool = True
    checked: bool = True
    audit: float = 0.04


AT_WORK = "at_work"
WAYS = {
    AT_WORK: Way("as at work"),
    "ungated": Way("what was learned serves at once, better or not", gated=False),
    "unchecked": Way("at once, every decision believed", gated=False, checked=False),
    "unweighted": Way("at once, no weights", gated=False, weighted=False),
    "from_nothing": Way("at once, from nothing: without the shipped model", gated=False, prior=False),
    "wide_audit": Way("as at work, with blind looks at 4 % of all others: more than by score", audit=1.3),
    "no_audit": Way("at once, no audit: what nobody looked at counts as honest", gated=False, checked=False, audit=0.0),
}  # fmt: skip
OTHER_WAYS = [way for way in WAYS if way != AT_WORK]
FEWER_WAYS = ["wide_audit", "from_nothing"]  # in the shifted world


@dataclass(frozen=True, slots=True)
class Moderators:
    """`capacity`: share of a month's cancellations that they can look at; `audit`: share of it that goes to others, drawn
    blindly, as `fraud.learning.auditing.propensity`; `errors`: share of wrong decisions; `delay`: months until a decision
    teaches."""

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


@dataclass(slots=True)
class Serving:
    """Who orders the queue (None: the readable rule), and who scores beside it; `promoted`: how often that changed."""

    champion: Trained | None
    shadow: Trained | None
    promoted: int = 0


def a_year(
    rows: Harvest, held: Harvest, way: Way, tell: Callable[[int], None] = lambda month: None, *, seed: int = 11
) -> dict[str, list[float] | int | float]:
    """PR-AUC of each month's model on the same later people `held`, and how far the last one's chances are off. `rows`:
    what happens in the year. `tell` hears of each month."""
    team = Moderators(audit=way.audit)
    dice = np.random.default_rng(seed)
    count = len(rows.label)
    desk = Desk(
        dice.integers(0, MONTHS, count), np.zeros(count, dtype=bool), np.zeros(count, dtype=np.int64), np.ones(count)
    )
    serving = Serving(None, shipped(GEOGRAPHY_ONLY))
    by_month: list[float] = []
    error = 0.0
    for now in range(MONTHS):
        this = np.flatnonzero(desk.month == now)
        chosen, inverse = _looked_at(dice, _scores(serving.champion, rows, this), team)
        desk.seen[this[chosen]], desk.weight[this[chosen]] = True, inverse
        desk.told[this[chosen]] = _decided(dice, rows.label[this[chosen]], team)
        known = desk.known(now, team.delay)
        if way.gated:
            _promote(serving, rows, desk, np.flatnonzero(known & (desk.month == now - team.delay)))
        if known.sum() >= rule("fewest_labels") and desk.told[known].any():
            _learn(serving, _examples(rows, desk, now, way, team), way)
        precision, error = judged(serving.champion, held)
        by_month.append(precision)
        tell(now + 1)
    return {
        "by_month": by_month,
        "looked_at": int(desk.seen.sum()),
        "calibration_error": float(error),
        "promoted": serving.promoted,
    }


def with_every_label(rows: Harvest, held: Harvest) -> float:
    """PR-AUC of the model that knows every label, and rightly, beside the shipped one."""
    every = Examples(rows.table, rows.label, np.ones(len(rows.label)), rows.person, rows.at)
    return judged(fit(every, feature_set=GEOGRAPHY_ONLY, prior=_prior(True)), held)[0]


def _learn(serving: Serving, examples: Examples, way: Way) -> None:
    """As `fraud.learning.training.retrain`: no worse than what stands on later decisions, and it scores in the shadow."""
    learn = from_decisions if way.checked else fit
    if not way.gated:
        serving.champion = learn(examples, feature_set=GEOGRAPHY_ONLY, prior=_prior(way.prior))
        return
    standing = serving.champion or shipped(GEOGRAPHY_ONLY)
    found = challenge(examples, standing=standing, prior=_prior(way.prior), feature_set=GEOGRAPHY_ONLY, learn=learn)
    if found.is_no_worse:
        serving.shadow = found.trained


def _promote(serving: Serving, rows: Harvest, desk: Desk, fresh: Ints) -> None:
    """As `fraud.learning.models_at_work.promote` without force: by decisions that neither model had learned from."""
    if serving.shadow is None or not len(fresh):
        return
    told = [Label(row, 0, EPOCH, int(desk.told[row]), 1 / float(desk.weight[row]), "") for row in fresh.tolist()]
    own, standing = (
        dict(zip(fresh.tolist(), _scores(model, rows, fresh).tolist(), strict=True))
        for model in (serving.shadow, serving.champion)
    )
    if Comparison(len(told), separation(told, own), separation(told, standing)).is_better:
        serving.champion, serving.shadow, serving.promoted = serving.shadow, None, serving.promoted + 1


def _prior(wanted: bool) -> Trained | None:
    return shipped(GEOGRAPHY_ONLY) if wanted else None


def judged(model: Trained | None, held: Harvest) -> tuple[float, float]:
    """PR-AUC, and the expected calibration error."""
    score = rule_scores(held.table) if model is None else model.scores(held.table)
    found = metrics.curve(score, held.label, held.weight)
    return metrics.pr_auc(found), metrics.calibration_error(score, held.label, held.weight)[0]


def _scores(serves: Trained | None, rows: Harvest, some: Ints) -> Floats:
    """Of some of the rows; as long as nothing was learned by the readable rule."""
    table = Table(rows.table.values[some], rows.table.as_of[some])
    return rule_scores(table) if serves is None else serves.scores(table)


def _looked_at(dice: np.random.Generator, score: Floats, team: Moderators) -> tuple[Ints, Floats]:
    """The highest scores, and of the others a random few; with the inverse of the chance that each had to be drawn."""
    room = int(team.capacity * len(score))
    chance = min(1.0, team.audit * room / max(1, len(score) - room))
    order = np.argsort(-score + 1e-9 * dice.random(len(score)))
    top, rest = order[:room], order[room:]
    drawn = rest[dice.random(len(rest)) < chance]
    return np.r_[top, drawn], np.r_[np.ones(len(top)), np.full(len(drawn), 1 / max(chance, 1e-3))]


def _decided(dice: np.random.Generator, label: Ints, team: Moderators) -> Ints:
    wrong = dice.random(len(label)) < dice.uniform(*team.errors)
    return np.where(wrong, 1 - label, label)


def _examples(rows: Harvest, desk: Desk, now: int, way: Way, team: Moderators) -> Examples:
    known = desk.known(now, team.delay)
    if not way.audit:
        some = (desk.month <= now - team.delay) & (np.arange(len(known)) % ONE_IN == 0)
        return _of(rows, known | some, np.where(known, desk.told, 0), np.where(known, 1.0, ONE_IN), desk.month)
    return _of(rows, known, desk.told, desk.weight if way.weighted else np.ones(len(desk.told)), desk.month)


def _of(rows: Harvest, mine: Flags, label: Ints, weight: Floats, month: Ints) -> Examples:
    table = Table(rows.table.values[mine], rows.table.as_of[mine])
    return Examples(table, label[mine], weight[mine], rows.person[mine], month[mine].astype(float))
