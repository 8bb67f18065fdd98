"""The rows of a new response, in two plain statements: what stands already, and what is written."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.rows import Prepared, rows
from tasks_app.models import Response, Task
from tasks_app.responses import fees

if TYPE_CHECKING:
    from marketplace.accounts.models import User

_STANDING: Final = Prepared("""
SELECT id, task_id, operation FROM tasks_app_response WHERE executor_id = %s AND (task_id = %s OR operation = %s)
""")
# The response, its first history row, and the task's count and card version: one statement under the task's lock.
_SEND: Final = Prepared("""
WITH sent AS (
    INSERT INTO tasks_app_response (task_id, executor_id, status, operation, message, price_minor, currency, available_at,
        created_at, unopened_due_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    RETURNING id, task_id, executor_id, status, created_at
), noted AS (
    INSERT INTO tasks_app_responseevent (response_id, at, actor_id, "left", entered, reason, before)
    SELECT id, created_at, executor_id, '', status, 'sent', '{}' FROM sent
), counted AS (
    UPDATE tasks_app_task SET responses_count = responses_count + 1, version = version + 1 FROM sent
    WHERE tasks_app_task.id = sent.task_id
)
SELECT id FROM sent
""")


def earlier_responses(*, user_id: int, task_id: int, operation: str) -> list[tuple[int, int, str]]:
    """The person's responses to this task or by this operation: id, task id, operation."""
    return [(pk, task, key) for pk, task, key in rows(_STANDING, [user_id, task_id, operation])]


def write_response(
    *, task: Task, by: "User", message: str, price: Money, available_at: datetime | None, operation: str
) -> Response:
    """Written, noted in the history and counted on the task. Call under the task's lock, with checked values."""
    at = now()
    response = Response(
        task=task, executor=by, operation=operation, message=message, price_minor=price.minor, currency=price.currency,
        available_at=available_at, created_at=at, unopened_due_at=at + fees.unopened_after(),
    )  # fmt: skip
    values = [
        task.pk, by.pk, response.status, operation, message, price.minor, price.currency, available_at, at,
        response.unopened_due_at,
    ]  # fmt: skip
    ((response.pk,),) = rows(_SEND, values)
    response._state.adding, response._state.db = False, "default"
    task.responses_count += 1
    task.version += 1
    return response
