"""Reads of responses: who sees which, in what order and why."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from marketplace.kit.contacts import mask_contacts
from marketplace.kit.errors import NotFound
from marketplace.kit.pagination import Page, key_page
from tasks_app.assignments.selectors.records import executor_records
from tasks_app.models import Response, Task
from tasks_app.responses.ranking import RankedResponse, rank

if TYPE_CHECKING:
    from marketplace.accounts.models import User

STANDING = (Response.Status.SENT, Response.Status.ACCEPTED, Response.Status.NOT_CHOSEN, Response.Status.CLOSED)


def responses_visible_to(user: "User", task: Task) -> "QuerySet[Response]":
    """The customer sees all that were not withdrawn, an executor the own one, others none."""
    rows = Response.objects.filter(task=task).select_related("executor", "task")
    if task.customer_id == user.pk:
        return rows.exclude(status=Response.Status.WITHDRAWN)
    return rows.filter(executor=user)


def response_visible_to(user: "User", response_id: int) -> Response:
    """Raises NotFound: a response between others does not exist."""
    rows = Response.objects.select_related("executor", "task__city", "task__category", "task__customer")
    own = Q(executor=user) | (Q(task__customer=user) & ~Q(status=Response.Status.WITHDRAWN))
    found = rows.filter(own, pk=response_id).first()
    if found is None:
        raise NotFound
    return found


def ranked_responses(user: "User", task: Task) -> list[RankedResponse]:
    """What the user may see of the task's responses, best first, each with the facts that placed it."""
    responses = list(responses_visible_to(user, task))
    return rank(task, responses, executor_records(response.executor_id for response in responses))


def response_to(task_id: int, user: "User") -> Response | None:
    """The user's own response to a task, withdrawn or not."""
    return Response.objects.filter(task_id=task_id, executor=user).select_related("task").first()


def my_responses_page(user: "User", *, tab: str, after: str | None = None, size: int = 20) -> Page[Response]:
    """The executor's own responses, newest first. `tab`: waiting, chosen or ended."""
    rows = Response.objects.filter(executor=user).select_related("task__city", "task__category", "assignment")
    if tab == "waiting":
        rows = rows.filter(status=Response.Status.SENT)
    elif tab == "chosen":
        rows = rows.filter(status=Response.Status.ACCEPTED)
    else:
        rows = rows.exclude(status__in=(Response.Status.SENT, Response.Status.ACCEPTED))
    return key_page(rows, order=["created_at", "id"], after=after, size=size)


def readable_message(response: Response, reader: "User") -> str:
    """The message for its reader: contacts are masked for others until this response is chosen."""
    if response.executor_id == reader.pk or response.status == Response.Status.ACCEPTED:
        return response.message
    return mask_contacts(response.message).text


def unseen_counts(task_ids: Iterable[int]) -> dict[int, int]:
    """Standing responses that the customer has not opened, by task."""
    rows = Response.objects.filter(task_id__in=list(task_ids), status=Response.Status.SENT, seen_at=None)
    counts: dict[int, int] = {}
    for task_id in rows.values_list("task_id", flat=True):
        counts[task_id] = counts.get(task_id, 0) + 1
    return counts
