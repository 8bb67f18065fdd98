"""The rule's measures once more, by one SQL statement over the raw pings: anybody can check a figure without our code.

Stays and dwell as defined in `fraud.evidence.presence`; a test compares the two on tracks of every kind.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from fraud.evidence.presence import RADII_M
from fraud.evidence.situation import Deal, looked_at

MEASURES_SQL = """
WITH fixes AS (
  SELECT at, client_id, lon, lat, greatest(10, coalesce(accuracy_m, 50)) AS a,
         2 * 6371008.8 * asin(least(1, sqrt(
           power(sin(radians(lat - %(lat)s) / 2), 2)
           + cos(radians(%(lat)s)) * cos(radians(lat)) * power(sin(radians(lon - %(lon)s) / 2), 2)))) AS d
  FROM tasks_app_ping
  WHERE executor_id = %(executor)s AND at BETWEEN %(start)s AND %(end)s
), weighed AS (
  SELECT *, (1 - power(2, -power(60 / a, 2))) / (1 + exp(least(60, (d - 60) / (a / 1.7)))) AS w60,
            (1 - power(2, -power(100 / a, 2))) / (1 + exp(least(60, (d - 100) / (a / 1.7)))) AS w100,
            (1 - power(2, -power(150 / a, 2))) / (1 + exp(least(60, (d - 150) / (a / 1.7)))) AS w150,
            (1 - power(2, -power(250 / a, 2))) / (1 + exp(least(60, (d - 250) / (a / 1.7)))) AS w250
  FROM fixes
), steps AS (
  SELECT at AS a0, lead(at) OVER o AS a1,
         (w60 + lead(w60) OVER o) / 2 AS s60, (w100 + lead(w100) OVER o) / 2 AS s100,
         (w150 + lead(w150) OVER o) / 2 AS s150, (w250 + lead(w250) OVER o) / 2 AS s250
  FROM weighed WINDOW o AS (ORDER BY at, client_id)
), timed AS (
  SELECT *, extract(epoch FROM a1 - a0) / 60 AS minutes,
         greatest(0, extract(epoch FROM a1 - greatest(a0, %(cancelled)s)) / 60) AS late
  FROM steps WHERE a1 - a0 <= interval '20 min'
), clear AS (
  SELECT at, client_id, a, lon, lat, w150 >= 0.5 AS near, lag(at) OVER o AS before, lag(w150 >= 0.5) OVER o AS near_before
  FROM weighed WHERE w150 >= 0.5 OR d - 2 * a > 150 WINDOW o AS (ORDER BY at, client_id)
), numbered AS (
  SELECT *, count(*) FILTER (WHERE NOT coalesce(near AND near_before AND at - before <= interval '20 min', false))
            OVER (ORDER BY at, client_id) AS island FROM clear
), stays AS (
  SELECT min(at) AS start, max(at) AS "end", count(*) AS fixes,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY a) AS accuracy,
         sum(radians(mod((lon - %(lon)s + 540)::numeric, 360)::float8 - 180) * 6371008.8 * cos(radians(%(lat)s)) / (a * a))
           / sum(1 / (a * a)) AS east,
         sum(radians(lat - %(lat)s) * 6371008.8 / (a * a)) / sum(1 / (a * a)) AS north
  FROM numbered WHERE near GROUP BY island HAVING count(*) > 1
), main AS (
  SELECT *, sqrt(east * east + north * north) AS metres FROM stays ORDER BY "end" - start DESC, start LIMIT 1
), edges AS (
  SELECT at FROM fixes WHERE at > %(open)s AND at < %(close)s
  UNION ALL SELECT unnest(ARRAY[%(open)s, %(close)s]) WHERE %(open)s < %(close)s
), gaps AS (
  SELECT * FROM (SELECT at AS start, lead(at) OVER (ORDER BY at) AS "end" FROM edges) AS pairs
  WHERE "end" - start > interval '20 min'
)
SELECT (SELECT count(*) FROM fixes), coalesce(sum(minutes * s60), 0), coalesce(sum(minutes * s100), 0),
       coalesce(sum(minutes * s150), 0), coalesce(sum(minutes * s250), 0), coalesce(sum(late * s150), 0),
       coalesce(sum((minutes - late) * s150), 0), coalesce(sum(minutes), 0), (SELECT count(*) FROM stays),
       (SELECT start FROM main), (SELECT "end" FROM main), (SELECT fixes FROM main), (SELECT metres FROM main),
       (SELECT accuracy FROM main), (SELECT array_agg(ARRAY[start, "end"] ORDER BY start) FROM stays),
       (SELECT array_agg(ARRAY[start, "end"] ORDER BY start) FROM gaps)
FROM timed
"""


@dataclass(frozen=True, slots=True)
class Measures:
    """Minutes, metres and counts as in `presence.Presence` and its main stay."""

    fixes: int
    dwell: dict[int, float]
    after: float
    before: float
    seen: float
    stays: int
    start: datetime | None
    end: datetime | None
    stay_fixes: int | None
    metres: float | None
    accuracy_m: float | None
    all_stays: list[list[datetime]]
    gaps: list[list[datetime]]


def recompute(*, executor_id: int, deal: Deal, as_of: datetime) -> Measures:
    start, end = looked_at(deal, as_of)
    parameters: dict[str, float | datetime] = {
        "executor": executor_id,
        "lon": deal.lon,
        "lat": deal.lat,
        "start": start,
        "end": end,
        "cancelled": deal.cancelled_at,
        "open": max(start, deal.window_start),
        "close": min(end, deal.window_end),
    }
    with connection.cursor() as cursor:
        cursor.execute(MEASURES_SQL, parameters)
        row = cursor.fetchone()
    minutes = [float(value) for value in row[1:8]]
    return Measures(
        fixes=row[0],
        dwell=dict(zip(RADII_M, minutes[:4], strict=True)),
        after=minutes[4],
        before=minutes[5],
        seen=minutes[6],
        stays=row[8],
        start=row[9],
        end=row[10],
        stay_fixes=row[11],
        metres=row[12],
        accuracy_m=row[13],
        all_stays=row[14] or [],
        gaps=row[15] or [],
    )
