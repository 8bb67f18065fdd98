"""Whose payment a bank disputes: known before anything about the dispute is booked."""

from payments.intents.selectors import intent_behind
from payments.intents.services import look_again
from payments.models import Intent
from payments.stripe_gateway import payments
from payments.stripe_gateway.errors import Unavailable


def disputed_payment(payment_id: str) -> Intent | None:
    """The intent behind a disputed payment, settled: the payment is booked before what the bank takes of it, in whatever order
    the hints come. None when no intent of ours made it.

    Raises Unavailable when it cannot be booked now, so that the hint is followed later.
    """
    intent = intent_behind(object_id=payment_id)
    if intent is None:
        # A page's payment is known by its number only once it is settled; until then by what we wrote on it.
        intent = intent_behind(object_id="", operation=payments.payment(payment_id).operation)
    if intent is not None and intent.status != Intent.Status.SETTLED:
        intent = look_again(intent_id=intent.pk)
        if intent.status != Intent.Status.SETTLED:
            raise Unavailable("payment_not_booked")
    return intent
