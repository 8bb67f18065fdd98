"""All that SQL can say of one moment of a cancellation, beside what was told: for a person who checks a figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose

from fraud.evidence.gather import deal_of
from fraud.evidence.recompute_coverage import recompute_coverage
from fraud.evidence.recompute_deal import recompute_deal
from fraud.evidence.recompute_dwell import recompute_dwell
from fraud.evidence.recompute_past import recompute_past
from fraud.evidence.recompute_stay import recompute_stays
from fraud.evidence.recompute_track import recompute_track
from fraud.evidence.situation import Deal
from fraud.models import Evidence, Score
from tasks_app import selectors as tasks

CLOSE = {"rel_tol": 1e-6, "abs_tol": 1e-6}


@dataclass(frozen=True, slots=True)
class Figure:
    """`who`: the version of the rule or of the model; None: not known."""

    moment: str
    who: str
    name: str
    told: float | None
    sql: float | None

    @property
    def agrees(self) -> bool:
        if self.told is None or self.sql is None:
            return self.told is self.sql
        return isclose(self.told, self.sql, **CLOSE)


def recomputed(cancellation_id: int) -> Iterator[Figure]:
    """Of each collected moment the measures that each scorer was given. Positions that are forgotten are missing in SQL. Raises
    NotFound."""
    cancelled = tasks.cancelled_assignment(cancellation_id)
    deal = deal_of(cancelled)
    if deal is None:
        return
    rows = Evidence.objects.filter(cancellation_id=cancellation_id).exclude(collected_at=None).exclude(findings={})
    for row in rows.order_by("due_at"):
        yield from _of_scores(row, deal, cancelled.executor_id)


def _of_scores(row: Evidence, deal: Deal, executor_id: int) -> Iterator[Figure]:
    scores = Score.objects.filter(cancellation_id=row.cancellation_id, moment=row.moment, late=row.late)
    told = [score for score in scores.order_by("role") if "stay_min" in score.measures]  # the first rule had its own
    sql = measures_by_sql(executor_id=executor_id, deal=deal, row=row) if told else {}
    for score in told:
        for name, value in sql.items():
            yield Figure(row.moment, score.model_version, name, score.measures.get(name), value)


def measures_by_sql(*, executor_id: int, deal: Deal, row: Evidence) -> dict[str, float | None]:
    """Every column of `fraud.features.table`, by its name; None where it is not known."""
    stays, there = recompute_stays(executor_id=executor_id, deal=deal, as_of=row.due_at)
    return {
        **recompute_track(executor_id=executor_id, deal=deal, as_of=row.due_at),
        **recompute_dwell(executor_id=executor_id, deal=deal, as_of=row.due_at),
        **stays,
        **recompute_past(executor_id=executor_id, deal=deal, as_of=row.due_at, there=there),
        **recompute_coverage(executor_id=executor_id, deal=deal, as_of=row.due_at),
        **recompute_deal(cancellation_id=row.cancellation_id, as_of=row.due_at),
    }
