"""The fast path: one statement checks the shift, guards against floods, and inserts what is new of a batch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakSet

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from marketplace.kit.clock import now
from tasks_app.tracking.partitions import make_partitions
from tasks_app.tracking.points import Batch, Point, Refused, read_batch

_prepared: WeakSet[Any] = WeakSet()  # connections that know the statement
POINTS_PER_MINUTE = 1200  # per device: an evening kept offline comes in a few minutes, a flood does not

# Prepared once a connection: planning costs as much as running it. Points count from a minute before the shift to a
# minute after it: the browser's first and last fix. Of a shift whose consent was taken back, and of a day up to the
# moment it was deleted, nothing is kept, however late it comes; the gate gives back the shift as it stands after a wait.
_PREPARE = """
PREPARE take_kept_pings (bigint, text, timestamptz, bigint, int, int, int, uuid[], date[], timestamptz[], float8[], float8[],
                    float8[], smallint[], timestamptz) AS
WITH own AS (
  SELECT id, ended_why = 'consent' AS withdrawn, started_at - interval '1 min' AS since,
         least(coalesce(ended_at, 'infinity'), ends_by) + interval '1 min' AS until
  FROM tasks_app_shift
  WHERE executor_id = $1 AND device_id = $2 AND started_at > $3 - interval '4 days'
), gate AS (
  UPDATE tasks_app_shift SET minute = $4,
         points_in_minute = $5 + CASE WHEN minute = $4 THEN points_in_minute ELSE 0 END,
         unread_from = least(unread_from, $15)
  WHERE id = (SELECT max(id) FROM own) AND (minute <> $4 OR points_in_minute + $5 <= $6)
  RETURNING ended_why
), judged AS (
  SELECT told.*, CASE
    WHEN NOT EXISTS (SELECT FROM own WHERE told.at BETWEEN own.since AND own.until) THEN 'no_shift'
    WHEN NOT EXISTS (SELECT FROM own WHERE told.at BETWEEN own.since AND own.until AND NOT own.withdrawn)
         OR EXISTS (SELECT FROM gate WHERE ended_why = 'consent') THEN 'consent'
    WHEN EXISTS (SELECT FROM tasks_app_deletedday AS gone WHERE gone.executor_id = $1
                 AND gone.day = (told.at AT TIME ZONE 'UTC')::date AND gone.at >= told.at) THEN 'deleted'
    END AS refused
  FROM unnest($8, $9, $10, $11, $12, $13, $14) AS told(client_id, day, at, lon, lat, accuracy_m, source)
  WHERE EXISTS (SELECT FROM gate)
), put AS (
  INSERT INTO tasks_app_ping (executor_id, client_id, day, at, received_at, lon, lat, accuracy_m, skew_ms, source)
  SELECT $1, client_id, day, at, $3, lon, lat, accuracy_m, $7, source FROM judged WHERE refused IS NULL
  ON CONFLICT DO NOTHING RETURNING 1
)
SELECT EXISTS (SELECT FROM own), EXISTS (SELECT FROM gate),
       (SELECT json_object_agg(client_id, refused) FROM judged WHERE refused IS NOT NULL),
       (SELECT count(*) FROM put),
       (SELECT id FROM tasks_app_assignment WHERE executor_id = $1 AND status IN ('on_the_way', 'started')
        ORDER BY chosen_at DESC LIMIT 1)
"""
_EXECUTE = (
    "EXECUTE take_kept_pings (%(executor)s, %(device)s, %(received)s, %(minute)s, %(count)s, %(limit)s, %(skew)s, "
    "%(ids)s, %(days)s, %(ats)s, %(lons)s, %(lats)s, %(accuracies)s, %(sources)s, %(oldest)s)"
)


@dataclass(frozen=True, slots=True)
class PingReceipt:
    """What became of a batch. `refused` names each refused point with a reason code:
    shape, id, time, future, too_old, clock, place, accuracy, foreign_device, no_shift, consent, deleted, flood."""

    stored: int
    duplicates: int
    refused: tuple[Refused, ...]
    watched_assignment: int | None = None

    @property
    def flooded(self) -> bool:
        return any(point.reason == "flood" for point in self.refused)


def store_batch(*, executor_id: int, device_id: str, raw: Any) -> PingReceipt:
    """Read, judge and keep a batch. Raises BadBatch when it is not a batch at all."""
    received_at = now()
    batch = read_batch(raw, received_at=received_at)
    if not batch.points:
        return PingReceipt(0, 0, tuple(batch.refused))
    row = _insert(_parameters(executor_id, device_id, batch, received_at), batch.points)
    return _receipt(batch, len(raw["points"]), row)


def _receipt(batch: Batch, told: int, row: tuple[bool, bool, dict[str, str] | None, int, int | None]) -> PingReceipt:
    device_known, below_limit, not_kept, stored, assignment = row
    refused = list(batch.refused)
    if not device_known or not below_limit:
        reason = "flood" if device_known else "foreign_device"
        refused += [Refused(point.client_id, reason) for point in batch.points]
        return PingReceipt(0, 0, tuple(refused))
    why = not_kept or {}
    refused += [Refused(point.client_id, why[point.client_id]) for point in batch.points if point.client_id in why]
    return PingReceipt(stored, told - len(refused) - stored, tuple(refused), assignment)


def _parameters(executor_id: int, device_id: str, batch: Batch, received_at: datetime) -> dict[str, Any]:
    points = batch.points
    return {
        "executor": executor_id,
        "device": device_id,
        "received": received_at,
        "minute": int(received_at.timestamp() // 60),
        "count": len(points),
        "limit": POINTS_PER_MINUTE,
        "skew": batch.skew_ms,
        "ids": _array(point.client_id for point in points),
        "days": _array(point.day.isoformat() for point in points),
        "ats": _array(point.at.isoformat() for point in points),
        "lons": _array(repr(point.lon) for point in points),
        "lats": _array(repr(point.lat) for point in points),
        "accuracies": _array("NULL" if point.accuracy_m is None else repr(point.accuracy_m) for point in points),
        "sources": _array(str(point.source) for point in points),
        "oldest": min(point.at for point in points),
    }


def _array(values: Any) -> str:
    """An array in PostgreSQL's own text form: several times cheaper to make than a list of parameters. The values are
    numbers, times and UUIDs that were read and written by us, never a person's text."""
    return "{" + ",".join(values) + "}"


def _insert(parameters: dict[str, Any], points: list[Point]) -> Any:
    try:
        return _run(parameters)
    except IntegrityError as error:
        if "no partition of relation" not in str(error):
            raise
    make_partitions(point.day for point in points)
    return _run(parameters)


def _run(parameters: dict[str, Any]) -> Any:
    if connection.in_atomic_block:
        with transaction.atomic():
            return _execute(parameters)
    try:
        return _execute(parameters)
    except (
        InterfaceError,
        OperationalError,
    ):  # the server went away between two batches: once more, on a new connection
        connection.close()
        return _execute(parameters)


def _execute(parameters: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        if connection.connection not in _prepared:
            cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = 'take_kept_pings'")
            if cursor.fetchone() is None:
                cursor.execute(_PREPARE)
            _prepared.add(connection.connection)
        cursor.execute(_EXECUTE, parameters)
        return cursor.fetchone()
