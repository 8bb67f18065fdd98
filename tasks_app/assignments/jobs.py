"""Deadlines of tasks and deals, swept from rows."""

from celery import shared_task
from django.db.models import Q

from marketplace.kit.clock import now
from tasks_app.assignments import services
from tasks_app.assignments.windows import question_time, reminder_times
from tasks_app.models import Assignment, Task
from tasks_app.states import UNFINISHED
from tasks_app.sweeping import sweep


@shared_task(name="tasks_app.expire_tasks")
def expire_tasks() -> int:
    """Open tasks whose time for responses is over."""
    due = Task.objects.filter(status=Task.Status.OPEN, respond_by__lte=now())
    return sweep(due, services.expire_task, task="pk")


@shared_task(name="tasks_app.accept_due")
def accept_due() -> int:
    """Work called done 72 hours ago, without a word from the customer."""
    due = Assignment.objects.filter(status=Assignment.Status.DONE, accept_by__lte=now())
    return sweep(due, lambda pk: services.accept_work(assignment_id=pk, by=None, automatic=True))


@shared_task(name="tasks_app.close_tasks_of_blocked")
def close_tasks_of_blocked() -> int:
    """Open tasks of customers whose account is blocked."""
    blocked = Q(customer__restrictions__kind="blocked", customer__restrictions__lifted_at=None)
    standing = Q(customer__restrictions__until=None) | Q(customer__restrictions__until__gt=now())
    due = Task.objects.filter(blocked & standing, status=Task.Status.OPEN).distinct()
    return sweep(due, services.close_task_of_blocked, task="pk")


@shared_task(name="tasks_app.remind_of_deals")
def remind_of_deals() -> int:
    """Deals whose agreed time is over and that nobody has called done: the next reminder, or the question."""
    moment = now()
    due = Q(window_end__lte=moment - question_time())
    for sent, wait in enumerate(reminder_times()):
        due |= Q(window_end__lte=moment - wait, reminders=sent)
    return sweep(Assignment.objects.filter(due, status__in=UNFINISHED, settles_at=None), services.remind_of_deal)


@shared_task(name="tasks_app.settle_deals")
def settle_deals() -> int:
    """Deals about which both were asked and neither answered."""
    due = Assignment.objects.filter(status__in=UNFINISHED, settles_at__lte=now())
    return sweep(due, services.settle_deal)


@shared_task(name="tasks_app.settle_disputes")
def settle_disputes() -> int:
    """Disputes that nobody decided in time."""
    due = Assignment.objects.filter(status=Assignment.Status.DISPUTED, dispute_due_at__lte=now())
    return sweep(due, services.settle_dispute)


SCHEDULE = {
    "tasks_app.expire_tasks": 60,
    "tasks_app.accept_due": 60,
    "tasks_app.close_tasks_of_blocked": 60,
    "tasks_app.remind_of_deals": 300,
    "tasks_app.settle_deals": 300,
    "tasks_app.settle_disputes": 300,
}
