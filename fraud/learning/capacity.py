"""What moderators can do in a day: stated by an operator, spent by decisions."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import get_default_timezone

from fraud.learning.errors import CapacityOutOfRange
from fraud.learning.models import DeskCapacity, SecondReview
from fraud.models import Decision
from fraud.rules import rule
from marketplace.accounts import policies as people
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound

if TYPE_CHECKING:
    from marketplace.accounts.models import User

MOST_A_DAY = 5000


def capacity_per_day() -> int:
    stated = DeskCapacity.objects.filter(from_day__lte=desk_day()).order_by("-from_day", "-id").first()
    return stated.per_day if stated else int(rule("capacity_per_day"))


def done_today() -> int:
    """Decisions by people since the desk's midnight, second looks included."""
    since = start_of_day()
    first = Decision.objects.filter(at__gte=since, on_appeal=False).exclude(by=None).count()
    return first + SecondReview.objects.filter(decided_at__gte=since).count()


def left_today() -> int:
    return max(0, capacity_per_day() - done_today())


@transaction.atomic
def state_capacity(*, per_day: int, by: "User", from_day: date | None = None) -> DeskCapacity:
    """From a day on (today unless told). Raises NotFound for anybody but operators, CapacityOutOfRange."""
    if not people.is_operator(by):
        raise NotFound
    if not 1 <= per_day <= MOST_A_DAY:
        raise CapacityOutOfRange
    row = DeskCapacity.objects.create(per_day=per_day, from_day=from_day or desk_day(), by=by, at=now())
    audit.record(actor=by, action="desk.capacity", subject="desk", details={"per_day": per_day})
    return row


def desk_day() -> date:
    """Today where the desk is (the site's time zone)."""
    return now().astimezone(get_default_timezone()).date()


def start_of_day(back: int = 0) -> datetime:
    local = now().astimezone(get_default_timezone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return local - timedelta(days=back)
