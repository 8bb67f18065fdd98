"""What moderators decide of deals: disputes, and whose fault a cancellation was."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from marketplace.kit.policy import require
from payments import services as payments
from tasks_app import hooks
from tasks_app.assignments import policies, reasons
from tasks_app.assignments.services.cancelling import end_deal, keep_fee, lock_cancellation
from tasks_app.assignments.services.doing import close_accepted, participant_lock, tell
from tasks_app.assignments.windows import refund_moment
from tasks_app.history import step_response, step_task
from tasks_app.models import Assignment, Cancellation, Response, Task

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Fault, Side = Cancellation.Fault, Cancellation.Side


@transaction.atomic
def resolve_dispute(*, assignment_id: int, by: "User", accept: bool, at_fault: str, note: str) -> Assignment:
    """A moderator ends a dispute: the work counts as accepted, or the deal is cancelled with a fault decided."""
    assignment = participant_lock(assignment_id, by)
    require(policies.may_resolve(assignment, by))
    note = _reason_of_decision(note)
    for user_id in sorted({assignment.customer_id, assignment.executor_id}):
        tell(assignment, to=user_id, kind="dispute_settled", publish=False, reason=note)
    if accept:
        close_accepted(assignment, by=by, reason="moderator")
    else:
        cancel_disputed(assignment, by=by, at_fault=at_fault, note=note)
    audit.record(
        actor=by,
        action="dispute.resolved",
        subject=f"deal:{assignment.pk}",
        details={"accept": accept, "at_fault": at_fault, "note": note},
    )
    return assignment


@transaction.atomic
def decide_fault(*, cancellation_id: int, by: "User", at_fault: str, note: str) -> Cancellation:
    """A moderator who takes no part decides whose fault a cancellation was, once, with a reason that both sides read.

    The executor's fault keeps a fee that has not gone back; any other decision gives it back after the last evidence, unless
    a hold stands then. Raises PolicyDenied, InvalidInput, NotFound.
    """
    cancellation = lock_cancellation(cancellation_id, by)
    require(policies.may_decide_fault(cancellation, by))
    note = _reason_of_decision(note)
    _check_fault(at_fault)
    before, deal = cancellation.fault, cancellation.assignment
    cancellation.fault, cancellation.fault_decided_by, cancellation.fault_note = at_fault, by, note
    cancellation.save(update_fields=["fault", "fault_decided_by", "fault_note"])
    if at_fault == Fault.EXECUTOR:
        keep_fee(cancellation, by=by)
    else:
        _give_back(deal, cancelled_at=cancellation.at)
    for user_id in sorted({deal.customer_id, deal.executor_id}):
        tell(deal, to=user_id, kind="fault_decided", publish=False, reason=note)
    audit.record(
        actor=by,
        action="cancellation.decided",
        subject=f"cancellation:{cancellation.pk}",
        details={"before": before, "fault": at_fault, "note": note},
    )
    return cancellation


def cancel_by_moderator(
    assignment: Assignment, *, by: "User", reason: str, note: str, fault: str = Fault.NOBODY
) -> Cancellation:
    """Under the task's lock: end the deal; the caller steps the task and its responses."""
    decided = {"fault": fault, "fault_decided_by": by}
    cancellation = end_deal(assignment, by=by, side=Side.MODERATOR, reason=reason, note=note, **decided)
    hooks.assignment_cancelled.call(cancellation_id=cancellation.pk)
    return cancellation


def cancel_disputed(assignment: Assignment, *, by: "User", at_fault: str, note: str) -> None:
    """Under the task's lock: the deal, its task and its response end with a fault decided; the fee follows the fault."""
    _check_fault(at_fault)
    cancellation = cancel_by_moderator(assignment, by=by, reason="dispute", note=note, fault=at_fault)
    step_response(assignment.response, Response.Status.CLOSED, actor=by, reason="deal_cancelled")
    step_task(assignment.task, Task.Status.CANCELLED, actor=by, reason="dispute", note=note, closed_at=now())
    if at_fault == Fault.EXECUTOR:
        keep_fee(cancellation, by=by)
    else:
        _give_back(assignment, cancelled_at=cancellation.at)


def _give_back(assignment: Assignment, *, cancelled_at: datetime) -> None:
    payments.schedule_refund(
        response_id=assignment.response_id,
        rule="moderator_decision",
        not_before=refund_moment(cancelled_at=cancelled_at, window_end=assignment.window_end),
    )


def _reason_of_decision(note: str) -> str:
    note = reasons.checked_note(note)
    if not note:
        raise InvalidInput(field="note", reason=_("Write the reason of the decision: both sides will read it."))
    return note


def _check_fault(at_fault: str) -> None:
    if at_fault not in Fault.values:
        raise InvalidInput(field="at_fault", reason=_("Say whose fault it was."))
