"""What checks keep of a person's positions, for that person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fraud import policies
from fraud.models import Case
from fraud.rules import rule
from tasks_app import selectors as tasks

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """`points`: positions kept; `until`: when they go by themselves at the latest, None while the check is open;
    `may_delete`: the check and the time to appeal are over."""

    case_id: int
    title: str
    zone: ZoneInfo
    cancelled_at: datetime
    points: int
    until: datetime | None
    may_delete: bool


def copy_of_case(case: Case) -> OwnCopy:
    deal = tasks.cancelled_assignment(case.cancellation_id)
    return OwnCopy(
        case_id=case.pk,
        title=deal.title,
        zone=deal.time_zone,
        cancelled_at=deal.cancelled_at,
        points=max((len(track.points) for track in case.tracks.all()), default=0),
        until=case.closed_at and case.closed_at + timedelta(days=rule("evidence_days")),
        may_delete=case.over_at is not None,
    )


def own_copies(user: "User") -> list[OwnCopy]:
    """Of the checks that the person knows of, the newest first. What a random check copies for its few days is a part of the
    days that the person sees anyway, as needed by a check."""
    rows = Case.objects.filter(executor=user, tracks__isnull=False).distinct().order_by("-opened_at")
    copies = (copy_of_case(case) for case in rows.prefetch_related("tracks") if policies.is_told_to_executor(case))
    return [copy for copy in copies if copy.points]
