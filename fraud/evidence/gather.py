"""Reads what one cancellation is judged by from tasks and tracking. No arrays here: pages use it too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fraud.evidence.situation import NEIGHBOUR_M, Deal, looked_at
from tasks_app import selectors as tasks


@dataclass(frozen=True, slots=True)
class Gathered:
    """Of the time looked at, [`start`, `end`]. `positions`: from the beginning of the quarter minute in which it begins;
    `other_jobs`: those that the executor had near by then; `deleted_days`: of that time, by the person."""

    deal: tasks.CancelledAssignment
    start: datetime
    end: datetime
    positions: Sequence[tasks.Position]
    other_jobs: Sequence[tasks.OtherJob]
    deleted_days: Sequence[date]


def gather(cancelled: tasks.CancelledAssignment, *, as_of: datetime) -> Gathered | None:
    """As it can be known at `as_of`; None for a remote task: it has no place to be at."""
    deal = deal_of(cancelled)
    if deal is None:
        return None
    start, end = looked_at(deal, as_of)
    return Gathered(
        deal=cancelled,
        start=start,
        end=end,
        positions=tasks.positions(executor_id=cancelled.executor_id, start=slot_start(start), end=end),
        other_jobs=other_jobs(cancelled, deal, as_of),
        deleted_days=tasks.deleted_days(executor_id=cancelled.executor_id, start=start, end=end),
    )


def slot_start(start: datetime) -> datetime:
    """The beginning of the quarter minute: of each only the first position counts."""
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
    )


def other_jobs(cancelled: tasks.CancelledAssignment, deal: Deal, as_of: datetime) -> list[tasks.OtherJob]:
    """Other deals of the executor near by that meet the agreed time, as they were known at `as_of`, the nearest first."""
    return tasks.other_jobs_near(
        executor_id=cancelled.executor_id,
        lon=deal.lon,
        lat=deal.lat,
        metres=NEIGHBOUR_M,
        start=deal.window_start,
        end=deal.window_end,
        but=cancelled.assignment_id,
        as_of=as_of,
    )
