"""What was seen, silences, and how near and how fast somebody was at all, once more by one SQL statement over the raw pings;
as defined in `fraud.features.coverage` and `fraud.features.dwell`. A test compares the two."""

from datetime import datetime

from django.db import connection

from fraud.evidence.recompute_dwell import STEPS_SQL, nearness_sql
from fraud.evidence.situation import Deal, looked_at

COVERAGE_SQL = f"""
WITH {STEPS_SQL}, gone AS (  -- metres between the two ends; up to half an hour without a position counts as seen
  SELECT *, t1 - t0 AS length, t1 - t0 <= 1800 AS is_seen,
         2 * 6371008.8 * asin(least(1, sqrt(power(x1 - x0, 2) + power(y1 - y0, 2) + power(z1 - z0, 2)) / 2)) AS metres
  FROM steps
), agreed AS (  -- of the window, what may be looked at
  SELECT greatest(%(window_start)s, %(start_s)s) AS begins,
         greatest(least(%(window_end)s, %(end_s)s), %(window_start)s, %(start_s)s) AS ends
), seen AS (
  SELECT coalesce(sum(least(t1, %(end_s)s) - t0), 0) / 60 AS minutes,
         coalesce(sum(greatest(0, least(t1, ends) - greatest(t0, begins))), 0) AS within
  FROM gone, agreed WHERE is_seen
), silences AS (  -- `possible`: what was left for the point, at 8 m/s there and back
  SELECT t0, length, least(20000, least(d0, d1)) AS near, least(20000, greatest(d0, d1)) AS far,
         least(20000, greatest(0, d0 + d1 - metres)) AS detour,
         greatest({nearness_sql("d0", "a0", "150")}, {nearness_sql("d1", "a1", "150")}) AS likely,
         CASE WHEN t1 > %(window_start)s - 1800 AND t0 < %(window_end)s + 3600
              THEN greatest(0, length - (d0 + d1) / 8) / 60 ELSE 0 END AS possible
  FROM gone WHERE length > 900
), best AS (
  SELECT * FROM silences ORDER BY possible / (1 + far / 500) DESC, t0 LIMIT 1
), likely AS (
  SELECT t, {nearness_sql("d", "a", "150")} AS likely FROM placed
), closest AS (
  SELECT t, d FROM placed ORDER BY d + a / 2, t LIMIT 1
)
SELECT (SELECT d FROM closest) AS closest_m,
       (SELECT min(least(60, metres / greatest(1, length))) FROM gone, closest WHERE t IN (t0, t1)) AS closest_speed,
       CASE WHEN ends > begins THEN within / greatest(1, ends - begins) END AS seen_share, minutes AS seen_min,
       coalesce((SELECT max(length) FROM silences), 0) / 60 AS gap_min,
       coalesce((SELECT possible FROM best), 0) AS gap_possible_min, (SELECT far FROM best) AS gap_from_m,
       (SELECT near FROM best) AS gap_near_m, (SELECT detour FROM best) AS gap_detour_m,
       coalesce((SELECT max(least(300, possible) * likely) FROM silences), 0) AS silent_there_min,
       coalesce((SELECT CASE WHEN t > %(window_start)s - 1800 THEN least(18000, greatest(0, t - %(start_s)s)) / 60 * likely END
                 FROM likely ORDER BY t LIMIT 1), 0) AS silent_before_min,
       coalesce((SELECT CASE WHEN t < %(window_end)s + 3600 THEN least(18000, greatest(0, %(end_s)s - t)) / 60 * likely END
                 FROM likely ORDER BY t DESC LIMIT 1), 0) AS silent_after_min
FROM seen, agreed
"""  # noqa: S608  constants of this module only


def recompute_coverage(*, executor_id: int, deal: Deal, as_of: datetime) -> dict[str, float | None]:
    """By the names of the measures; None where there is nothing to measure."""
    start, end = looked_at(deal, as_of)
    parameters: dict[str, float | datetime] = {
        "executor": executor_id, "lat": deal.lat, "lon": deal.lon, "start": start, "end": end,
        "start_s": start.timestamp(), "end_s": end.timestamp(),
        "window_start": deal.window_start.timestamp(), "window_end": deal.window_end.timestamp(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COVERAGE_SQL, parameters)
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return {name: None if value is None else float(value) for name, value in zip(names, row, strict=True)}
