"""Choosing by paying, and dividing held money. Each verb is one transaction: task, then deal."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit import audit
from marketplace.kit.errors import DomainError, InvalidInput, NotFound, StaleState
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments import services as payments
from tasks_app.assignments.services import dispute_work
from tasks_app.assignments.services.cancelling import cancel_for_side
from tasks_app.assignments.services.doing import close_accepted, participant_lock
from tasks_app.assignments.services.judging import cancel_disputed
from tasks_app.assignments.services.lapsing import close_without_fault
from tasks_app.locks import lock_assignment, lock_response
from tasks_app.models import Assignment, Cancellation, Response
from tasks_app.responses.policies import may_choose
from tasks_app.secure import policies

if TYPE_CHECKING:
    from marketplace.accounts.models import User
    from payments.models import PartOffer, SecureDeal

Status = Assignment.Status


class OfferChanged(DomainError):
    """What the customer agreed to pay is not what it costs now."""

    code = "offer_changed"
    status = 409
    message = _("The price has changed in the meantime. Look at the sums again before you pay.")


@dataclass(frozen=True, slots=True)
class Division:
    """A moderator's decision: how much of the price is the executor's, whose fault a cancellation would be, and why."""

    price_part: Money
    at_fault: str
    reason: str


@transaction.atomic
def open_secure_deal(*, response_id: int, by: "User", operation: str, agreed: Money | None = None) -> "SecureDeal":
    """The customer chooses a response with a secure deal: the terms are frozen and the payment is awaited. Nothing is chosen
    before it has come. `agreed`: what the page said would be paid. Raises NotFound, PolicyDenied, OfferChanged."""
    response = lock_response(response_id)
    task = response.task
    if task.customer_id != by.pk:
        raise NotFound
    require(may_choose(response))
    deal = payments.open_deal(offer=_offer(response), operation=operation)
    if agreed is not None and agreed != deal.paid:
        raise OfferChanged
    return deal


@transaction.atomic
def offer_part(*, assignment_id: int, by: "User", amount: Money, reason: str) -> "PartOffer":
    """The customer would pay a part. The deal is disputed from now on, so that nothing is accepted by itself; the executor
    agrees, or a moderator divides."""
    deal = participant_lock(assignment_id, by)
    require(policies.may_offer_part(deal, by))
    offer = payments.offer_part(assignment_id=assignment_id, by=by, amount=amount, reason=reason)
    if deal.status != Status.DISPUTED:
        dispute_work(assignment_id=assignment_id, by=by, reason=offer.reason)
    return offer


@transaction.atomic
def answer_part(*, assignment_id: int, by: "User", agree: bool, words: str = "") -> "PartOffer":
    """The executor agrees: the deal ends, with the money divided so. Refuses: it stays disputed, for a moderator."""
    deal = participant_lock(assignment_id, by)
    require(policies.may_answer_part(deal, by))
    offer = payments.answer_part(assignment_id=assignment_id, by=by, agree=agree, words=words)
    if agree and offer.amount_minor:
        close_accepted(deal, by=by, reason="part_agreed")
    elif agree:
        cancel_for_side(deal, by=by, reason="agreed")  # both have said so: the dispute is settled
    return offer


@transaction.atomic
def divide_money(*, assignment_id: int, by: "User", decision: Division) -> Assignment:
    """A moderator ends a dispute about held money. With a part for the executor the work counts as accepted; with nothing the
    deal is cancelled. The money moves when the time to appeal is over."""
    deal = participant_lock(assignment_id, by)
    require(policies.may_divide(deal, by))
    if decision.at_fault not in Cancellation.Fault.values:
        raise InvalidInput(field="at_fault", reason=_("Say whose fault it was."))
    split = payments.split_deal(
        assignment_id=assignment_id, by=by, price_part=decision.price_part, reason=decision.reason
    )
    if split.price_part_minor:
        close_accepted(deal, by=by, reason="moderator")
    else:
        cancel_disputed(deal, by=by, at_fault=decision.at_fault, note=split.reason)
    audit.record(
        actor=by,
        action="dispute.divided",
        subject=f"deal:{deal.pk}",
        details={"price_part_minor": split.price_part_minor, "at_fault": decision.at_fault},
    )
    return deal


@transaction.atomic
def end_old_deal(assignment_id: int) -> Assignment:
    """For the sweep: the money may not be held any longer. Work called done is accepted and paid; anything else is cancelled
    with nobody at fault and goes back to the customer. Raises StaleState when not due."""
    deal = lock_assignment(assignment_id)
    is_done = deal.status == Status.DONE
    if payments.end_by_age(assignment_id=assignment_id, work_is_done=is_done) is None:
        raise StaleState
    if is_done:
        close_accepted(deal, by=None, reason="money_too_old", automatic=True)
    elif deal.status not in (Status.ACCEPTED, Status.CANCELLED):
        close_without_fault(deal, reason="money_too_old", rule="deal_lapsed", kind="deal_money_too_old")
    return deal


def _offer(response: Response) -> payments.Offer:
    task = response.task
    return payments.Offer(
        task_id=task.pk,
        response_id=response.pk,
        customer_id=task.customer_id,
        executor_id=response.executor_id,
        category_id=task.category_id,
        city_id=task.city_id,
        title=task.title,
        price=response.price,
        announced=task.secure_deal,
    )
