"""Closing at the processor what nobody is going to pay any more."""

from payments.models import Intent
from payments.stripe_gateway import checkout, payments
from payments.stripe_gateway.errors import Refused


def close(intent: Intent, *, page: bool) -> None:
    """Nothing can be paid on it from now on; `page`: it is the processor's page, not a card's payment. Look at the intent
    afterwards: when it was paid a moment before, it is paid. Raises Unavailable: then nothing is known."""
    try:
        if page:
            checkout.expire_page(intent.processor_id)
        else:
            payments.cancel_payment(intent.processor_id)
    except Refused:
        pass  # it is done there already, one way or the other; a look says which
