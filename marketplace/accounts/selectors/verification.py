"""The moderators' queue of executors to verify, and a person's own requests."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from marketplace.accounts import policies
from marketplace.accounts.models import User, VerificationRequest
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.pagination import Page, key_page
from marketplace.kit.policy import require

if TYPE_CHECKING:
    from tasks_app.models import City

PAGE = 30


def verification_queue(*, reader: User, after: str | None = None, size: int = PAGE) -> Page[VerificationRequest]:
    """Requests that wait, the longest first, without the reader's own. Raises PolicyDenied."""
    require(policies.may_moderate(reader))
    waiting = VerificationRequest.objects.filter(status=VerificationRequest.Status.PENDING)
    waiting = waiting.exclude(profile__user=reader)  # somebody else decides it; it must not block the desk
    rows = waiting.select_related("profile__user", "city")
    return key_page(rows, order=["submitted_at", "id"], after=after, size=size, descending=False)


def places_left(city: "City") -> int:
    """How many more requests the city takes before its own midnight."""
    midnight = now().astimezone(ZoneInfo(city.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    taken = VerificationRequest.objects.filter(city_id=city.pk, submitted_at__gte=midnight).count()
    return max(0, int(city.verification_per_day) - taken)


def verification_count() -> int:
    """How many wait."""
    return VerificationRequest.objects.filter(status=VerificationRequest.Status.PENDING).count()


def verification_case(request_id: int, *, reader: User) -> VerificationRequest:
    """One request with its person and documents. Raises PolicyDenied, NotFound."""
    require(policies.may_moderate(reader))
    rows = VerificationRequest.objects.select_related("profile__user", "city", "decided_by")
    request = rows.prefetch_related("documents").filter(pk=request_id).first()
    if request is None:
        raise NotFound
    return request


def earlier_requests(request: VerificationRequest) -> QuerySet[VerificationRequest]:
    """What was decided before about the same person, the newest first."""
    others = VerificationRequest.objects.filter(profile_id=request.profile_id).exclude(pk=request.pk)
    return others.select_related("decided_by").order_by("-submitted_at")


def same_name(request: VerificationRequest) -> QuerySet[VerificationRequest]:
    """Other people verified under the same full name: a second account, or a namesake."""
    approved = VerificationRequest.objects.filter(status=VerificationRequest.Status.APPROVED)
    others = approved.filter(full_name__iexact=request.full_name).exclude(profile_id=request.profile_id)
    return others.select_related("profile__user").order_by("-decided_at")


def last_request_of(user: User) -> VerificationRequest | None:
    return VerificationRequest.objects.filter(profile__user_id=user.pk).order_by("-submitted_at", "-pk").first()


def decided_verification(request_id: int) -> VerificationRequest:
    """The request that a hook names, for the packages above; nobody's rights are asked."""
    return VerificationRequest.objects.select_related("profile").get(pk=request_id)
