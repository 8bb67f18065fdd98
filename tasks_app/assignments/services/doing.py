"""The work: on the way, started, done, accepted, disputed."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit import live
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, NotFound, StaleState
from marketplace.kit.policy import require
from marketplace.notifications.services import notify
from tasks_app import hooks
from tasks_app.assignments import policies, reasons
from tasks_app.history import step_assignment, step_task
from tasks_app.locks import lock_assignment
from tasks_app.models import Assignment, Task

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Status = Assignment.Status


@transaction.atomic
def set_on_the_way(*, assignment_id: int, by: "User") -> Assignment:
    """The executor has set off; the customer may watch them come. Pressing again changes nothing."""
    assignment = participant_lock(assignment_id, by)
    if _is_repeated(assignment, by, Status.ON_THE_WAY):
        return assignment
    require(policies.may_step(assignment, by, Status.ON_THE_WAY))
    step_assignment(assignment, Status.ON_THE_WAY, actor=by, on_the_way_at=now())
    tell(assignment, to=assignment.customer_id, kind="on_the_way")
    return assignment


@transaction.atomic
def start_work(*, assignment_id: int, by: "User") -> Assignment:
    """The executor has begun."""
    assignment = participant_lock(assignment_id, by)
    if _is_repeated(assignment, by, Status.STARTED):
        return assignment
    require(policies.may_step(assignment, by, Status.STARTED))
    step_assignment(assignment, Status.STARTED, actor=by, started_at=now())
    step_task(assignment.task, Task.Status.IN_PROGRESS, actor=by, reason="work_started")
    tell(assignment, to=assignment.customer_id, kind="work_started")
    return assignment


@transaction.atomic
def finish_work(*, assignment_id: int, by: "User") -> Assignment:
    """The executor says that the work is done; without a word from the customer it is accepted after 72 hours."""
    assignment = participant_lock(assignment_id, by)
    if _is_repeated(assignment, by, Status.DONE):
        return assignment
    require(policies.may_step(assignment, by, Status.DONE))
    accept_by = now() + timedelta(hours=settings.RULES["auto_accept_hours"])
    step_assignment(assignment, Status.DONE, actor=by, done_at=now(), accept_by=accept_by)
    step_task(assignment.task, Task.Status.DONE, actor=by, reason="work_done")
    tell(assignment, to=assignment.customer_id, kind="work_done")
    return assignment


@transaction.atomic
def accept_work(*, assignment_id: int, by: "User | None", automatic: bool = False) -> Assignment:
    """The customer accepts, also after a dispute that was settled in talk; `automatic`: the 72 hours are over.

    Raises PolicyDenied, or StaleState when the automatic acceptance is not due.
    """
    assignment = lock_assignment(assignment_id) if by is None else participant_lock(assignment_id, by)
    if automatic:
        if assignment.status != Status.DONE or assignment.accept_by is None or assignment.accept_by > now():
            raise StaleState
    elif by is not None:
        if assignment.status == Status.ACCEPTED and assignment.customer_id == by.pk:
            return assignment
        require(policies.may_accept(assignment, by))
    else:
        raise NotFound
    close_accepted(assignment, by=by, reason="time_passed" if automatic else "accepted", automatic=automatic)
    return assignment


@transaction.atomic
def dispute_work(*, assignment_id: int, by: "User", reason: str) -> Assignment:
    """The customer says what is wrong; nothing is accepted by itself until the two settle it or a moderator does."""
    assignment = participant_lock(assignment_id, by)
    require(policies.may_dispute(assignment, by))
    reason = reasons.checked_note(reason)
    if not reason:
        raise InvalidInput(field="reason", reason=_("Write what is wrong with the work."))
    due_at = now() + timedelta(days=settings.RULES["dispute_days"])
    step_assignment(assignment, Status.DISPUTED, actor=by, note=reason, dispute_reason=reason, dispute_due_at=due_at)
    step_task(assignment.task, Task.Status.DISPUTED, actor=by, reason="disputed")
    tell(assignment, to=assignment.executor_id, kind="work_disputed", reason=reason)
    return assignment


def close_accepted(assignment: Assignment, *, by: "User | None", reason: str, automatic: bool = False) -> None:
    """Under the task's lock: the deal ends well, reviews open."""
    step_assignment(
        assignment, Status.ACCEPTED, actor=by, reason=reason, closed_at=now(), accepted_automatically=automatic
    )
    step_task(assignment.task, Task.Status.CLOSED, actor=by, reason=reason, closed_at=now())
    kind = "work_accepted" if reason == "accepted" else "work_closed"
    tell(assignment, to=assignment.executor_id, kind=kind, publish=False)
    hooks.assignment_closed.call(assignment_id=assignment.pk)
    live.publish(topic=f"deal:{assignment.pk}", kind=Status.ACCEPTED, payload={})


def participant_lock(assignment_id: int, user: "User") -> Assignment:
    """Lock for a side or a moderator; for anybody else the deal does not exist."""
    assignment = lock_assignment(assignment_id)
    if policies.side_of(assignment, user) is None:
        raise NotFound
    return assignment


def tell(assignment: Assignment, *, to: int, kind: str, publish: bool = True, turn: str = "", **params: object) -> None:
    """One notification and, with `publish`, one live event of the deal. `turn`: which of several of the same kind."""
    notify(
        user_id=to,
        kind=kind,
        params={"title": assignment.task.title, "executor": assignment.executor.public_name, **params},
        path=f"/deals/{assignment.pk}/",
        key=f"deal:{assignment.pk}:{kind}{turn}:{to}",
    )
    if publish:
        live.publish(topic=f"deal:{assignment.pk}", kind=assignment.status, payload={})


def _is_repeated(assignment: Assignment, by: "User", status: str) -> bool:
    return assignment.status == status and assignment.executor_id == by.pk
