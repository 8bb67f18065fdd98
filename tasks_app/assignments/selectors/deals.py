"""Reads of deals: who sees which, contacts, the exact place, and lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.gis.geos import Point
from django.db.models import Q, QuerySet

from marketplace.accounts import policies as people
from marketplace.accounts.selectors import ContactCard, contact_card
from marketplace.kit.errors import NotFound
from marketplace.kit.pagination import Page, key_page
from tasks_app.models import Assignment, Task

if TYPE_CHECKING:
    from marketplace.accounts.models import User

ACTIVE = ("assigned", "in_progress", "done", "disputed")


@dataclass(frozen=True, slots=True)
class Stop:
    """A further address of a route; `point` is (lon, lat) in WGS 84."""

    address: str
    note: str
    point: "tuple[float, float]"


@dataclass(frozen=True, slots=True)
class ExactPlace:
    """Where to come; `point` is (lon, lat) in WGS 84. `further`: the stops after it, in their order."""

    address: str
    flat: str
    point: "tuple[float, float] | None"
    further: tuple[Stop, ...]


def assignments_visible_to(user: "User") -> "QuerySet[Assignment]":
    """Own deals, on either side. Staff look at deals of others at the desk only (`deal_for_desk`)."""
    return _deals().filter(Q(customer=user) | Q(executor=user))


def assignment_visible_to(user: "User", assignment_id: int) -> Assignment:
    """Raises NotFound: a deal of others does not exist."""
    found = assignments_visible_to(user).filter(pk=assignment_id).first()
    if found is None:
        raise NotFound
    return found


def my_deals_page(user: "User", *, tab: str, after: str | None = None, size: int = 20) -> Page[Assignment]:
    """Own deals on either side, the latest choice first. `tab`: active (something may still be done) or ended."""
    ended = Q(status__in=(Assignment.Status.ACCEPTED, Assignment.Status.CANCELLED))
    rows = assignments_visible_to(user).filter(ended if tab == "ended" else ~ended)
    return key_page(rows, order=["chosen_at", "id"], after=after, size=size)


def deals_by_task(task_ids: Iterable[int]) -> dict[int, int]:
    """Numbers of the deals of tasks: the one that was not cancelled, or else the last cancelled one."""
    rows = Assignment.objects.filter(task_id__in=list(task_ids)).order_by("chosen_at", "id")
    found = list(rows.values_list("task_id", "pk", "status"))
    standing = {task_id: pk for task_id, pk, status in found if status != Assignment.Status.CANCELLED}
    return {task_id: pk for task_id, pk, _status in found} | standing


def deal_of_hook(assignment_id: int) -> Assignment:
    """The deal that a hook names, for the packages above; nobody's rights are asked."""
    return Assignment.objects.select_related("task").get(pk=assignment_id)


def deal_for_desk(user: "User", assignment_id: int) -> Assignment:
    """Any deal, for a moderator. Raises NotFound."""
    found = _deals().filter(pk=assignment_id).first()
    if found is None or not people.is_moderator(user):
        raise NotFound
    return found


def contacts_for(assignment: Assignment, viewer: "User") -> ContactCard | None:
    """The other side's name, phone and e-mail, while the deal was not cancelled; None for anybody else."""
    if assignment.status == Assignment.Status.CANCELLED:
        return None
    other = {assignment.customer_id: assignment.executor_id, assignment.executor_id: assignment.customer_id}
    return contact_card(other[viewer.pk]) if viewer.pk in other else None


def exact_place(assignment: Assignment, viewer: "User") -> ExactPlace | None:
    """The address, for the two sides of a deal that was not cancelled. None for a remote task and for others."""
    task = assignment.task
    is_side = viewer.pk in (assignment.customer_id, assignment.executor_id)
    if not is_side or assignment.status == Assignment.Status.CANCELLED or task.is_remote:
        return None
    point = task.point if isinstance(task.point, Point) else None
    further = tuple(Stop(stop.address, stop.note, (stop.point.x, stop.point.y)) for stop in task.points.all())
    return ExactPlace(task.address, task.flat, (point.x, point.y) if point else None, further)


def find_task(task_id: int) -> Task:
    """The task with what its pages show; the page decides what of it this reader may see. Raises NotFound."""
    rows = Task.objects.select_related("category__group", "city", "district", "customer")
    found = rows.filter(pk=task_id).first()
    if found is None:
        raise NotFound
    return found


def standing_assignment(task_id: int) -> Assignment | None:
    """The deal of a task that was not cancelled, or else its cancelled one."""
    rows = Assignment.objects.select_related("executor", "customer", "response").filter(task_id=task_id)
    return rows.exclude(status=Assignment.Status.CANCELLED).first() or rows.order_by("-chosen_at").first()


def my_tasks_page(user: "User", *, tab: str, after: str | None = None, size: int = 20) -> Page[Task]:
    """The customer's own tasks, newest first. `tab`: open, active or ended."""
    rows = Task.objects.filter(customer=user).select_related("category", "city")
    if tab == "open":
        rows = rows.filter(status=Task.Status.OPEN)
    elif tab == "active":
        rows = rows.filter(status__in=ACTIVE)
    else:
        rows = rows.exclude(status__in=(Task.Status.OPEN, *ACTIVE))
    return key_page(rows, order=["created_at", "id"], after=after, size=size)


def assignments_by_response(response_ids: Iterable[int]) -> dict[int, Assignment]:
    """Deals of the given responses, for lists."""
    return {row.response_id: row for row in Assignment.objects.filter(response_id__in=list(response_ids))}


def _deals() -> "QuerySet[Assignment]":
    return Assignment.objects.select_related("task__city", "task__category", "response", "customer", "executor")
