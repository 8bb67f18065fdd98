"""A deal ends before acceptance: by one side, answered by the other, or decided by a moderator."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, NotFound
from marketplace.kit.policy import require
from payments import services as payments
from tasks_app import hooks
from tasks_app.assignments import policies, reasons
from tasks_app.assignments.fees import FeeOutcome, cancellation_preview
from tasks_app.assignments.services.doing import close_accepted, participant_lock, tell
from tasks_app.assignments.windows import refund_moment
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
    side = str(policies.side_of(assignment, by))
    note = reasons.checked_note(note)
    given = reasons.checked_reason(reason, reasons.reasons_of(side), note)
    preview = cancellation_preview(assignment, side)
    said = {f"{side}_reason": given.code, f"{side}_fault": given.names, f"{side}_note": note}
    cancellation = _end(assignment, by=by, side=side, reason=given.code, note=note, **said)
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
    """The other side says why and whose fault it was; fault stands only where both name the same.

    A moderator decides instead: then `reason` is free text for the audit log. An agreed fault of the executor stops
    the scheduled refund; money that went back already stays where it is.
    """
    cancellation = _locked(cancellation_id, by)
    require(policies.may_answer(cancellation, by))
    if at_fault not in Fault.values:
        raise InvalidInput(field="at_fault", reason=_("Say whose fault it was."))
    side, note = str(policies.side_of(cancellation.assignment, by)), reasons.checked_note(note)
    if side == Side.MODERATOR:
        _decide(cancellation, by=by, at_fault=at_fault, reason=reason, note=note)
        return cancellation
    given = reasons.checked_reason(reason, reasons.reasons_of(side), note)
    for name, value in (("reason", given.code), ("fault", at_fault), ("note", note)):
        setattr(cancellation, f"{side}_{name}", value)
    if cancellation.fault_decided_by_id is None:
        cancellation.fault = _agreed(cancellation)
    cancellation.save()
    if cancellation.fault == Fault.EXECUTOR:
        _keep_fee(cancellation, by=by)
    return cancellation


@transaction.atomic
def resolve_dispute(*, assignment_id: int, by: "User", accept: bool, at_fault: str, note: str) -> Assignment:
    """A moderator ends a dispute: the work counts as accepted, or the deal is cancelled with a fault decided."""
    assignment = participant_lock(assignment_id, by)
    require(policies.may_resolve(assignment, by))
    note = reasons.checked_note(note)
    if not note:
        raise InvalidInput(field="note", reason=_("Write the reason of the decision: both sides will read it."))
    for user_id in sorted({assignment.customer_id, assignment.executor_id}):
        tell(assignment, to=user_id, kind="dispute_settled", publish=False, reason=note)
    if accept:
        close_accepted(assignment, by=by, reason="moderator")
    else:
        _cancel_disputed(assignment, by=by, at_fault=at_fault, note=note)
    audit.record(
        actor=by,
        action="dispute.resolved",
        subject=f"deal:{assignment.pk}",
        details={"accept": accept, "at_fault": at_fault, "note": note},
    )
    return assignment


def cancel_by_moderator(
    assignment: Assignment, *, by: "User", reason: str, note: str, fault: str = Fault.NOBODY
) -> Cancellation:
    """Under the task's lock: end the deal; the caller steps the task and its responses."""
    decided = {"fault": fault, "fault_decided_by": by}
    cancellation = _end(assignment, by=by, side=Side.MODERATOR, reason=reason, note=note, **decided)
    hooks.assignment_cancelled.call(cancellation_id=cancellation.pk)
    return cancellation


def _cancel_disputed(assignment: Assignment, *, by: "User", at_fault: str, note: str) -> None:
    if at_fault not in Fault.values:
        raise InvalidInput(field="at_fault", reason=_("Say whose fault it was."))
    cancellation = cancel_by_moderator(assignment, by=by, reason="dispute", note=note, fault=at_fault)
    step_response(assignment.response, Response.Status.CLOSED, actor=by, reason="deal_cancelled")
    step_task(assignment.task, Task.Status.CANCELLED, actor=by, reason="dispute", note=note, closed_at=now())
    if at_fault == Fault.EXECUTOR:
        _keep_fee(cancellation, by=by)
    else:
        payments.schedule_refund(
            response_id=assignment.response_id,
            rule="moderator_decision",
            not_before=refund_moment(cancelled_at=now(), window_end=assignment.window_end),
        )


def _end(assignment: Assignment, *, by: "User", side: str, reason: str, note: str, **said: object) -> Cancellation:
    stage = assignment.status
    step_assignment(assignment, Assignment.Status.CANCELLED, actor=by, reason=reason, note=note, closed_at=now())
    return Cancellation.objects.create(assignment=assignment, by_side=side, stage=stage, at=now(), **said)


def _locked(cancellation_id: int, user: "User") -> Cancellation:
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


def _decide(cancellation: Cancellation, *, by: "User", at_fault: str, reason: str, note: str) -> None:
    before = cancellation.fault
    cancellation.fault, cancellation.fault_decided_by = at_fault, by
    cancellation.save(update_fields=["fault", "fault_decided_by"])
    audit.record(
        actor=by,
        action="cancellation.decided",
        subject=f"cancellation:{cancellation.pk}",
        details={"before": before, "fault": at_fault, "reason": reason, "note": note},
    )
    if at_fault == Fault.EXECUTOR:
        _keep_fee(cancellation, by=by)
    else:
        payments.refund_response_fee(response_id=cancellation.assignment.response_id, rule="moderator_decision")


def _keep_fee(cancellation: Cancellation, *, by: "User") -> None:
    payments.keep_fee(
        response_id=cancellation.assignment.response_id, reference=f"cancellation:{cancellation.pk}", by=by
    )
