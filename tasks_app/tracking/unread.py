"""What came since somebody last read a person's positions. The statement that stores a batch also notes its oldest moment on
the shift, so that neither a lost nudge nor a restart loses a batch."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from tasks_app.tracking.models import Shift
from tasks_app.tracking.partitions import days_between


class Position(NamedTuple):
    """One position as it was stored: Unix seconds, degrees, metres (None: not told), seconds that our clock was ahead of
    the device's (None: not told)."""

    at: float
    lat: float
    lon: float
    accuracy_m: float | None
    network: bool
    skew_s: float | None


def people_with_unread(*, limit: int) -> list[int]:
    """Whose positions wait to be read, those who wait longest first."""
    rows = Shift.objects.exclude(unread_from=None).order_by("unread_from").values_list("executor_id", flat=True)
    return list(dict.fromkeys(rows[:limit]))


@transaction.atomic(savepoint=False)
def take_unread(*, executor_id: int) -> datetime | None:
    """The oldest moment of what came since the last call, or None; inside of the caller's transaction, so that what was
    taken and not worked through is there again. A batch that comes meanwhile waits for the transaction's end."""
    rows = Shift.objects.select_for_update(of=("self",)).filter(executor_id=executor_id).exclude(unread_from=None)
    waiting = [row.unread_from for row in rows.order_by("pk") if row.unread_from]
    if waiting:
        Shift.objects.filter(executor_id=executor_id).exclude(unread_from=None).update(unread_from=None)
    return min(waiting, default=None)


_POSITIONS = """
SELECT extract(epoch FROM at)::float8, lat, lon, accuracy_m, source = 2, skew_ms / 1000.0::float8
FROM tasks_app_ping WHERE executor_id = %s AND day BETWEEN %s AND %s AND at >= %s AND at <= %s
ORDER BY at, client_id
"""


def positions(*, executor_id: int, start: datetime, end: datetime) -> list[Position]:
    """The person's positions in [start, end], oldest first, as plain numbers. A staff member's look must be audited by the
    caller."""
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS, [executor_id, *days_between(start, end), start, end])
        return list(map(Position._make, cursor.fetchall()))


_ARRIVED = """
SELECT EXISTS (SELECT FROM tasks_app_ping
WHERE executor_id = %s AND day BETWEEN %s AND %s AND at >= %s AND at <= %s AND received_at > %s)
"""


def arrived_since(*, executor_id: int, start: datetime, end: datetime, received_after: datetime) -> bool:
    """Whether positions of [start, end] came only after a moment."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVED, [executor_id, *days_between(start, end), start, end, received_after])
        return bool(cursor.fetchone()[0])


_BEFORE = """
SELECT extract(epoch FROM at)::float8, lat, lon, accuracy_m, source = 2, skew_ms / 1000.0::float8
FROM tasks_app_ping WHERE executor_id = %s AND day BETWEEN %s AND %s AND at >= %s AND at < %s
ORDER BY at DESC, coalesce(accuracy_m, CASE source WHEN 2 THEN 150 ELSE 1e9 END), client_id LIMIT 1
"""


def position_before(*, executor_id: int, since: datetime, before: datetime) -> Position | None:
    """The last one in [since, before); of two at one instant the more accurate."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [executor_id, *days_between(since, before), since, before])
        row = cursor.fetchone()
    return None if row is None else Position._make(row)
