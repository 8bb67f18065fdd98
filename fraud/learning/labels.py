"""What people decided, as labels to learn from, each with the chance it had to be looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from fraud.learning.chances import chances
from fraud.learning.models import SecondReview
from fraud.models import AuditDraw, Case, Decision, Score

LEAST = 0.0001  # no label weighs more than ten thousand
LABELS = {Case.Outcome.CONFIRMED: 1, Case.Outcome.INNOCENT: 0}


@dataclass(frozen=True, slots=True)
class Label:
    """`propensity`: the chance that this cancellation was looked at and decided; its inverse is the weight. Of a flag it is the
    share decided of its third of the queue (`fraud.learning.chances`), of a random check the chance of its draw, as it was
    logged then, times the share of such checks decided. Undecided, "plausible" and "cannot tell" are no labels."""

    cancellation_id: int
    executor_id: int
    at: datetime
    label: int
    propensity: float
    source: str

    @property
    def weight(self) -> float:
        return 1 / self.propensity


def labels() -> Iterator[Label]:
    """The outcome as it stands now: an upheld appeal counts most, then what a third person settled. Two looks that
    contradict each other teach nothing when no third person has settled them."""
    settled = dict(SecondReview.objects.exclude(third_by=None).values_list("case_id", "third_outcome"))
    in_doubt = SecondReview.objects.filter(third_due_at__isnull=False, third_by=None).values("case_id")
    upheld = set(Decision.objects.filter(on_appeal=True).values_list("case_id", flat=True))
    drawn = dict(AuditDraw.objects.filter(drawn=True).values_list("cancellation_id", "propensity"))
    reached = chances()
    doubted = Q(pk__in=in_doubt) & ~Q(pk__in=upheld)
    rows = Case.objects.filter(status=Case.Status.CLOSED).exclude(doubted).select_related("cancellation")
    for case in rows.order_by("opened_at").iterator():
        outcome = case.outcome if case.pk in upheld else settled.get(case.pk, case.outcome)
        if outcome not in LABELS:
            continue
        chance = reached.of(case) * drawn.get(case.cancellation_id, 1.0)
        yield Label(
            case.cancellation_id, case.executor_id, case.cancellation.at, LABELS[Case.Outcome(outcome)],
            max(LEAST, chance), case.kind,
        )  # fmt: skip


def measures_of(cancellation_id: int) -> dict[str, float] | None:
    """What was measured at the last moment, the same for all who scored; None where only the first rule has: it had other measures."""
    rows = Score.objects.filter(cancellation_id=cancellation_id).exclude(model_version="rule-1")
    measures: dict[str, float] | None = rows.order_by("-as_of", "-late").values_list("measures", flat=True).first()
    return measures
