"""The time in which the work was agreed, and the moments that follow from it."""

from datetime import datetime, timedelta

from django.conf import settings

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


def reminder_times() -> list[timedelta]:
    """How long after the agreed time the two are reminded of a deal that nobody has ended."""
    names = ("deal_first_reminder_hours", "deal_second_reminder_hours")
    return [timedelta(hours=settings.RULES[name]) for name in names]


def question_time() -> timedelta:
    """How long after it they are asked whether it took place."""
    return timedelta(hours=settings.RULES["deal_question_hours"])


def overdue_steps(window_end: datetime, at: datetime) -> tuple[int, bool]:
    """How many reminders are due at a moment, and whether the question is."""
    late = at - window_end
    return sum(late >= wait for wait in reminder_times()), late >= question_time()


def refund_moment(*, cancelled_at: datetime, window_end: datetime) -> datetime:
    """When the fee of a cancelled assignment goes back: after the last evidence, however early the deal was cancelled."""
    return max(cancelled_at, window_end) + LAST_EVIDENCE
