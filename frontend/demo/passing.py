"""A visitor of the demo lets time pass: here, at the simulated processor, and for the jobs that are due by then."""

from calendar import monthrange
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.demo_clock import LOOK_EVERY, demo_clock
from marketplace.kit.errors import DomainError
from marketplace.kit.jobs import send_rare_jobs
from payments import services as payments
from payments.errors import ProcessorAway

CHARGED_AFTER = timedelta(hours=2)  # the processor charges a card an hour after the month is over


class CardsBehind(DomainError):
    code = "cards_behind"
    status = 503
    message = _(
        "Time has passed on the site, but the card processor did not answer. Let another day pass: both will meet again."
    )


def _a_month(start: datetime) -> timedelta:
    """To the same day of the next month, or its last, and until the cards of that day are charged."""
    year, month = (start.year + 1, 1) if start.month == 12 else (start.year, start.month + 1)
    day = min(start.day, monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=day) - start + CHARGED_AFTER


PERIODS: dict[str, tuple[str | Promise, Callable[[datetime], timedelta]]] = {
    "day": (_("A day passes"), lambda start: timedelta(days=1)),
    "three-days": (_("Three days pass"), lambda start: timedelta(days=3)),
    "month": (_("A month passes"), _a_month),
}


def let_pass(*, period: str) -> datetime:
    """The new present. Raises ProcessorAway (nothing has passed), CardsBehind (only here), KeyError for an unknown period."""
    step = PERIODS[period][1](now())
    payments.require_processor_clock()
    moment = demo_clock().advance(step)
    send_rare_jobs(in_seconds=2 * LOOK_EVERY)  # when every process knows what time it is
    try:
        payments.bring_processor_to(moment=moment)
    except ProcessorAway as error:
        raise CardsBehind from error
    return moment
