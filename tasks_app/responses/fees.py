"""Fees of several responses at once. One fee is asked of payments.services directly."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings

from payments import services as payments
from tasks_app.models import Response, Task


def unopened_after() -> timedelta:
    """How long the customer has to open a response before its fee goes back."""
    return timedelta(hours=settings.RULES["unopened_refund_hours"])


def lock_unopened(task: Task) -> None:
    """Before a choice: lock what may go back for the responses that nobody opened, in the one order of locks."""
    unopened = Response.objects.filter(task=task, status=Response.Status.SENT, seen_at=None)
    payments.lock_refunds(response_ids=list(unopened.values_list("pk", flat=True)))


def give_back(responses: Iterable[Response], rule: str) -> None:
    """Refund each fee that the rule gives back. Charges, then wallets, are locked in one order for everybody, so two
    tasks with the same executors never wait for each other in a ring."""
    ids = [response.pk for response in responses]
    payments.lock_refunds(response_ids=ids)
    for response_id in ids:
        payments.refund_response_fee(response_id=response_id, rule=rule)
