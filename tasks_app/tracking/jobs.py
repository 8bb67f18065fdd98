"""Days are made ahead and forgotten in time; shifts that nobody ended, end."""

from datetime import timedelta

from celery import shared_task

from marketplace.kit.clock import now
from tasks_app import hooks
from tasks_app.tracking.partitions import KEEP_DAYS, drop_partitions_before, make_partitions_ahead
from tasks_app.tracking.services import end_overdue_shifts, forget_deletions


@shared_task(name="tasks_app.tracking.make_days")
def make_days() -> None:
    make_partitions_ahead()


@shared_task(name="tasks_app.tracking.forget_days")
def forget_days() -> list[str]:
    """Drop the days older than 60. A case keeps its own copy of the positions it stands on."""
    forget_deletions()
    kept_from = now().date() - timedelta(days=KEEP_DAYS)
    dropped = drop_partitions_before(kept_from)
    hooks.tracks_forgotten.call(before=kept_from)
    return [day.isoformat() for day in dropped]


@shared_task(name="tasks_app.tracking.end_shifts")
def end_shifts() -> int:
    return end_overdue_shifts()


SCHEDULE = {
    "tasks_app.tracking.make_days": 6 * 3600,
    "tasks_app.tracking.forget_days": 6 * 3600,
    "tasks_app.tracking.end_shifts": 300,
}
