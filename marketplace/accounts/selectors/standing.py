"""Strikes and restrictions as they stand now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from marketplace.accounts.models import Appeal, ExecutorProfile, Restriction, Strike, User, VerificationRequest
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.rows import Prepared, rows


def standing_restrictions(user_id: int) -> QuerySet[Restriction]:
    """Neither lifted nor run out, the longest first."""
    ends_later = Q(until=None) | Q(until__gt=now())
    return Restriction.objects.filter(ends_later, user_id=user_id, lifted_at=None).order_by("-until", "pk")


@dataclass(frozen=True, slots=True)
class ResponderStanding:
    """Whether a person is a verified executor, and what forbids them to respond now; `until` None: without an end."""

    verified: bool
    restricted: bool
    reason: str
    until: datetime | None


# Both facts in one plain statement: every response asks.
_RESPONDER: Final = Prepared("""
SELECT EXISTS (SELECT 1 FROM accounts_executorprofile WHERE user_id = %s AND verification = %s),
       standing.id IS NOT NULL, COALESCE(standing.reason, ''), standing.until
FROM (SELECT 1) AS person LEFT JOIN LATERAL (
    SELECT id, reason, until FROM accounts_restriction
    WHERE user_id = %s AND lifted_at IS NULL AND (until IS NULL OR until > %s) AND kind IN (%s, %s)
    ORDER BY until DESC, id LIMIT 1
) AS standing ON true
""")


def responder_standing(user_id: int) -> ResponderStanding:
    """One statement; the longest restriction of responding or of the whole account is told."""
    kinds = (Restriction.Kind.RESPONDING.value, Restriction.Kind.BLOCKED.value)
    verified = ExecutorProfile.Verification.VERIFIED.value
    return ResponderStanding(*rows(_RESPONDER, [user_id, verified, user_id, now(), *kinds])[0])


def standing_restriction(user_id: int, kind: str) -> Restriction | None:
    """What forbids `kind` now: a restriction of that kind, or a block of the whole account."""
    return standing_restrictions(user_id).filter(kind__in={kind, Restriction.Kind.BLOCKED}).first()


def blocked_among(user_ids: Iterable[int]) -> set[int]:
    """Which of these people are blocked now, in one query."""
    ends_later = Q(until=None) | Q(until__gt=now())
    rows = Restriction.objects.filter(ends_later, user_id__in=list(user_ids), lifted_at=None)
    return set(rows.filter(kind=Restriction.Kind.BLOCKED).values_list("user_id", flat=True))


def restrictions_of(user: User) -> QuerySet[Restriction]:
    """All, the newest first."""
    return Restriction.objects.filter(user_id=user.pk).order_by("-since", "-pk")


def strikes_of(user_id: int) -> QuerySet[Strike]:
    """Those that count, the newest first."""
    return Strike.objects.filter(user_id=user_id, withdrawn_at=None).order_by("-at", "-pk")


def appeals_of(user: User) -> dict[str, Appeal]:
    """By subject, e.g. "restriction:3"."""
    return {appeal.subject: appeal for appeal in Appeal.objects.filter(user_id=user.pk)}


def pending_appeals(*prefixes: str) -> QuerySet[Appeal]:
    """Those that wait, the most urgent first; with prefixes only of such subjects ("restriction", "case")."""
    kinds = Q()
    for prefix in prefixes:
        kinds |= Q(subject__startswith=f"{prefix}:")
    waiting = Appeal.objects.filter(kinds, outcome=Appeal.Outcome.PENDING)
    return waiting.select_related("user", "against").order_by("due_at", "pk")


def appeal_for_decision(appeal_id: int) -> Appeal:
    """Raises NotFound."""
    appeal = Appeal.objects.select_related("user", "against").filter(pk=appeal_id).first()
    if appeal is None:
        raise NotFound
    return appeal


def decided_appeal(appeal_id: int) -> Appeal:
    """The appeal that a hook names, for the packages above; nobody's rights are asked."""
    return Appeal.objects.get(pk=appeal_id)


def restriction(restriction_id: int) -> Restriction:
    """Raises NotFound."""
    found = Restriction.objects.filter(pk=restriction_id).first()
    if found is None:
        raise NotFound
    return found


def appealed_decision(appeal: Appeal) -> Restriction | VerificationRequest | None:
    """What the appeal is about, when it was decided in this package."""
    kind, _colon, number = appeal.subject.partition(":")
    if kind == "restriction":
        return Restriction.objects.filter(pk=number).first()
    if kind == "verification":
        return VerificationRequest.objects.filter(pk=number).first()
    return None
