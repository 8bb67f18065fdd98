"""The time in which the work was agreed, and the moments that follow from it."""

from datetime import datetime, timedelta

from tasks_app.models import Task

FLEXIBLE = timedelta(hours=48)
LAST_EVIDENCE = timedelta(hours=2, minutes=5)  # the last evidence is taken two hours after the window


def agreed_window(task: Task, chosen_at: datetime) -> tuple[datetime, datetime]:
    """Frozen on the assignment: a moment lasts as long as the category usually does; "any time" is two days."""
    usual = timedelta(minutes=task.category.default_minutes)
    if task.timing == Task.Timing.FLEXIBLE or task.starts_at is None:
        return chosen_at, chosen_at + FLEXIBLE
    if task.timing == Task.Timing.WINDOW and task.ends_at is not None:
        return task.starts_at, task.ends_at
    return task.starts_at, task.starts_at + usual


def refund_moment(*, cancelled_at: datetime, window_end: datetime) -> datetime:
    """When the fee of a cancelled assignment goes back: after the last evidence, however early the deal was cancelled."""
    return max(cancelled_at, window_end) + LAST_EVIDENCE
