"""Reads what the rule needs of one cancellation from tasks, tracking and the pair's past."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import isfinite

from fraud.evidence.rule import NEIGHBOUR_M, Fact, Findings, apply_rule
from fraud.evidence.situation import Deal, Fix, History, OtherJob, looked_at
from fraud.model.facts import clock_facts
from fraud.rules import rule
from tasks_app import selectors as tasks


@dataclass(frozen=True, slots=True)
class Gathered:
    """`positions`: from the beginning of the quarter minute in which the looked-at time begins; `fixes`: those within it."""

    findings: Findings
    fixes: list[Fix]
    positions: list[tasks.Position]
    other_jobs: tuple[OtherJob, ...]


def gather(cancelled: tasks.CancelledAssignment, *, as_of: datetime) -> Gathered | None:
    """Findings as they can be known at `as_of`; None for a remote task: it has no place to be at."""
    deal = deal_of(cancelled)
    if deal is None:
        return None
    start, end = looked_at(deal, as_of)
    positions = tasks.positions(executor_id=cancelled.executor_id, start=slot_start(start), end=end)
    within = [row for row in positions if datetime.fromtimestamp(row.at, UTC) >= start]
    fixes = [Fix(datetime.fromtimestamp(row.at, UTC), row.lon, row.lat, row.accuracy_m) for row in within]
    deleted = tasks.deleted_days(executor_id=cancelled.executor_id, start=start, end=end)
    history = replace(history_of(cancelled, deal, as_of), deleted_days=tuple(deleted))
    findings = apply_rule(deal, fixes, history, as_of=as_of, threshold=rule("threshold"))
    return Gathered(with_clock(findings, within), fixes, positions, history.other_jobs)


def slot_start(start: datetime) -> datetime:
    """The beginning of the quarter minute: of each only the first position counts for a model."""
    from fraud.features.inputs import THIN_S  # arrays are loaded by workers only, not by every page

    return datetime.fromtimestamp(start.timestamp() // THIN_S * THIN_S, UTC)


def deal_of(cancelled: tasks.CancelledAssignment) -> Deal | None:
    if cancelled.lon is None or cancelled.lat is None:
        return None
    return Deal(
        lon=cancelled.lon,
        lat=cancelled.lat,
        window_start=cancelled.window_start,
        window_end=cancelled.window_end,
        chosen_at=cancelled.chosen_at,
        cancelled_at=cancelled.cancelled_at,
        expected_minutes=cancelled.expected_minutes,
        by_side=cancelled.by_side,
    )


def history_of(cancelled: tasks.CancelledAssignment, deal: Deal, as_of: datetime) -> History:
    """The days before the window's day; never what came after, and other deals as they were known at `as_of`."""
    days = int(rule("history_days"))
    start, end = tasks.days_before(deal.window_start, days, cancelled.time_zone)
    past = tasks.PastOf(cancelled.executor_id, deal.lon, deal.lat, start, end, cancelled.time_zone)
    seen = tasks.other_days(past, near_m=rule("near_m"))
    jobs = tasks.other_jobs_near(
        executor_id=cancelled.executor_id,
        lon=deal.lon,
        lat=deal.lat,
        metres=NEIGHBOUR_M,
        start=deal.window_start,
        end=deal.window_end,
        but=cancelled.assignment_id,
        as_of=as_of,
    )
    return History(
        days_looked=days,
        days_seen=seen.seen,
        days_here=seen.here,
        home_m=tasks.home_distance_m(past),
        other_jobs=tuple(OtherJob(job.metres, job.start, job.end) for job in jobs),
        pair_cancellations=tasks.pair_cancellations(
            customer_id=cancelled.customer_id,
            executor_id=cancelled.executor_id,
            start=cancelled.cancelled_at - timedelta(days=rule("pair_days")),
            end=cancelled.cancelled_at,
        ),
    )


def with_clock(findings: Findings, positions: Sequence[tasks.Position]) -> Findings:
    """The findings with what the phone's clock says, as the model measures it; it changes no score of the rule."""
    from fraud.features import clock  # arrays are loaded by workers only, not by every page

    told = clock.of_one(positions)
    known = {name: round(value, 3) if isfinite(value) else None for name, value in told.items()}
    facts = [Fact(fact.kind, fact.side, fact.params) for fact in clock_facts(**told)]
    return replace(findings, facts=(*findings.facts, *facts), measures={**findings.measures, **known})
