"""How well a model tells fraud from honest people, on cancellations that people decided."""

from dataclasses import dataclass

from fraud.learning.labels import Label, labels
from fraud.learning.models import Score
from fraud.rules import rule

ENOUGH_LABELS = 30


@dataclass(frozen=True, slots=True)
class Comparison:
    """`own`, `standing`: how often a confirmed cancellation is put above an innocent one, weighted by the inverse chance of a
    look (the area under the ROC curve), by the model and by what served, on the same `count` cancellations; None with too
    few of either kind."""

    count: int
    own: float | None
    standing: float | None

    @property
    def is_better(self) -> bool:
        """At least as good as what served, and good enough at all."""
        if self.own is None or self.standing is None:
            return False
        return self.own >= max(self.standing, rule("least_separation"))


def compare(version: str) -> Comparison:
    """Only what both have scored counts: another mix of cancellations would be another question."""
    told = {label.cancellation_id: label for label in labels()}
    rows = Score.objects.filter(cancellation_id__in=told, moment="plus_2h").order_by("late")
    own = dict(rows.filter(model_version=version).values_list("cancellation_id", "probability"))
    served = dict(
        rows.filter(role=Score.Role.CHAMPION)
        .exclude(model_version=version)
        .values_list("cancellation_id", "probability")
    )
    both = [label for pk, label in told.items() if pk in own and pk in served]
    return Comparison(len(both), separation(both, own), separation(both, served))


def separation(told: list[Label], scores: dict[int, float]) -> float | None:
    fraud = [(scores[one.cancellation_id], one.weight) for one in told if one.label]
    honest = [(scores[one.cancellation_id], one.weight) for one in told if not one.label]
    if not fraud or not honest or len(told) < ENOUGH_LABELS:
        return None
    won = sum(a * b * (0.5 if x == y else float(x > y)) for x, a in fraud for y, b in honest)
    return won / (sum(a for _x, a in fraud) * sum(b for _y, b in honest))
