"""Partitions of the ping table, one a day. The SQL functions run with the owner's rights (see the migration)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from marketplace.kit.clock import now

AHEAD_DAYS = 7
KEEP_DAYS = 60
_OFF = timedelta(days=1)


def days_between(start: datetime, end: datetime) -> tuple[date, date]:
    """The first and the last day whose partitions can hold positions of [start, end]: a day is by the device's own clock, at most
    a day off. A statement that does not say them plans and reads every partition there is."""
    return (start.astimezone(UTC) - _OFF).date(), (end.astimezone(UTC) + _OFF).date()


def make_partitions(days: Iterable[date]) -> None:
    with connection.cursor() as cursor:
        for day in sorted(set(days)):
            cursor.execute("SELECT tasks_app_make_ping_partition(%s)", [day])


def make_partitions_ahead() -> None:
    today = now().date()
    make_partitions(today + timedelta(days=n) for n in range(-2, AHEAD_DAYS + 1))


def partition_days() -> list[date]:
    """The days that have a partition, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_date(right(c.relname, 8), 'YYYYMMDD') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'tasks_app_ping'::regclass ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def drop_partitions_before(day: date) -> list[date]:
    """Whole days at once: nothing is scanned. Returns the days dropped."""
    dropped = [known for known in partition_days() if known < day]
    with connection.cursor() as cursor:
        for known in dropped:
            cursor.execute("SELECT tasks_app_drop_ping_partition(%s)", [known])
    return dropped
