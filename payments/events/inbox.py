"""The inbox of hints: stored once, handled by a job, in any order."""

from datetime import datetime, timedelta

import structlog
from django.db import connection

from marketplace.kit import jobs
from marketplace.kit.clock import now
from payments.events import handlers
from payments.events.cursor import read_until, was_read
from payments.models import ProcessorEvent
from payments.stripe_gateway.errors import ProcessorError, Unavailable
from payments.stripe_gateway.events import EventHint, events_since

LEASE = timedelta(seconds=60)
OVERLAP = timedelta(minutes=15)  # events may appear in the processor's list later than they happened
FIRST_LOOK = timedelta(days=3)
EVENTS = "events"

log = structlog.get_logger()

_CLAIM = """
UPDATE payments_processorevent SET attempts = attempts + 1, next_attempt_at = %s
WHERE id = (SELECT id FROM payments_processorevent WHERE handled_at IS NULL AND next_attempt_at <= %s
            ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id"""


def receive(hint: EventHint) -> bool:
    """Keep a hint; False when it is known already. Safe for any number of deliveries at once."""
    row = ProcessorEvent(
        event_id=hint.id,
        kind=hint.kind,
        object_id=hint.object_id,
        account_id=hint.account_id,
        happened_at=hint.at,
        received_at=now(),
        next_attempt_at=now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO payments_processorevent (event_id, kind, object_id, account_id, happened_at, received_at,
                   attempts, next_attempt_at, problem)
               VALUES (%s, %s, %s, %s, %s, %s, 0, %s, '') ON CONFLICT DO NOTHING""",
            [row.event_id, row.kind, row.object_id, row.account_id, row.happened_at, row.received_at, row.received_at],
        )
        is_new = bool(cursor.rowcount)
    if is_new:
        jobs.nudge("payments.handle_events")
    return is_new


def handle_due(*, limit: int = 500) -> int:
    """Follow the hints that wait; returns how many were followed to the end."""
    done = 0
    for _i in range(limit):
        event = _claim()
        if event is None:
            break
        done += _handle(event)
    return done


def poll() -> int:
    """Ask for what happened since the last whole reading, for when no delivery comes; returns how many were new."""
    begun = now()
    try:
        hints = list(events_since(_unread_since()))
    except Unavailable as error:
        log.warning("events_not_polled", code=error.code)
        return 0
    found = sum(receive(hint) for hint in hints)
    if hints:
        was_read(EVENTS, max(hint.at for hint in hints), at=begun)
    return found


def _unread_since() -> datetime:
    """From the last whole reading; what deliveries brought meanwhile may have holes."""
    until = read_until(EVENTS)
    if until is not None:
        return until - OVERLAP
    first = now() - FIRST_LOOK
    last = ProcessorEvent.objects.order_by("-happened_at").values_list("happened_at", flat=True).first()
    return min(first, last - OVERLAP) if last else first


def _claim() -> ProcessorEvent | None:
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [at + LEASE, at])
        row = cursor.fetchone()
    return ProcessorEvent.objects.get(pk=row[0]) if row else None


def _handle(event: ProcessorEvent) -> bool:
    try:
        for handler in handlers.of(event.kind):
            handler(event.object_id, event.account_id)
    except Exception as error:
        # An unreachable processor is daily weather; anything else is a fault of ours and goes to the log with its trace.
        report = log.warning if isinstance(error, ProcessorError) else log.exception
        report("event_not_handled", event_id=event.event_id, kind=event.kind, error=str(error)[:200])
        wait = timedelta(seconds=min(2 ** min(event.attempts, 10), 600))
        ProcessorEvent.objects.filter(pk=event.pk).update(
            next_attempt_at=now() + wait, problem=f"{type(error).__name__}: {error}"[:500]
        )
        return False
    ProcessorEvent.objects.filter(pk=event.pk).update(handled_at=now(), problem="")
    return True
