"""What stood around a cancelled assignment: the deal itself, the two people, the executor's other days and other jobs.
History is always of the time before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from marketplace.kit.errors import NotFound
from marketplace.kit.rows import Prepared, first_value, rows
from tasks_app.geometry import distance_m
from tasks_app.models import Cancellation
from tasks_app.tracking.partitions import days_between


@dataclass(frozen=True, slots=True)
class CancelledAssignment:
    """A cancellation and what was agreed, in the order of `_DEAL`. `lon`/`lat` are None for a remote task; `price_minor`: as chosen."""

    cancellation_id: int
    assignment_id: int
    response_id: int
    task_id: int
    customer_id: int
    executor_id: int
    category_id: int
    lon: float | None
    lat: float | None
    window_start: datetime
    window_end: datetime
    chosen_at: datetime
    cancelled_at: datetime
    expected_minutes: int
    price_minor: int
    by_side: str
    stage: str
    customer_reason: str
    executor_reason: str
    title: str
    address: str
    city_slug: str
    time_zone: ZoneInfo

    @property
    def reason(self) -> str:
        """Of whoever cancelled; the other side's answer comes at a time that is not kept."""
        return self.executor_reason if self.by_side == Cancellation.Side.EXECUTOR else self.customer_reason


@dataclass(frozen=True, slots=True)
class Records:
    """What is known of two people by a moment: deals and cancelled ones, of each and of both together."""

    executor_deals: int
    executor_cancelled: int
    customer_deals: int
    customer_cancelled: int
    pair_deals: int
    pair_cancelled: int


@dataclass(frozen=True, slots=True)
class OtherJob:
    """Another assignment of the executor near by: metres between the places, its agreed time."""

    assignment_id: int
    metres: float
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class PastOf:
    """One executor's positions in [start, end), asked about one place; days are local ones."""

    executor_id: int
    lon: float
    lat: float
    start: datetime
    end: datetime
    zone: ZoneInfo

    def parameters(self, *more: float) -> list[object]:
        days = days_between(self.start, self.end)
        return [self.lon, self.lat, self.zone.key, self.executor_id, *days, self.start, self.end, *more]


_DEAL = Prepared("""
SELECT c.id, a.id, a.response_id, a.task_id, a.customer_id, a.executor_id, t.category_id, ST_X(t.point), ST_Y(t.point),
       a.window_start, a.window_end, a.chosen_at, c.at, kind.default_minutes, r.price_minor,
       c.by_side, c.stage, c.customer_reason, c.executor_reason, t.title, t.address, city.slug, city.time_zone
FROM tasks_app_cancellation AS c
JOIN tasks_app_assignment AS a ON a.id = c.assignment_id
JOIN tasks_app_response AS r ON r.id = a.response_id
JOIN tasks_app_task AS t ON t.id = a.task_id
JOIN tasks_app_category AS kind ON kind.id = t.category_id
JOIN tasks_app_city AS city ON city.id = t.city_id
WHERE c.id = %s
""")


def cancelled_assignment(cancellation_id: int) -> CancelledAssignment:
    """Raises NotFound."""
    found = rows(_DEAL, [cancellation_id])
    if not found:
        raise NotFound
    *told, time_zone = found[0]
    told.append(ZoneInfo(time_zone))
    return CancelledAssignment(*told)


_PAIR = Prepared("""
SELECT count(*) FROM tasks_app_cancellation AS c JOIN tasks_app_assignment AS a ON a.id = c.assignment_id
WHERE a.customer_id = %s AND a.executor_id = %s AND c.at >= %s AND c.at < %s
""")


def pair_cancellations(*, customer_id: int, executor_id: int, start: datetime, end: datetime) -> int:
    """How many deals of these two were cancelled in the time."""
    return int(first_value(_PAIR, [customer_id, executor_id, start, end]))


_JOBS = Prepared("""
SELECT a.id, a.window_start, a.window_end, ST_X(t.point), ST_Y(t.point)
FROM tasks_app_assignment AS a
JOIN tasks_app_task AS t ON t.id = a.task_id
LEFT JOIN tasks_app_cancellation AS c ON c.assignment_id = a.id
WHERE a.executor_id = %s AND a.window_start < %s AND a.window_end > %s AND a.id <> %s AND t.point IS NOT NULL
  AND a.chosen_at <= %s AND (c.id IS NULL OR c.at > %s)
""")


def other_jobs_near(
    *,
    executor_id: int,
    lon: float,
    lat: float,
    metres: float,
    start: datetime,
    end: datetime,
    but: int,
    as_of: datetime,
) -> list[OtherJob]:
    """The executor's assignments other than `but` whose time meets [start, end], within `metres`; chosen and not cancelled
    as it was known at `as_of`."""
    jobs = []
    for pk, begins, ends, job_lon, job_lat in rows(_JOBS, [executor_id, end, start, but, as_of, as_of]):
        away = distance_m(job_lon, job_lat, lon, lat)
        if away <= metres:
            jobs.append(OtherJob(pk, away, begins, ends))
    return sorted(jobs, key=lambda job: job.metres)


_RECORDS = Prepared("""
WITH asked AS (SELECT %s::bigint AS executor, %s::bigint AS customer, %s::timestamptz AS chosen, %s::timestamptz AS pair_since),
known AS (
  SELECT a.executor_id = executor AS own, a.customer_id = customer AS theirs, a.chosen_at < chosen AS earlier,
         c.at < %s AS cancelled, c.at >= pair_since AS lately
  FROM asked, tasks_app_assignment AS a LEFT JOIN tasks_app_cancellation AS c ON c.assignment_id = a.id
  WHERE (a.executor_id = %s OR a.customer_id = %s) AND a.chosen_at < %s AND a.id <> %s
)
SELECT count(*) FILTER (WHERE own), count(*) FILTER (WHERE own AND cancelled),
       count(*) FILTER (WHERE theirs), count(*) FILTER (WHERE theirs AND cancelled),
       count(*) FILTER (WHERE own AND theirs AND earlier), count(*) FILTER (WHERE own AND theirs AND cancelled AND lately)
FROM known
""")


def records_before(deal: CancelledAssignment, *, pair_since: datetime) -> Records:
    """The executor's and the customer's deals as they were known when this one was cancelled, without it; of the two together
    those chosen before it, and those cancelled since a moment."""
    known = [deal.executor_id, deal.customer_id, deal.chosen_at, pair_since]
    within = [deal.cancelled_at, deal.executor_id, deal.customer_id, deal.cancelled_at, deal.assignment_id]
    [counts] = rows(_RECORDS, [*known, *within])
    return Records(*counts)


# Metres by the haversine formula, as in tasks_app.geometry.
_METRES = """2 * 6371008.8 * asin(least(1, sqrt(
    power(sin(radians(lat - here_lat) / 2), 2)
    + cos(radians(here_lat)) * cos(radians(lat)) * power(sin(radians(lon - here_lon) / 2), 2))))"""
# Parameters as PastOf.parameters gives them. Prepared: over two months of partitions planning takes longer than reading.
_ASKED = "asked AS (SELECT %s::float8 AS here_lon, %s::float8 AS here_lat, %s::text AS zone)"
_IN_TIME = "executor_id = %s AND day BETWEEN %s AND %s AND at >= %s AND at < %s"

_BY_DAY = f"""
WITH {_ASKED}, fixes AS (
  SELECT (at AT TIME ZONE zone)::date AS local_day, {_METRES} AS metres, coalesce(accuracy_m, 50) AS accuracy
  FROM tasks_app_ping, asked WHERE {_IN_TIME}
), days AS (
  SELECT local_day, count(*) AS fixes, count(*) FILTER (WHERE metres <= %s::float8 + least(accuracy, 100)) AS near
  FROM fixes GROUP BY local_day
)"""  # noqa: S608  constants of this module only


@dataclass(frozen=True, slots=True)
class DayNear:
    """One local day with positions: how many of them, how many near the place."""

    day: date
    fixes: int
    near: int


_DAYS_NEAR = Prepared(f"{_BY_DAY} SELECT local_day, fixes, near FROM days ORDER BY local_day")  # noqa: S608


def days_near(past: PastOf, *, near_m: float) -> list[DayNear]:
    """Local days with positions one by one, oldest first; days without positions are not there."""
    return [DayNear(*row) for row in rows(_DAYS_NEAR, past.parameters(near_m))]


def local_day_start(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def days_before(moment: datetime, days: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The `days` local days before the day of `moment`."""
    end = local_day_start(moment, zone)
    return end - timedelta(days=days), end
