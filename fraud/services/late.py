"""Positions that come after a moment was judged: the moment is judged again, by the rows that say so."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from fraud.evidence.gather import deal_of
from fraud.evidence.situation import looked_at
from fraud.models import Case, Evidence
from marketplace.kit.clock import now
from marketplace.kit.jobs import nudge
from tasks_app import selectors as tasks

log = structlog.get_logger()
AT_WORK = timedelta(minutes=1)  # between a batch's time of receiving and its rows in sight


def read_all_positions(*, limit: int = 2000) -> int:
    """Of everybody who has something unread, each in their own transaction. How many people."""
    people = tasks.people_with_unread(limit=limit)
    for person_id in people:
        try:
            read_positions(person_id=person_id)
        except Exception:  # one person's rows must not stop everybody else's; they stay unread
            log.exception("positions_not_read", person=person_id)
    return len(people)


@transaction.atomic
def read_positions(*, person_id: int) -> None:
    """Make stays of what came of a person, and note what it came too late for."""
    from fraud.stays.keeping import keep_up  # arrays are loaded by workers only, not by every page

    if (oldest := keep_up(person_id=person_id)) is not None:
        note_late(executor_id=person_id, since=oldest)


def note_late(*, executor_id: int, since: datetime) -> int:
    """In the transaction that read what came, from `since` on: of each cancellation the last judged moment, when positions
    of its time came after it. What is decided stays so; what is due anyway will see them. How many were noted."""
    rows = Evidence.objects.filter(cancellation__assignment__executor_id=executor_id, due_at__gte=since)
    decided = set(
        Case.objects.filter(executor_id=executor_id, status=Case.Status.CLOSED).values_list("cancellation", flat=True)
    )
    last: dict[int, Evidence] = {}
    for row in rows.filter(due_at__lte=now()).exclude(cancellation__in=decided).order_by("due_at", "pk"):
        last[row.cancellation_id] = row
    late = [row.pk for row in last.values() if _came_late(row, executor_id, since)]
    noted = _free(late).update(late_at=now())
    if noted:
        nudge("fraud.collect_evidence")
    return noted


def _free(pks: list[int]) -> "QuerySet[Evidence]":
    """Without those that a worker is collecting: it waits for the positions' lock, which we hold, and sees what came next."""
    rows = Evidence.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=pks)
    return Evidence.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))


def _came_late(row: Evidence, executor_id: int, since: datetime) -> bool:
    if row.collected_at is None:
        return False
    start, end = _looked(row)
    if end < since:
        return False
    return tasks.arrived_since(
        executor_id=executor_id, start=max(start, since), end=end, received_after=row.collected_at - AT_WORK
    )


def _looked(row: Evidence) -> tuple[datetime, datetime]:
    """The time looked at, from the deal itself when the person has deleted the day and its findings with it."""
    if told := row.findings.get("measures"):
        return datetime.fromisoformat(told["looked_from"]), datetime.fromisoformat(told["looked_to"])
    agreed = deal_of(tasks.cancelled_assignment(row.cancellation_id))
    return (row.due_at, row.due_at) if agreed is None else looked_at(agreed, row.due_at)
