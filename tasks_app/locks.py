"""The one order of locks: the task first, wallets after it. A task's lock guards its responses and its assignment too."""

from typing import Final

from marketplace.kit.errors import NotFound
from marketplace.kit.rows import Prepared, rows
from tasks_app.models import Assignment, Response, Task


def lock_task(task_id: int) -> Task:
    """The task, locked until the end of the transaction. Raises NotFound."""
    task = Task.objects.select_for_update(of=("self",)).select_related("category", "city").filter(pk=task_id).first()
    if task is None:
        raise NotFound
    return task


# What a response needs of its task. Everything else is read when somebody asks for it.
_ANSWERED_COLUMNS: Final = (
    "id", "customer_id", "category_id", "city_id", "status", "title", "currency", "max_responses", "responses_count",
    "version", "respond_by",
)  # fmt: skip
_COLUMNS: Final = ", ".join(_ANSWERED_COLUMNS)
_LOCK: Final = Prepared(f"SELECT {_COLUMNS} FROM tasks_app_task WHERE id = %s FOR UPDATE")  # noqa: S608  constants


def lock_task_to_answer(task_id: int) -> Task:
    """The task with only the columns that a new response looks at, under the same lock: places, outlines and texts of a
    task cost more to read than everything else a response does. Raises NotFound."""
    found = rows(_LOCK, [task_id])
    if not found:
        raise NotFound
    return Task.from_db("default", _ANSWERED_COLUMNS, found[0])


def lock_task_if_free(task_id: int) -> bool:
    """For sweeps: False when somebody is busy with the task right now; the next sweep finds it again."""
    return bool(Task.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=task_id).values_list("pk"))


def lock_response(response_id: int) -> Response:
    """The response as it stands under the lock of its task (`response.task` is the locked row). Raises NotFound."""
    task_id = Response.objects.filter(pk=response_id).values_list("task_id", flat=True).first()
    if task_id is None:
        raise NotFound
    task = lock_task(task_id)
    response = Response.objects.select_related("executor").get(pk=response_id)
    response.task = task
    return response


def lock_assignment(assignment_id: int) -> Assignment:
    """The assignment as it stands under the lock of its task. Raises NotFound."""
    task_id = Assignment.objects.filter(pk=assignment_id).values_list("task_id", flat=True).first()
    if task_id is None:
        raise NotFound
    task = lock_task(task_id)
    assignment = Assignment.objects.select_related("executor", "customer", "response").get(pk=assignment_id)
    assignment.task = assignment.response.task = task
    return assignment
