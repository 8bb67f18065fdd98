"""A score as people read it: how likely, by which model, and why."""

from dataclasses import dataclass

from django.utils.formats import number_format

from fraud.model.fact_words import reason_name
from fraud.models import Score
from fraud.scoring.by_rule import PREFIX


@dataclass(frozen=True, slots=True)
class ReasonView:
    """`weight`: in log-odds; above 0 it raises the score."""

    text: str
    weight: float

    @property
    def raises(self) -> bool:
        return self.weight > 0

    @property
    def signed(self) -> str:
        return ("+" if self.raises else "−") + number_format(abs(self.weight), 1)


@dataclass(frozen=True, slots=True)
class ScoreView:
    version: str
    by_rule: bool
    probability: float
    rule: float
    verifiable: bool
    reasons: list[ReasonView]


def weightiest(cancellation_id: int) -> Score | None:
    """What opened the case, or came nearest to it: of each moment the champion's last score, a flag before what is none,
    then the highest; None while none is given."""
    rows = Score.objects.filter(cancellation_id=cancellation_id, role=Score.Role.CHAMPION)
    last = {row.moment: row for row in rows.order_by("late", "scored_at")}
    flags = Score.Outcome.HOLD, Score.Outcome.CASE
    return max(last.values(), key=lambda one: (one.outcome in flags, one.probability, one.as_of), default=None)


def by_rule(score: Score) -> bool:
    return score.model_version.startswith(PREFIX)


def score_of(cancellation_id: int) -> ScoreView | None:
    """The weightiest score of a cancellation; None while none is given."""
    row = weightiest(cancellation_id)
    if row is None:
        return None
    reasons = [ReasonView(reason_name(code), weight) for code, weight in row.reasons if abs(weight) >= 0.05]
    return ScoreView(
        version=row.model_version,
        by_rule=by_rule(row),
        probability=row.probability,
        rule=row.rule,
        verifiable=row.verifiable,
        reasons=reasons,
    )
