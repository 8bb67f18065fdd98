"""A score as people read it: how likely, by which model, and why."""

from dataclasses import dataclass

from fraud.evidence.rule import VERSION as RULE_VERSION
from fraud.models import Score
from fraud.scoring.words import reason_name


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
        return f"{self.weight:+.1f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class ScoreView:
    version: str
    by_rule: bool
    probability: float
    rule: float
    verifiable: bool
    reasons: list[ReasonView]


def score_of(cancellation_id: int) -> ScoreView | None:
    """The champion's highest score of a cancellation, of each moment the last one; None while none is given."""
    rows = Score.objects.filter(cancellation_id=cancellation_id, role=Score.Role.CHAMPION)
    last = {row.moment: row for row in rows.order_by("late", "scored_at")}
    row = max(last.values(), key=lambda one: (one.probability, one.as_of), default=None)
    if row is None:
        return None
    reasons = [ReasonView(reason_name(code), weight) for code, weight in row.reasons if abs(weight) >= 0.05]
    return ScoreView(
        version=row.model_version,
        by_rule=row.model_version == RULE_VERSION,
        probability=row.probability,
        rule=row.rule,
        verifiable=row.verifiable,
        reasons=reasons,
    )
