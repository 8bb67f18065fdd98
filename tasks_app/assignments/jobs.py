"""Deadlines of tasks and deals, swept from rows."""

from celery import shared_task
from django.db.models import Q

from marketplace.kit.clock import now
from tasks_app.assignments import services
from tasks_app.models import Assignment, Task
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


SCHEDULE = {"tasks_app.expire_tasks": 60, "tasks_app.accept_due": 60, "tasks_app.close_tasks_of_blocked": 60}
