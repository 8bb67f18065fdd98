"""The money follows the deal. Registered at start-up; each runs in the transaction of the step, under the task's lock."""

from django.db import transaction

from marketplace.kit.errors import DomainError
from payments import hooks as money
from payments import services as payments
from tasks_app import hooks
from tasks_app.assignments.services import choose_response
from tasks_app.locks import lock_response
from tasks_app.models import Assignment, Cancellation, Task


def follow() -> None:
    money.deal_funded.register(choose_paid)
    hooks.assignment_closed.register(release_money)
    hooks.assignment_cancelled.register(give_money_back)


def choose_paid(*, response_id: int, deal_id: int) -> None:
    """The customer has paid. The response is chosen if it still can be; if not, everything goes back by itself."""
    response = lock_response(response_id)
    if not payments.awaits_choice(deal_id=deal_id):
        payments.return_unchosen(deal_id=deal_id, code="paid_too_late")  # nothing when an earlier payment chose it
        return
    if not payments.price_stands(deal_id=deal_id, price=response.price):
        payments.return_unchosen(deal_id=deal_id, code="price_changed")
        return
    try:
        with transaction.atomic():
            assignment = choose_response(response_id=response_id, by=response.task.customer, paid=True)
    except DomainError as error:
        payments.return_unchosen(deal_id=deal_id, code=error.code)
        return
    if assignment.status in (Assignment.Status.ACCEPTED, Assignment.Status.CANCELLED):  # chosen without money, and over
        payments.return_unchosen(deal_id=deal_id, code="deal_is_over")
        return
    Task.objects.filter(pk=response.task_id).update(secure_deal=True)
    payments.bind_deal(deal_id=deal_id, assignment_id=assignment.pk)


def release_money(*, assignment_id: int) -> None:
    """Accepted: by the customer, by time or by a moderator."""
    deal = Assignment.objects.get(pk=assignment_id)
    payments.release(assignment_id=assignment_id, automatic=deal.accepted_automatically)


def give_money_back(*, cancellation_id: int) -> None:
    """Cancelled by anybody, at any stage, for any reason: see docs/decisions/0055."""
    assignment_id = Cancellation.objects.values_list("assignment_id", flat=True).get(pk=cancellation_id)
    payments.give_back(assignment_id=assignment_id)
