"""A deal ends before acceptance: by one side, answered by the other."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, NotFound
from marketplace.kit.policy import require
from payments import services as payments
from tasks_app import hooks
from tasks_app.assignments import policies, reasons
from tasks_app.assignments.fees import FeeOutcome, cancellation_preview
from tasks_app.assignments.services.doing import participant_lock, tell
from tasks_app.history import step_assignment, step_response, step_task
from tasks_app.locks import lock_assignment
from tasks_app.models import Assignment, Cancellation, Response, Task

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Fault, Side = Cancellation.Fault, Cancellation.Side


@transaction.atomic
def cancel_assignment(*, assignment_id: int, by: "User", reason: str, note: str = "") -> Cancellation:
    """One side ends the deal and says why; the other is asked. The fee follows `cancellation_preview`.

    Raises PolicyDenied, InvalidInput, NotFound for a stranger.
    """
    assignment = participant_lock(assignment_id, by)
    require(policies.may_cancel(assignment, by))
    return cancel_for_side(assignment, by=by, reason=reason, note=note)


def cancel_for_side(assignment: Assignment, *, by: "User", reason: str, note: str = "") -> Cancellation:
    """Under the task's lock, when something has already made sure that this side may end it: the policy, or the other side's
    word."""
    side = str(policies.side_of(assignment, by))
    note = reasons.checked_note(note)
    given = reasons.checked_reason(reason, reasons.reasons_of(side, assignment.status), note)
    preview = cancellation_preview(assignment, side)
    said = {f"{side}_reason": given.code, f"{side}_fault": given.names, f"{side}_note": note}
    cancellation = end_deal(assignment, by=by, side=side, reason=given.code, note=note, **said)
    step_response(assignment.response, Response.Status.CLOSED, actor=by, reason="deal_cancelled")
    step_task(assignment.task, Task.Status.CANCELLED, actor=by, reason=given.code, note=note, closed_at=now())
    if preview.outcome_of(given.code) == FeeOutcome.RETURNS:
        payments.schedule_refund(
            response_id=assignment.response_id, rule="cancelled_after_assignment", not_before=preview.returns_at
        )
    other = assignment.executor_id if side == Side.CUSTOMER else assignment.customer_id
    tell(assignment, to=other, kind="deal_cancelled")
    hooks.assignment_cancelled.call(cancellation_id=cancellation.pk)
    return cancellation


@transaction.atomic
def answer_cancellation(
    *, cancellation_id: int, by: "User", reason: str, at_fault: str, note: str = ""
) -> Cancellation:
    """The other side says why and whose fault it was; fault stands only where both name the same, or a moderator decides
    (`decide_fault`).

    An agreed fault of the executor stops the scheduled refund; money that went back already stays where it is.
    """
    cancellation = lock_cancellation(cancellation_id, by)
    require(policies.may_answer(cancellation, by))
    if at_fault not in Fault.values:
        raise InvalidInput(field="at_fault", reason=_("Say whose fault it was."))
    side, note = str(policies.side_of(cancellation.assignment, by)), reasons.checked_note(note)
    given = reasons.checked_reason(reason, reasons.reasons_of(side, cancellation.stage), note)
    for name, value in (("reason", given.code), ("fault", at_fault), ("note", note)):
        setattr(cancellation, f"{side}_{name}", value)
    cancellation.fault = _agreed(cancellation)
    cancellation.save()
    if cancellation.fault == Fault.EXECUTOR:
        keep_fee(cancellation, by=by)
    return cancellation


def end_deal(
    assignment: Assignment, *, by: "User | None", side: str, reason: str, note: str, **said: object
) -> Cancellation:
    """Under the task's lock: the deal's own step and its cancellation; the caller sees to task, response and fee."""
    stage = assignment.status
    step_assignment(assignment, Assignment.Status.CANCELLED, actor=by, reason=reason, note=note, closed_at=now())
    return Cancellation.objects.create(assignment=assignment, by_side=side, stage=stage, at=now(), **said)


def lock_cancellation(cancellation_id: int, user: "User") -> Cancellation:
    """Under the lock of its task, for a side or a moderator. Raises NotFound."""
    assignment_id = Cancellation.objects.filter(pk=cancellation_id).values_list("assignment_id", flat=True).first()
    if assignment_id is None:
        raise NotFound
    assignment = lock_assignment(assignment_id)
    if policies.side_of(assignment, user) is None:
        raise NotFound
    cancellation = Cancellation.objects.get(pk=cancellation_id)
    cancellation.assignment = assignment
    return cancellation


def _agreed(cancellation: Cancellation) -> str:
    named = {cancellation.customer_fault, cancellation.executor_fault}
    return named.pop() if len(named) == 1 else str(Fault.UNKNOWN)


def keep_fee(cancellation: Cancellation, *, by: "User") -> None:
    """The fault is the executor's: what was scheduled to go back stays."""
    payments.keep_fee(
        response_id=cancellation.assignment.response_id, reference=f"cancellation:{cancellation.pk}", by=by
    )
