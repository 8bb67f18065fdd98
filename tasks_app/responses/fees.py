"""Fees of several responses at once. One fee is asked of payments.services directly."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings

from payments import services as payments
from tasks_app.models import Response


def unopened_after() -> timedelta:
    """How long the customer has to open a response before its fee goes back."""
    return timedelta(hours=settings.RULES["unopened_refund_hours"])


def give_back(responses: Iterable[Response], rule: str, tell: Callable[[], None]) -> None:
    """Refund each fee that the rule gives back.

    The order of locks is one for everybody: task, charges, wallets, then the people who are told (`tell`), each by
    number; so two tasks with the same executors never wait for each other in a ring.
    """
    ids = [response.pk for response in sorted(responses, key=lambda r: r.executor_id)]
    payments.lock_refunds(response_ids=ids)
    tell()
    for response_id in ids:
        payments.refund_response_fee(response_id=response_id, rule=rule)
