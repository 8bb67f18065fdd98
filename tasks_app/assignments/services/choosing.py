"""The customer chooses one response."""

from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.kit import live
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from marketplace.notifications.services import notify
from payments.selectors import PaymentNeeded
from tasks_app.assignments.windows import agreed_window
from tasks_app.history import step_response, step_task
from tasks_app.locks import lock_response
from tasks_app.models import Assignment, AssignmentEvent, Response, Task
from tasks_app.responses import fees, policies
from tasks_app.responses.services import mark_seen

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@transaction.atomic
def choose_response(*, response_id: int, by: "User", paid: bool = False) -> Assignment:
    """Bind the customer and the executor; the others are not chosen, and those never opened get their fee back.
    `paid`: the money of a secure deal has arrived.

    Raises NotFound for a stranger, PolicyDenied when the task or the response no longer stands, PaymentNeeded for a task with
    a secure deal that is not paid.
    """
    response = lock_response(response_id)
    if response.task.customer_id != by.pk:
        raise NotFound
    if response.status == Response.Status.ACCEPTED:  # pressed twice
        return Assignment.objects.get(response=response)
    require(policies.may_choose(response))
    if response.task.secure_deal and not paid:
        raise PaymentNeeded
    fees.lock_unopened(response.task)
    mark_seen(response, by=by)
    step_response(response, Response.Status.ACCEPTED, actor=by, reason="chosen")
    step_task(response.task, Task.Status.ASSIGNED, actor=by, reason="response_chosen")
    assignment = _bind(response, by)
    _pass_over_others(assignment, by)
    live.publish(topic=f"task:{assignment.task_id}", kind="assigned", payload={})
    return assignment


def _bind(response: Response, by: "User") -> Assignment:
    start, end = agreed_window(response.task, now())
    assignment = Assignment.objects.create(
        task=response.task,
        response=response,
        customer=by,
        executor=response.executor,
        window_start=start,
        window_end=end,
        chosen_at=now(),
    )
    AssignmentEvent.objects.create(assignment=assignment, actor=by, entered=assignment.status, reason="chosen")
    return assignment


def _pass_over_others(assignment: Assignment, by: "User") -> None:
    """The rest are not chosen; whose response was never opened gets the fee back."""
    others = list(Response.objects.filter(task=assignment.task, status=Response.Status.SENT))
    unopened = [response for response in others if response.seen_at is None]
    for response in others:
        step_response(response, Response.Status.NOT_CHOSEN, actor=by, reason="other_chosen")
    executors = {assignment.executor_id, *(response.executor_id for response in others)}
    fees.give_back(unopened, "other_chosen_unopened")
    _tell(assignment, executors)


def _tell(assignment: Assignment, executors: set[int]) -> None:
    for executor_id in sorted(executors):
        chosen = executor_id == assignment.executor_id
        notify(
            user_id=executor_id,
            kind="chosen" if chosen else "not_chosen",
            params={"title": assignment.task.title},
            path=f"/deals/{assignment.pk}/" if chosen else "/my/responses/",
            key=f"choice:{assignment.pk}:{executor_id}",
        )
