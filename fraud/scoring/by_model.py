"""A trained model as a scorer: the rows of one cancellation and of its executor's past, read from the stores."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from fraud.evidence.gather import slot_start
from fraud.evidence.rule import Fact
from fraud.model.facts import Told
from fraud.model.rows import DayRow, DealRow, PingRow
from fraud.model.services import score_cancellation
from fraud.model.trained import Trained, load, shipped
from fraud.scoring.asked import Asked, Scored
from fraud.scoring.context import context_of
from fraud.stays.days import Edges, Marks, replayed, solar_days
from fraud.stays.keeping import moment
from fraud.stays.kept import kept_past
from tasks_app import selectors as tasks

SHIPPED = "shipped:"


def scorer(path: str) -> Callable[[Asked], Scored]:
    """A scorer of the model file `path`. Raises FileNotFoundError and UntrustedModel when it is asked, not here."""

    def score(asked: Asked) -> Scored:
        return _score(model_of(path), asked)

    return score


@cache
def model_of(path: str) -> Trained:
    """`shipped:<feature set>` or a file in the folder of models."""
    if path.startswith(SHIPPED):
        return shipped(path.removeprefix(SHIPPED))
    return load(models_folder() / path)


def models_folder() -> Path:
    return Path(getattr(settings, "FRAUD_MODELS", settings.BASE_DIR / ".local" / "models"))


def _score(model: Trained, asked: Asked) -> Scored:
    context = context_of(asked.deal, as_of=asked.as_of, other_job=bool(asked.other_jobs))
    deal = deal_row(asked.deal, context)
    past = kept_past(asked.deal.executor_id)
    answer = score_cancellation(
        deal=deal,
        pings=_pings(asked, past.marks),
        stays=past.stays,
        days=_days(past.edges, deal.lon),
        moment=asked.moment,
        model=model,
    )
    return Scored(
        model_version=answer.model_version,
        probability=answer.probability,
        verifiable=answer.verifiable,
        flagged=answer.flagged,
        reasons=[(reason.code, reason.weight) for reason in answer.reasons],
        facts=_facts(answer.facts, asked),
        measures=answer.measures,
    )


def _facts(told: Sequence[Told], asked: Asked) -> list[Fact]:
    """With the other deal's place and time, and the days that the person deleted, which no measure knows."""
    facts = [
        Fact(fact.kind, fact.side, _other_deal(asked) if fact.kind == "other_deal" else fact.params) for fact in told
    ]
    return [*facts, *(fact for fact in asked.findings.facts if fact.kind == "deleted")]


def _other_deal(asked: Asked) -> dict[str, float]:
    job = min(asked.other_jobs, key=lambda one: one.metres, default=None)
    return (
        {} if job is None else {"metres": round(job.metres), "start": job.start.timestamp(), "end": job.end.timestamp()}
    )


def _pings(asked: Asked, marks: Marks) -> list[PingRow]:
    start, end = (datetime.fromisoformat(asked.findings.measures[name]) for name in ("looked_from", "looked_to"))
    again = set(replayed(marks, slot_start(start).timestamp(), end.timestamp()).tolist())
    return [
        PingRow(moment(row.at), row.lat, row.lon, row.accuracy_m, row.network, row.at in again, row.skew_s)
        for row in asked.positions
    ]


def _days(edges: Edges, lon: float) -> list[DayRow]:
    return [
        DayRow(moment(edges.at[a]), float(edges.lat[a]), float(edges.lon[a]), float(edges.lat[b]), float(edges.lon[b]))
        for a, b in zip(*solar_days(edges, lon), strict=True)
    ]


def deal_row(deal: tasks.CancelledAssignment, context: dict[str, float]) -> DealRow:
    return DealRow(
        lat=deal.lat or 0.0,
        lon=deal.lon or 0.0,
        window_start=deal.window_start,
        window_end=deal.window_end,
        chosen_at=deal.chosen_at,
        cancelled_at=deal.cancelled_at,
        expected_minutes=float(deal.expected_minutes),
        context=context,
    )
