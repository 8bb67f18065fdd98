"""What was made of positions goes with them, and what a case kept of them goes when its time is over. Arrays are loaded only
when it comes to that: pages do without them."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from fraud import policies
from fraud.models import Case, CaseEvent, CaseTrack, Evidence
from fraud.rules import rule
from fraud.services.deciding import lock_case
from fraud.services.emptying import empty_evidence
from marketplace.kit.clock import now
from marketplace.kit.policy import require
from marketplace.kit.sweeping import each_alone
from tasks_app import services as tasks_services

if TYPE_CHECKING:
    from marketplace.accounts.models import User

BATCH = 2000
ROUNDS = 50


def forget_day(*, executor_id: int, day: date) -> None:
    """Called inside the transaction in which the person deletes a UTC day of positions, under the lock of their tracks. No
    case that is not over can be among those touched: it would have held the day."""
    from fraud.stays import keeping

    keeping.forget_day(executor_id=executor_id, day=day)
    cases = Case.objects.select_for_update(of=("self",)).filter(executor_id=executor_id, over_at__isnull=False)
    for case in cases.filter(tracks__isnull=False).order_by("pk"):
        _forget_points(case, day)
    _forget_findings(executor_id, day)


def forget_days_before(*, before: date) -> None:
    """Called when the positions of earlier UTC days are forgotten. Cases keep their copies for a time of their own."""
    from fraud.stays import keeping

    keeping.forget_before(before=before)


@transaction.atomic
def forget_case_track(*, case_id: int, by: "User") -> int:
    """The executor deletes the copy of their positions that a case keeps, once the case is over; how many points. Raises
    NotFound, PolicyDenied."""
    tasks_services.lock_tracks(executor_id=by.pk)
    case = lock_case(case_id)
    require(policies.may_forget_track(by, case))
    points = max((len(track.points) for track in case.tracks.all()), default=0)
    if points:
        case.tracks.all().delete()
        _write_down(case)
    return points


def forget_old_evidence() -> int:
    """What is older than its time: of cases the copies and the findings, without a case the findings alone; how many were
    emptied. Whatever stops this job, the next one finds the rest."""
    edge = now() - timedelta(days=rule("evidence_days"))
    old = Case.objects.filter(over_at__isnull=False, closed_at__lte=edge, tracks__isnull=False).distinct()
    forgotten = each_alone(list(old.order_by("closed_at").values_list("pk", flat=True)[:BATCH]), _forget_tracks)
    for _round in range(ROUNDS):
        pks = list(_old_findings(edge).values_list("pk", flat=True)[:BATCH])
        forgotten += empty_evidence(pks)
        if len(pks) < BATCH:
            break
    return forgotten


def _forget_tracks(pk: int) -> int:
    case = lock_case(pk)
    return case.tracks.all().delete()[0] if policies.is_over(case) else 0  # an appeal of its restriction may wait


def _old_findings(edge: datetime) -> "QuerySet[Evidence]":
    """`edge`: of cases."""
    still = Q(over_at=None) | Q(closed_at__gt=edge)
    needed = Case.objects.filter(still, cancellation=OuterRef("cancellation"))
    old = Evidence.objects.filter(due_at__lte=now() - timedelta(days=rule("findings_days")))
    return old.filter(~Exists(needed)).exclude(findings={}).order_by("due_at")


def _forget_points(case: Case, day: date) -> None:
    changed = False
    for track in case.tracks.all():
        left = [point for point in track.points if _day_of(point[0]) != day]
        if len(left) < len(track.points):
            CaseTrack.objects.filter(pk=track.pk).update(points=left)
            changed = True
    if changed:
        _write_down(case)


def _forget_findings(executor_id: int, day: date) -> None:
    """Of cancellations without a case. A row that is being collected is passed over: its reader waits for the lock of the
    tracks and finds the day empty."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    rows = Evidence.objects.filter(cancellation__assignment__executor_id=executor_id, due_at__gte=start)
    without_case = rows.filter(~Exists(Case.objects.filter(cancellation=OuterRef("cancellation"))))
    free = without_case.exclude(findings={}).select_for_update(of=("self",), skip_locked=True)
    touched = [row.pk for row in free if _day_of(row.findings["measures"]["looked_from"]) <= day]
    empty_evidence(touched)


def _write_down(case: Case) -> None:
    CaseEvent.objects.create(case=case, at=now(), actor=case.executor, kind="positions_deleted")


def _day_of(iso: object) -> date:
    return datetime.fromisoformat(str(iso)).astimezone(UTC).date()
