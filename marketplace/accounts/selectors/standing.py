"""Strikes and restrictions as they stand now."""

from django.db.models import Q, QuerySet

from marketplace.accounts.models import Restriction, Strike, User
from marketplace.kit.clock import now


def standing_restrictions(user_id: int) -> QuerySet[Restriction]:
    """Neither lifted nor run out, the longest first."""
    ends_later = Q(until=None) | Q(until__gt=now())
    return Restriction.objects.filter(ends_later, user_id=user_id, lifted_at=None).order_by("-until", "pk")


def standing_restriction(user_id: int, kind: str) -> Restriction | None:
    """What forbids `kind` now: a restriction of that kind, or a block of the whole account."""
    return standing_restrictions(user_id).filter(kind__in={kind, Restriction.Kind.BLOCKED}).first()


def restrictions_of(user: User) -> QuerySet[Restriction]:
    """All, the newest first."""
    return Restriction.objects.filter(user_id=user.pk).order_by("-since", "-pk")


def strikes_of(user_id: int) -> QuerySet[Strike]:
    """Those that count, the newest first."""
    return Strike.objects.filter(user_id=user_id, withdrawn_at=None).order_by("-at", "-pk")
