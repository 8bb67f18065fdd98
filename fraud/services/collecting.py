"""From a cancellation to a flag: evidence is planned as rows, collected when due, and a score that is high enough opens
a case with a hold on the refund. Nothing here decides anything."""

from datetime import datetime, timedelta
from time import perf_counter

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from fraud.evidence.gather import Gathered, gather
from fraud.learning.auditing import draw_for_audit
from fraud.models import Case, Evidence, Score, Signal
from fraud.scoring.asked import Asked
from fraud.scoring.findings import found
from fraud.scoring.services import certainty, judge
from fraud.services.copying import copy_tracks
from fraud.services.late import read_positions
from fraud.services.opening import open_audit, open_flag
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.jobs import nudge
from marketplace.kit.sweeping import each_alone
from tasks_app import selectors as tasks
from tasks_app import services as tasks_services

Moment = Evidence.Moment
LATER = timedelta(hours=2)
BATCH = 200
DUE = Q(collected_at=None) | Q(late_at__isnull=False)


def plan_evidence(*, cancellation_id: int) -> None:
    """Called inside the cancellation's transaction: three rows with their times, and a hold on the day's positions."""
    deal = tasks.cancelled_assignment(cancellation_id)
    if deal.lon is None:
        return
    moments = _moments(deal.cancelled_at, deal.window_end).items()
    rows = [Evidence(cancellation_id=cancellation_id, moment=moment, due_at=due_at) for moment, due_at in moments]
    Evidence.objects.bulk_create(rows, ignore_conflicts=True)
    _hold_track(deal)
    nudge("fraud.collect_evidence")


def _hold_track(deal: tasks.CancelledAssignment) -> None:
    tasks_services.hold_track(
        executor_id=deal.executor_id,
        since=deal.window_start - LATER,
        until=max(deal.window_end, deal.cancelled_at) + LATER,
        reference=track_reference(deal.cancellation_id),
    )


def track_reference(cancellation_id: int) -> str:
    return f"cancellation:{cancellation_id}"


def collect_due_evidence(*, limit: int = BATCH) -> int:
    """Every row whose time has come, and those whose positions came late; each in its own transaction, rows that another
    worker has are left to it."""
    return each_alone(list(_due().order_by("due_at").values_list("pk", flat=True)[:limit]), _collect_if_free)


def keep_refund_waiting(*, response_id: int, reasons: set[str]) -> None:
    """Evidence that is due and not collected yet keeps the fee, for as long as a hold may last: then it goes back all the same."""
    oldest = now() - timedelta(hours=settings.RULES["hold_hours"])
    waiting = Evidence.objects.filter(cancellation__assignment__response_id=response_id, collected_at=None)
    if waiting.filter(due_at__gt=oldest).exists():
        reasons.add("evidence")


def _collect_if_free(pk: int) -> bool:
    row = Evidence.objects.select_for_update(of=("self",), skip_locked=True).filter(DUE, pk=pk).first()
    if row is not None:
        _collect(row)
    return row is not None


@transaction.atomic
def collect_evidence(*, cancellation_id: int, moment: str) -> Evidence:
    """Collect one moment now if it is due; collecting again changes nothing. Raises NotFound."""
    row = (
        Evidence.objects.select_for_update(of=("self",)).filter(cancellation_id=cancellation_id, moment=moment).first()
    )
    if row is None:
        raise NotFound
    if row.collected_at is None and row.due_at <= now():
        _collect(row)
    return row


def _collect(row: Evidence) -> None:
    deal = tasks.cancelled_assignment(row.cancellation_id)
    tasks_services.lock_tracks(executor_id=deal.executor_id)  # a deletion is either seen here, or meets the hold
    read_positions(person_id=deal.executor_id)
    gathered = gather(deal, as_of=row.due_at)
    if gathered is None:
        raise NotFound
    late = row.collected_at is not None
    asked = _asked(row, gathered, late=row.late + late)
    row.score, row.verdict, row.findings = found(asked.measured, gathered)
    row.collected_at, row.late_at, row.late = now(), None, asked.late
    row.save()
    score = judge(asked)
    if score.outcome != Score.Outcome.NOTHING:
        _signal(row, deal, score)
        case = open_flag(deal, score=score, certainty=certainty(asked))
        if late and case.status != Case.Status.CLOSED:
            _hold_track(deal)  # the last moment may have let it go
    if row.moment == Moment.PLUS_2H and not late:
        _finish(deal, verifiable=score.verifiable)
    copy_tracks(deal, renewed=row.moment)


def _asked(row: Evidence, gathered: Gathered, *, late: int) -> Asked:
    from fraud.scoring.measuring import measured  # trees and arrays are loaded by workers only, not by every page

    started = perf_counter()
    told = measured(gathered, moment=row.moment, as_of=row.due_at)
    return Asked(gathered.deal, row.moment, row.due_at, told, late, (perf_counter() - started) * 1000)


def _signal(row: Evidence, deal: tasks.CancelledAssignment, score: Score) -> None:
    signal, created = Signal.objects.get_or_create(
        kind=Signal.Kind.PRESENCE,
        person_id=deal.executor_id,
        subject=track_reference(row.cancellation_id),
        defaults={
            "cancellation_id": row.cancellation_id,
            "other_id": deal.customer_id,
            "evidence": row,
            "score": score.probability,
            "at": now(),
        },
    )
    if not created and score.probability > signal.score:
        signal.evidence, signal.score = row, score.probability
        signal.save(update_fields=["evidence", "score"])


def _finish(deal: tasks.CancelledAssignment, *, verifiable: bool) -> None:
    """The last moment has passed without a flag: perhaps a blind look; otherwise the day's positions are free again."""
    if Case.objects.filter(cancellation_id=deal.cancellation_id).exists():
        return
    if draw_for_audit(deal.cancellation_id, verifiable=verifiable):
        open_audit(deal)
    else:
        tasks_services.release_track(reference=track_reference(deal.cancellation_id))


def _moments(cancelled_at: datetime, window_end: datetime) -> dict[str, datetime]:
    end = max(cancelled_at, window_end)
    return {Moment.CANCELLATION: cancelled_at, Moment.WINDOW_END: end, Moment.PLUS_2H: end + LATER}


def _due() -> "QuerySet[Evidence]":
    return Evidence.objects.filter(DUE, due_at__lte=now())
