"""Deals and disputes that nobody ends: reminders, a question to both, and an end by itself.

The reasons for the times are in docs/decisions/0042-deals-that-nobody-ends.md.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from marketplace.kit import live
from marketplace.kit.clock import now
from marketplace.kit.errors import StaleState
from marketplace.kit.policy import require
from payments import services as payments
from tasks_app import hooks
from tasks_app.assignments import policies
from tasks_app.assignments.services.cancelling import end_deal
from tasks_app.assignments.services.doing import close_accepted, participant_lock, tell
from tasks_app.assignments.windows import overdue_steps, refund_moment
from tasks_app.history import step_assignment, step_response, step_task
from tasks_app.locks import lock_assignment
from tasks_app.models import Assignment, Cancellation, Response, Task
from tasks_app.states import UNFINISHED

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Status = Assignment.Status


@transaction.atomic
def remind_of_deal(assignment_id: int) -> Assignment:
    """For the sweep: the agreed time is over and nobody has said how it went. Both are reminded, and at last asked
    whether it took place. After a long silence of the jobs only the latest step is taken. Raises StaleState."""
    deal = lock_assignment(assignment_id)
    if deal.status not in UNFINISHED or deal.settles_at is not None:
        raise StaleState
    reminders, question = overdue_steps(deal.window_end, now())
    if question:
        _ask(deal)
    elif reminders > deal.reminders:
        deal.reminders = reminders
        deal.save(update_fields=["reminders"])
        _tell_both(deal, "deal_overdue", turn=str(reminders))
    else:
        raise StaleState
    return deal


@transaction.atomic
def settle_deal(assignment_id: int) -> Assignment:
    """For the sweep: both were asked and neither answered. Work that was started counts as done, and the usual time to
    accept begins; a deal that never began ends with nobody at fault. Raises StaleState when not due."""
    deal = lock_assignment(assignment_id)
    if deal.status not in UNFINISHED or deal.settles_at is None or deal.settles_at > now():
        raise StaleState
    if deal.status == Status.STARTED:
        _count_as_done(deal)
    else:
        close_without_fault(deal, reason="lapsed", rule="deal_lapsed", kind="deal_lapsed")
    return deal


@transaction.atomic
def settle_dispute(assignment_id: int) -> Assignment:
    """For the sweep: no moderator decided in time. Nobody is at fault, the fee goes back, both may review. Raises StaleState."""
    deal = lock_assignment(assignment_id)
    if deal.status != Status.DISPUTED or deal.dispute_due_at is None or deal.dispute_due_at > now():
        raise StaleState
    close_without_fault(deal, reason="dispute_undecided", rule="dispute_undecided", kind="dispute_undecided")
    hooks.dispute_lapsed.call(assignment_id=deal.pk)
    return deal


@transaction.atomic
def confirm_took_place(*, assignment_id: int, by: "User") -> Assignment:
    """ "It took place", once the agreed time is over, whatever was pressed before. The executor's word makes the work done, to
    be accepted; the customer's accepts it. Again changes nothing. Raises PolicyDenied, NotFound for a stranger."""
    deal = participant_lock(assignment_id, by)
    is_executor = deal.executor_id == by.pk
    if deal.status == (Status.DONE if is_executor else Status.ACCEPTED):
        return deal
    require(policies.may_confirm(deal, by))
    _step_to_done(deal, by=by, reason="took_place", accept_by=_acceptance() if is_executor else None)
    if is_executor:
        tell(deal, to=deal.customer_id, kind="work_done")
    else:
        close_accepted(deal, by=by, reason="took_place")
    return deal


def _ask(deal: Assignment) -> None:
    deal.settles_at = now() + timedelta(days=settings.RULES["deal_answer_days"])
    deal.save(update_fields=["settles_at"])
    until = {"at": deal.settles_at.isoformat(), "zone": deal.task.city.time_zone}
    _tell_both(deal, "deal_question", until=until)


def _count_as_done(deal: Assignment) -> None:
    _step_to_done(deal, by=None, reason="counted_as_done", accept_by=_acceptance())
    _tell_both(deal, "deal_counted_done")


def _step_to_done(deal: Assignment, *, by: "User | None", reason: str, accept_by: datetime | None) -> None:
    if deal.status != Status.STARTED:  # when it began, nobody said: started_at stays empty
        step_assignment(deal, Status.STARTED, actor=by, reason=reason)
        step_task(deal.task, Task.Status.IN_PROGRESS, actor=by, reason=reason)
    step_assignment(deal, Status.DONE, actor=by, reason=reason, done_at=now(), accept_by=accept_by)
    step_task(deal.task, Task.Status.DONE, actor=by, reason=reason)


def close_without_fault(deal: Assignment, *, reason: str, rule: str, kind: str) -> Cancellation:
    """Under the task's lock: the deal ends by itself; both are told by a notification of `kind`."""
    cancellation = end_deal(
        deal, by=None, side=Cancellation.Side.NOBODY, reason=reason, note="", fault=Cancellation.Fault.NOBODY
    )
    step_response(deal.response, Response.Status.CLOSED, actor=None, reason="deal_cancelled")
    step_task(deal.task, Task.Status.CANCELLED, actor=None, reason=reason, closed_at=now())
    back_at = refund_moment(cancelled_at=cancellation.at, window_end=deal.window_end)
    payments.schedule_refund(response_id=deal.response_id, rule=rule, not_before=back_at)
    _tell_both(deal, kind)
    hooks.assignment_cancelled.call(cancellation_id=cancellation.pk)
    return cancellation


def _acceptance() -> datetime:
    return now() + timedelta(hours=settings.RULES["auto_accept_hours"])


def _tell_both(deal: Assignment, kind: str, *, turn: str = "", **params: object) -> None:
    for user_id in sorted({deal.customer_id, deal.executor_id}):
        tell(deal, to=user_id, kind=kind, publish=False, turn=turn, **params)
    live.publish(topic=f"deal:{deal.pk}", kind=deal.status, payload={})
