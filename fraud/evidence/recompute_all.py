"""All that SQL can say of one moment of a cancellation, beside what was told: for a person who checks a figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose

from fraud.evidence.gather import deal_of
from fraud.evidence.recompute import recompute
from fraud.evidence.recompute_coverage import recompute_coverage
from fraud.evidence.recompute_deal import recompute_deal
from fraud.evidence.recompute_dwell import recompute_dwell
from fraud.evidence.recompute_past import recompute_past
from fraud.evidence.recompute_stay import recompute_stays
from fraud.evidence.recompute_track import recompute_track
from fraud.evidence.rule import VERSION
from fraud.evidence.situation import Deal
from fraud.models import Evidence, Score
from tasks_app import selectors as tasks

CLOSE = {"rel_tol": 1e-5, "abs_tol": 2e-3}  # the evidence keeps three decimals


@dataclass(frozen=True, slots=True)
class Figure:
    """`who`: the rule, or the model's version; None: not known."""

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
    """Of each collected moment, first the rule's measures, then each model's. Positions that are forgotten are missing in SQL.
    Raises NotFound."""
    cancelled = tasks.cancelled_assignment(cancellation_id)
    deal = deal_of(cancelled)
    if deal is None:
        return
    rows = Evidence.objects.filter(cancellation_id=cancellation_id).exclude(collected_at=None).exclude(findings={})
    for row in rows.order_by("due_at"):
        yield from _of_rule(row, deal, cancelled.executor_id)
        yield from _of_models(row, deal, cancelled.executor_id)


def _of_rule(row: Evidence, deal: Deal, executor_id: int) -> Iterator[Figure]:
    told, sql = row.findings["measures"], recompute(executor_id=executor_id, deal=deal, as_of=row.due_at)
    pairs: dict[str, tuple[float | None, float | None]] = {
        "fixes": (told["fixes"], sql.fixes), "after": (told["after"], sql.after), "before": (told["before"], sql.before),
        "seen": (told["seen"], sql.seen), "stay_metres": (told["stay_metres"], sql.metres),
        "stay_accuracy": (told["stay_accuracy"], sql.accuracy_m), "stay_fixes": (told["stay_fixes"], sql.stay_fixes or 0),
        **{f"dwell_{radius}": (told["dwell"][str(radius)], minutes) for radius, minutes in sql.dwell.items()},
    }  # fmt: skip
    for name, (known, again) in pairs.items():
        yield Figure(row.moment, VERSION, name, known, again)


def _of_models(row: Evidence, deal: Deal, executor_id: int) -> Iterator[Figure]:
    scores = Score.objects.filter(cancellation_id=row.cancellation_id, moment=row.moment, late=row.late)
    models = list(scores.exclude(model_version=VERSION).order_by("role"))
    sql = measures_by_sql(executor_id=executor_id, deal=deal, row=row) if models else {}
    for score in models:
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
