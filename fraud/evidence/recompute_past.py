"""How usual a place is for the person once more, by one SQL statement over the kept stays and the raw pings; as defined in
`fraud.features.past`. A test compares the two. Days whose pings are forgotten are not counted here: they are kept as arrays
that SQL cannot read."""

from datetime import datetime

from django.db import connection

from fraud.evidence.recompute_track import LOOKED_SQL, vector_sql
from fraud.evidence.situation import Deal, looked_at
from fraud.stays.detector import StayRules

EARTH_M = 6371008.8


def _apart(a: str, b: str) -> str:
    """Great-circle metres between two such."""
    return (
        f"2 * {EARTH_M} * asin(least(1, sqrt(power({a}.x - {b}.x, 2) + power({a}.y - {b}.y, 2)"
        f" + power({a}.z - {b}.z, 2)) / 2))"
    )


PAST_SQL = f"""
WITH {LOOKED_SQL}, point AS (
  SELECT {vector_sql("%(lat)s", "%(lon)s")}, round(((%(lon)s + 540)::numeric %% 360 - 180)::float8 / 15) * 3600 AS solar
), shifted AS (  -- where the person was in the time looked at, not yet of length one
  SELECT x + (-sin(radians(%(lon)s)) * %(east)s - sin(radians(%(lat)s)) * cos(radians(%(lon)s)) * %(north)s) / {EARTH_M} AS x,
         y + (cos(radians(%(lon)s)) * %(east)s - sin(radians(%(lat)s)) * sin(radians(%(lon)s)) * %(north)s) / {EARTH_M} AS y,
         z + cos(radians(%(lat)s)) * %(north)s / {EARTH_M} AS z
  FROM point
), centre AS (
  SELECT x / n AS x, y / n AS y, z / n AS z, solar, floor((least(%(past)s, %(window_start)s) + solar) / 86400) AS cut,
         floor((%(window_start)s + solar) / 86400)::int %% 7 AS weekday
  FROM (SELECT shifted.*, sqrt(shifted.x ^ 2 + shifted.y ^ 2 + shifted.z ^ 2) AS n, solar FROM shifted, point) AS measured
), days AS (  -- seen days, the first and the last position of each
  SELECT day, (array_agg(lat ORDER BY at))[1] AS lat0, (array_agg(lon ORDER BY at))[1] AS lon0,
         (array_agg(lat ORDER BY at DESC))[1] AS lat1, (array_agg(lon ORDER BY at DESC))[1] AS lon1
  FROM (SELECT *, floor((extract(epoch FROM at)::float8 + solar) / 86400) AS day FROM thinned, centre) AS dated
  WHERE day >= cut - 365 AND day < cut GROUP BY day
), edges AS (
  SELECT day, least({_apart("first", "centre")}, {_apart("last", "centre")}) AS metres
  FROM days, centre, LATERAL (SELECT {vector_sql("lat0", "lon0")}) AS first, LATERAL (SELECT {vector_sql("lat1", "lon1")}) AS last
), kept AS (  -- the open stay counts as it is known now
  SELECT extract(epoch FROM start)::float8 AS t0, extract(epoch FROM "end")::float8 AS t1,
         extract(epoch FROM closed_at)::float8 AS closed, fixes, {vector_sql("lat", "lon")}
  FROM fraud_keptstay WHERE person_id = %(executor)s
  UNION ALL
  SELECT extract(epoch FROM start)::float8, extract(epoch FROM "end")::float8, extract(epoch FROM "end")::float8 + %(silence)s,
         fixes, x / n, y / n, z / n
  FROM (SELECT *, sqrt(x ^ 2 + y ^ 2 + z ^ 2) AS n FROM fraud_kepttrack WHERE person_id = %(executor)s) AS track
  WHERE fixes > 0 AND extract(epoch FROM "end" - start) >= %(shortest)s
), stays AS (
  SELECT kept.*, floor((t0 + solar) / 86400) AS day, {_apart("kept", "centre")} AS to_centre, {_apart("kept", "point")} AS to_point,
         concat_ws(',', round(kept.x * {EARTH_M} / 250), round(kept.y * {EARTH_M} / 250), round(kept.z * {EARTH_M} / 250)) AS cell,
         t0 + round((%(window_start)s - t0) / 86400) * 86400 AS near0, t1 + round((%(window_start)s - t0) / 86400) * 86400 AS near1
  FROM kept, centre, (SELECT x, y, z FROM point) AS point
  WHERE closed <= %(past)s AND t1 >= %(past)s - 365 * 86400.0 AND floor((t0 + solar) / 86400) < cut
), regular AS (
  SELECT min(to_centre) AS metres FROM stays
  WHERE cell IN (SELECT cell FROM stays GROUP BY cell HAVING count(DISTINCT day) >= 3)
), counted AS (
  SELECT count(*) AS stays, sum(t1 - t0) / 3600 AS hours, sum(fixes) AS fixes, max(day) FILTER (WHERE here) AS lately,
         count(DISTINCT day) FILTER (WHERE here) AS here_days, count(DISTINCT day) FILTER (WHERE to_point <= 150) AS near_days,
         count(DISTINCT day) FILTER (WHERE to_point <= 400) AS far_days,
         count(DISTINCT day) FILTER (WHERE here AND touches) AS hours_days,
         count(DISTINCT day) FILTER (WHERE here AND day::int %% 7 = weekday) AS weekdays,
         coalesce(sum(t1 - t0) FILTER (WHERE here), 0) / 60 AS here_min
  FROM (SELECT stays.*, weekday, to_centre <= 100 AS here,
               (near0 < %(window_end)s AND near1 > %(window_start)s)
               OR (near0 + 86400 < %(window_end)s AND near1 + 86400 > %(window_start)s)
               OR (near0 - 86400 < %(window_end)s AND near1 - 86400 > %(window_start)s) AS touches
        FROM stays, centre) AS told
), seen AS (
  SELECT count(*) AS days, count(*) FILTER (WHERE metres <= 150) AS edge_days,
         count(*) FILTER (WHERE day::int %% 7 = weekday) AS weekdays
  FROM edges, centre
)
SELECT least(60, seen.days) AS past_days, least(30, here_days) AS past_here_days,
       (here_days + 0.1) / (seen.days + 7.0) AS past_here_share, (near_days + 0.1) / (seen.days + 7.0) AS past_near_share,
       (far_days + 0.1) / (seen.days + 7.0) AS past_far_share, here_min / (seen.days + 1) AS past_here_min_per_day,
       (hours_days + 0.1) / (seen.days + 7.0) AS past_hours_share, (edge_days + 0.1) / (seen.days + 7.0) AS past_edge_share,
       (counted.weekdays + 0.1) / (seen.weekdays + 2.0) AS past_weekday_share,
       CASE WHEN lately IS NULL THEN 400 ELSE cut - lately END AS past_ago_days, least(20000, coalesce(metres, 20000)) AS regular_m,
       CASE WHEN hours > 0 THEN least(240, fixes / hours) END AS past_fixes_per_h, stays / (seen.days + 1.0) AS past_stays_per_day
FROM counted, seen, regular, centre
"""  # noqa: S608  constants of this module only


def recompute_past(
    *, executor_id: int, deal: Deal, as_of: datetime, there: tuple[float, float]
) -> dict[str, float | None]:
    """By the names of the measures. `there`: metres east and north of the point, see `recompute_stays`."""
    start, end = looked_at(deal, as_of)
    rules = StayRules()
    parameters: dict[str, float | datetime] = {
        "executor": executor_id, "lat": deal.lat, "lon": deal.lon, "east": there[0], "north": there[1], "start": start,
        "end": end, "past": min(start, as_of).timestamp(), "window_start": deal.window_start.timestamp(),
        "window_end": deal.window_end.timestamp(), "silence": rules.max_gap_s, "shortest": rules.min_s,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PAST_SQL, parameters)
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return {name: None if value is None else float(value) for name, value in zip(names, row, strict=True)}
