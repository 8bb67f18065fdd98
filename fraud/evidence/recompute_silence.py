"""Silences, and how near somebody was at all, once more by one SQL statement over the raw pings; as defined in
`fraud.features.coverage` and `fraud.features.dwell`. A test compares the two."""

from datetime import datetime

from django.db import connection

from fraud.evidence.recompute_track import LOOKED_SQL, metres_sql
from fraud.evidence.situation import Deal, looked_at

SILENCE_SQL = f"""
WITH {LOOKED_SQL}, placed AS (  -- metres to the point
  SELECT extract(epoch FROM at)::float8 AS t, a, {metres_sql("%(lat)s", "%(lon)s", "lat", "lon")} AS d FROM looked
), steps AS (
  SELECT t AS t0, d AS d0, lead(t) OVER o AS t1, lead(d) OVER o AS d1 FROM placed WINDOW o AS (ORDER BY t)
), silences AS (  -- `possible`: what was left for the point, at 8 m/s there and back
  SELECT t0, t1 - t0 AS length, least(20000, least(d0, d1)) AS near, least(20000, greatest(d0, d1)) AS far,
         CASE WHEN t1 > %(window_start)s - 1800 AND t0 < %(window_end)s + 3600
              THEN greatest(0, t1 - t0 - (d0 + d1) / 8) / 60 ELSE 0 END AS possible
  FROM steps WHERE t1 - t0 > 900
), best AS (
  SELECT * FROM silences ORDER BY possible / (1 + far / 500) DESC, t0 LIMIT 1
), last AS (
  SELECT *, (1 - power(2, -power(150 / a, 2))) / (1 + exp(least(60, (d - 150) / (a / 1.7)))) AS likely
  FROM placed ORDER BY t DESC LIMIT 1
)
SELECT (SELECT d FROM placed ORDER BY d + a / 2, t LIMIT 1) AS closest_m,
       coalesce((SELECT max(length) FROM silences), 0) / 60 AS gap_min,
       coalesce((SELECT possible FROM best), 0) AS gap_possible_min, (SELECT far FROM best) AS gap_from_m,
       (SELECT near FROM best) AS gap_near_m,
       coalesce((SELECT least(18000, greatest(0, %(end_s)s - t)) / 60 * likely FROM last
                 WHERE t < %(window_end)s + 3600), 0) AS silent_after_min
"""  # noqa: S608  constants of this module only


def recompute_silence(*, executor_id: int, deal: Deal, as_of: datetime) -> dict[str, float | None]:
    """By the names of the measures; None where there is nothing to measure."""
    start, end = looked_at(deal, as_of)
    parameters: dict[str, float | datetime] = {
        "executor": executor_id, "lat": deal.lat, "lon": deal.lon, "start": start, "end": end, "end_s": end.timestamp(),
        "window_start": deal.window_start.timestamp(), "window_end": deal.window_end.timestamp(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SILENCE_SQL, parameters)
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return {name: None if value is None else float(value) for name, value in zip(names, row, strict=True)}
