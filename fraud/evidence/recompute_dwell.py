"""Minutes near the point once more, by one SQL statement over the raw pings; as defined in `fraud.features.dwell`. A test
compares the two."""

from datetime import datetime

from django.db import connection

from fraud.evidence.recompute_track import LOOKED_SQL, metres_sql, vector_sql
from fraud.evidence.situation import Deal, looked_at


def nearness_sql(metres: str, accuracy: str, radius: str) -> str:
    """How likely the true place lies within the radius, 0–1. Two to the power of −1000 is nothing; of less, an error."""
    return (
        f"(1 - power(2::float8, greatest(-1000, -power({radius} / ({accuracy}), 2))))"
        f" / (1 + exp(least(60, (({metres}) - {radius}) / (({accuracy}) / 1.7))))"
    )


# From the point's unit vector to a position's (x, y, z) is a straight way that knows neither poles nor a date line.
STEPS_SQL = f"""{LOOKED_SQL}, point AS (
  SELECT {vector_sql("%(lat)s::float8", "%(lon)s::float8")}
), placed AS (  -- seconds, metres to the point, and where that is from the point, in radii of the Earth
  SELECT extract(epoch FROM at)::float8 AS t, a, {metres_sql("%(lat)s", "%(lon)s", "lat", "lon")} AS d,
         here.x - point.x AS x, here.y - point.y AS y, here.z - point.z AS z
  FROM looked, point, LATERAL (SELECT {vector_sql("lat", "lon")}) AS here
), steps AS (  -- from one position to the next
  SELECT * FROM (
    SELECT t AS t0, a AS a0, d AS d0, x AS x0, y AS y0, z AS z0, lead(t) OVER o AS t1, lead(a) OVER o AS a1,
           lead(d) OVER o AS d1, lead(x) OVER o AS x1, lead(y) OVER o AS y1, lead(z) OVER o AS z1
    FROM placed WINDOW o AS (ORDER BY t)
  ) AS pairs WHERE t1 IS NOT NULL
)"""  # noqa: S608  constants of this module only

DWELL_SQL = f"""
WITH {STEPS_SQL}, radii AS (
  SELECT radius::float8 FROM (VALUES (60), (100), (150), (250), (400)) AS told(radius)
), pieces AS (  -- a step of at most a minute is one piece; a longer one is followed on the straight way, at four places
  SELECT t0, (d0 + d1) / 2 AS metres FROM steps WHERE t1 - t0 <= 60
  UNION ALL
  SELECT t0, 6371008.8 * sqrt(power(x0 + f * (x1 - x0), 2) + power(y0 + f * (y1 - y0), 2) + power(z0 + f * (z1 - z0), 2))
  FROM steps, (SELECT n / 8.0::float8 AS f FROM generate_series(1, 7, 2) AS n) AS parts WHERE t1 - t0 > 60
), walked AS (
  SELECT t0, radius, avg({nearness_sql("metres", "(a0 + a1) / 2", "radius")}) AS likely
  FROM pieces JOIN steps USING (t0), radii GROUP BY t0, radius
), ends AS (
  SELECT t0, radius, least({nearness_sql("d0", "a0", "radius")}, {nearness_sql("d1", "a1", "radius")}) AS likely
  FROM steps, radii
), timed AS (  -- of a silence only its first half hour, and only when it begins and ends near
  SELECT radius, t0, t1, least(t1 - t0, 1800) / 60
         * CASE WHEN t1 - t0 <= 1800 THEN walked.likely WHEN ends.likely >= 0.5 THEN ends.likely ELSE 0 END AS minutes
  FROM steps JOIN walked USING (t0) JOIN ends USING (t0, radius)
), dwelt AS (
  SELECT radius, sum(minutes) AS minutes, sum(minutes * greatest(0, t1 - greatest(t0, %(cancelled)s)) / (t1 - t0)) AS after,
         sum(minutes * greatest(0, least(t1, %(window_end)s) - greatest(t0, %(window_start)s)) / (t1 - t0)) AS inside
  FROM timed GROUP BY radius
), at_150 AS (
  SELECT coalesce(sum(minutes), 0) AS minutes, coalesce(sum(after), 0) AS after, coalesce(sum(inside), 0) AS inside
  FROM dwelt WHERE radius = 150
), near AS (
  SELECT coalesce(sum({nearness_sql("d", "a", "150")}), 0) AS likely, greatest(1, count(*)) AS fixes FROM placed
)
SELECT coalesce((SELECT minutes FROM dwelt WHERE radius = 60), 0) AS dwell_60,
       coalesce((SELECT minutes FROM dwelt WHERE radius = 100), 0) AS dwell_100, minutes AS dwell_150,
       coalesce((SELECT minutes FROM dwelt WHERE radius = 250), 0) AS dwell_250,
       coalesce((SELECT minutes FROM dwelt WHERE radius = 400), 0) AS dwell_400,
       coalesce((SELECT after FROM dwelt WHERE radius = 100), 0) AS after_100, after AS after_150,
       coalesce((SELECT after FROM dwelt WHERE radius = 250), 0) AS after_250,
       coalesce((SELECT after FROM dwelt WHERE radius = 400), 0) AS after_400,
       greatest(0, minutes - after) AS before_150, inside AS window_150,
       minutes / %(usual)s AS dwell_ratio, after / %(usual)s AS after_ratio,
       least(100, likely) AS near_fixes, likely / fixes AS near_share
FROM at_150, near
"""  # noqa: S608  constants of this module only


def recompute_dwell(*, executor_id: int, deal: Deal, as_of: datetime) -> dict[str, float]:
    """By the names of the measures: minutes, and what is made of them."""
    start, end = looked_at(deal, as_of)
    parameters: dict[str, float | datetime] = {
        "executor": executor_id, "lat": deal.lat, "lon": deal.lon, "start": start, "end": end,
        "cancelled": deal.cancelled_at.timestamp(), "window_start": deal.window_start.timestamp(),
        "window_end": deal.window_end.timestamp(), "usual": usual_minutes(deal),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(DWELL_SQL, parameters)
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return {name: float(value) for name, value in zip(names, row, strict=True)}


def usual_minutes(deal: Deal) -> float:
    """What such work takes: an hour when nobody said, five minutes at least."""
    return float(max(deal.expected_minutes, 5) if deal.expected_minutes > 0 else 60)
