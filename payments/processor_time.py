"""The processor's time beside the demo's: both pass together, or neither does."""

from datetime import datetime

from django.conf import settings

from payments.errors import ProcessorAway
from payments.stripe_gateway import simulated_time
from payments.stripe_gateway.errors import Unavailable


def processor_keeps_own_time() -> bool:
    """Cards are paid at Stripe itself, whose time is everybody's."""
    return bool(settings.STRIPE_SECRET_KEY and not settings.STRIPE_API_BASE)


def require_processor_clock() -> None:
    """Before time passes here: the simulator answers. Without card payments there is none to ask. Raises ProcessorAway."""
    if settings.STRIPE_SECRET_KEY:
        try:
            simulated_time.present()
        except Unavailable as error:
            raise ProcessorAway from error


def bring_processor_to(*, moment: datetime) -> None:
    """What fell due there by `moment` is done when this returns. Raises ProcessorAway; the next time it catches up."""
    if settings.STRIPE_SECRET_KEY:
        try:
            simulated_time.advance_to(moment)
        except Unavailable as error:
            raise ProcessorAway from error
