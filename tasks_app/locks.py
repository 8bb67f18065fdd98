"""The one order of locks: the task first, wallets after it. A task's lock guards its responses and its assignment too."""

from marketplace.kit.errors import NotFound
from tasks_app.models import Assignment, Response, Task


def lock_task(task_id: int) -> Task:
    """The task, locked until the end of the transaction. Raises NotFound."""
    task = Task.objects.select_for_update(of=("self",)).select_related("category", "city").filter(pk=task_id).first()
    if task is None:
        raise NotFound
    return task


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
