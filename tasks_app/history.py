"""Steps of a task, a response and an assignment, each with its history row. The caller holds the task's lock."""

from typing import TYPE_CHECKING, Any

from marketplace.kit.states import step
from tasks_app.models import Assignment, AssignmentEvent, Response, ResponseEvent, Task, TaskEvent
from tasks_app.states import ASSIGNMENT_STEPS, RESPONSE_STEPS, TASK_STEPS

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def step_task(
    task: Task, to: str, *, actor: "User | None", reason: str = "", note: str = "", **changes: Any
) -> TaskEvent:
    """Raises StaleState when the task is in no state that leads to `to`."""
    left = step(task, to, TASK_STEPS, version=task.version + 1, **changes)
    return TaskEvent.objects.create(task=task, actor=actor, left=left, entered=to, reason=reason, note=note)


def step_response(
    response: Response, to: str, *, actor: "User | None", reason: str = "", **changes: Any
) -> ResponseEvent:
    """Raises StaleState when the response is in no state that leads to `to`."""
    left = step(response, to, RESPONSE_STEPS, **changes)
    return ResponseEvent.objects.create(response=response, actor=actor, left=left, entered=to, reason=reason)


def step_assignment(
    assignment: Assignment, to: str, *, actor: "User | None", reason: str = "", note: str = "", **changes: Any
) -> AssignmentEvent:
    """Raises StaleState when the assignment is in no state that leads to `to`."""
    left = step(assignment, to, ASSIGNMENT_STEPS, **changes)
    return AssignmentEvent.objects.create(
        assignment=assignment, actor=actor, left=left, entered=to, reason=reason, note=note
    )
