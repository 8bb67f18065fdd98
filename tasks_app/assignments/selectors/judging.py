"""What waits for moderators: disputes, and cancellations of which the two sides tell differently."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, Q, QuerySet

from marketplace.accounts import policies as people
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.pagination import Page, key_page
from tasks_app.models import Assignment, Cancellation

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def disputed_page(*, after: str | None = None, size: int = 40) -> Page[Assignment]:
    """Disputes that nobody has settled, the one due first on top."""
    rows = _disputed().select_related("task__city", "customer", "executor")
    return key_page(rows, order=["dispute_due_at", "id"], after=after, size=size, descending=False)


def disputed_count() -> int:
    return _disputed().count()


def contested_page(by: "User", *, after: str | None = None, size: int = 40) -> Page[Cancellation]:
    """Cancellations that the two explain differently, the oldest first. After `fault_days` nobody's fault stands and they
    leave the list; nobody meets one of their own in it."""
    rows = _contested(by).select_related("assignment__task__city", "assignment__customer", "assignment__executor")
    return key_page(rows, order=["at", "id"], after=after, size=size, descending=False)


def contested_count(by: "User") -> int:
    return _contested(by).count()


def cancellation_for_desk(user: "User", cancellation_id: int) -> Cancellation:
    """Any cancellation, for a moderator. Raises NotFound."""
    deal = ("assignment__task__city", "assignment__response", "assignment__customer", "assignment__executor")
    found = Cancellation.objects.select_related(*deal, "fault_decided_by").filter(pk=cancellation_id).first()
    if found is None or not people.is_moderator(user):
        raise NotFound
    return found


def _disputed() -> "QuerySet[Assignment]":
    return Assignment.objects.filter(status=Assignment.Status.DISPUTED)


def _contested(by: "User") -> "QuerySet[Cancellation]":
    """Both have answered, each naming another side, and nobody has decided."""
    rows = Cancellation.objects.filter(
        fault=Cancellation.Fault.UNKNOWN, fault_decided_by=None, at__gt=now() - _wait()
    ).exclude(Q(customer_reason="") | Q(executor_reason="") | Q(customer_fault=F("executor_fault")))
    return rows.exclude(Q(assignment__customer=by) | Q(assignment__executor=by))


def _wait() -> timedelta:
    return timedelta(days=settings.RULES["fault_days"])
