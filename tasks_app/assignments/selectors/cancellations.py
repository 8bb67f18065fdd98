"""Facts of cancelled deals for the fraud package. History is always of the past only: pass the moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from marketplace.kit.errors import NotFound
from tasks_app.models import Assignment, Cancellation


@dataclass(frozen=True, slots=True)
class CancellationFacts:
    """One cancellation with what surrounds it; `lon`, `lat` are None for a remote task."""

    cancellation_id: int
    assignment_id: int
    response_id: int
    task_id: int
    executor_id: int
    customer_id: int
    lon: float | None
    lat: float | None
    window_start: datetime
    window_end: datetime
    chosen_at: datetime
    cancelled_at: datetime
    expected_minutes: int
    price_minor: int
    currency: str
    cancelled_by: str
    stage: str
    reason: str
    fault: str
    title: str


def cancellation_facts(cancellation_id: int) -> CancellationFacts:
    """Raises NotFound."""
    row = _rows().filter(pk=cancellation_id).first()
    if row is None:
        raise NotFound
    return _facts(row)


def cancelled_assignments_of(*, executor_id: int, before: datetime) -> list[CancellationFacts]:
    """The executor's earlier cancelled deals, newest first."""
    rows = _rows().filter(assignment__executor_id=executor_id, at__lt=before).order_by("-at")
    return [_facts(row) for row in rows]


def assignments_of_pair(*, executor_id: int, customer_id: int, before: datetime) -> "QuerySet[Assignment]":
    """Earlier deals of these two, newest first."""
    rows = Assignment.objects.filter(executor_id=executor_id, customer_id=customer_id, chosen_at__lt=before)
    return rows.select_related("task").order_by("-chosen_at")


def assignments_of_executor(*, executor_id: int, start: datetime, end: datetime) -> "QuerySet[Assignment]":
    """Deals of the executor whose agreed window overlaps the span."""
    rows = Assignment.objects.filter(executor_id=executor_id, window_start__lt=end, window_end__gt=start)
    return rows.select_related("task").order_by("window_start")


def _rows() -> "QuerySet[Cancellation]":
    return Cancellation.objects.select_related("assignment__task__category", "assignment__response")


def _facts(row: Cancellation) -> CancellationFacts:
    deal, task = row.assignment, row.assignment.task
    return CancellationFacts(
        cancellation_id=row.pk,
        assignment_id=deal.pk,
        response_id=deal.response_id,
        task_id=task.pk,
        executor_id=deal.executor_id,
        customer_id=deal.customer_id,
        lon=task.point.x if task.point else None,
        lat=task.point.y if task.point else None,
        window_start=deal.window_start,
        window_end=deal.window_end,
        chosen_at=deal.chosen_at,
        cancelled_at=row.at,
        expected_minutes=task.category.default_minutes,
        price_minor=deal.response.price_minor,
        currency=deal.response.currency,
        cancelled_by=row.by_side,
        stage=row.stage,
        reason=row.executor_reason if row.by_side == Cancellation.Side.EXECUTOR else row.customer_reason,
        fault=row.fault,
        title=task.title,
    )
