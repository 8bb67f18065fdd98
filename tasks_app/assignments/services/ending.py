"""A task ends without a deal: cancelled before the choice, expired, removed, or its customer was blocked."""

from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.kit import audit, live
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound, StaleState
from marketplace.kit.policy import require
from marketplace.notifications.services import notify
from tasks_app.assignments import policies, reasons
from tasks_app.assignments.services.judging import cancel_by_moderator
from tasks_app.history import step_response, step_task
from tasks_app.locks import lock_task
from tasks_app.models import Assignment, Response, Task
from tasks_app.responses.fees import give_back

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@transaction.atomic
def cancel_task(*, task_id: int, by: "User", reason: str, note: str = "") -> Task:
    """The customer cancels before the choice; every fee goes back."""
    task = lock_task(task_id)
    if task.customer_id != by.pk:
        raise NotFound
    require(policies.may_cancel_task(task, by))
    note = reasons.checked_note(note)
    reasons.checked_reason(reason, reasons.TASK_REASONS, note)
    step_task(task, Task.Status.CANCELLED, actor=by, reason=reason, note=note, closed_at=now())
    _close_responses(task, by=by, rule="cancelled_before_choice", kind="task_cancelled")
    return task


@transaction.atomic
def expire_task(task_id: int) -> Task:
    """For the sweep: nobody was chosen by the deadline; every fee goes back. Raises StaleState when not due."""
    task = lock_task(task_id)
    if task.status != Task.Status.OPEN or task.respond_by > now():
        raise StaleState
    step_task(task, Task.Status.EXPIRED, actor=None, reason="deadline", closed_at=now())
    _close_responses(task, by=None, rule="task_expired", kind="task_closed", customer_kind="task_expired")
    return task


@transaction.atomic
def close_task_of_blocked(task_id: int) -> Task:
    """For the sweep: the customer was blocked; every fee of the open task goes back."""
    task = lock_task(task_id)
    if task.status != Task.Status.OPEN:  # somebody was chosen while the sweep waited for the lock
        raise StaleState
    step_task(task, Task.Status.CANCELLED, actor=None, reason="customer_blocked", closed_at=now())
    _close_responses(task, by=None, rule="customer_blocked", kind="task_closed")
    return task


@transaction.atomic
def remove_task(*, task_id: int, by: "User", reason: str, note: str = "") -> Task:
    """A moderator takes a task down; a standing deal ends with nobody at fault; every fee goes back."""
    task = lock_task(task_id)
    require(policies.may_remove_task(task, by))
    note = reasons.checked_note(note)
    reasons.checked_reason(reason, reasons.REMOVAL_REASONS, note)
    assignment = Assignment.objects.filter(task=task).exclude(status=Assignment.Status.CANCELLED).first()
    if assignment is not None:
        assignment.task = task
        cancel_by_moderator(assignment, by=by, reason=reason, note=note)
    step_task(task, Task.Status.REMOVED, actor=by, reason=reason, note=note, closed_at=now())
    rule = "task_duplicate" if reason == "duplicate" else "task_removed"
    _close_responses(task, by=by, rule=rule, kind="task_closed", customer_kind="task_removed")
    audit.record(actor=by, action="task.removed", subject=f"task:{task.pk}", details={"reason": reason, "note": note})
    return task


def _close_responses(task: Task, *, by: "User | None", rule: str, kind: str, customer_kind: str = "") -> None:
    """Every paid response gets its fee back, a withdrawn one too: nobody could win this task."""
    responses = list(Response.objects.filter(task=task))
    standing = [r for r in responses if r.status in (Response.Status.SENT, Response.Status.ACCEPTED)]
    for response in standing:
        step_response(response, Response.Status.CLOSED, actor=by, reason=rule)
    told = {response.executor_id: kind for response in standing}
    if customer_kind:
        told[task.customer_id] = customer_kind
    give_back(responses, rule)
    _tell(task, told)
    live.publish(topic=f"task:{task.pk}", kind=task.status, payload={})


def _tell(task: Task, told: dict[int, str]) -> None:
    last = task.events.last()
    reason = {"msgid": reasons.reason_source(last.reason)} if last else ""
    for user_id in sorted(told):
        notify(
            user_id=user_id,
            kind=told[user_id],
            params={"title": task.title, "reason": reason},
            path=f"/tasks/{task.pk}/" if user_id == task.customer_id else "/my/responses/",
            key=f"task-ended:{task.pk}:{user_id}",
        )
