"""The longest time near the point once more, by one SQL statement over the raw pings; as defined in `fraud.features.episodes`.
A test compares the two."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from fraud.evidence.recompute_dwell import usual_minutes
from fraud.evidence.recompute_track import LOOKED_SQL
from fraud.evidence.situation import Deal, looked_at

EARTH_M = 6371008.8
NEAR_M, WIDE_M = 150.0, 400.0
SILENCE_S, BRIDGE_S = 1800.0, 10_800.0

STAY_SQL = f"""
WITH {LOOKED_SQL}, placed AS (  -- metres to the point, and east and north of it
  SELECT at, extract(epoch FROM at)::float8 AS t, a, {EARTH_M} * cos(radians(lat)) * sin(radians(lon - %(lon)s)) AS east,
         {EARTH_M} * (sin(radians(lat)) * cos(radians(%(lat)s))
                      - cos(radians(lat)) * sin(radians(%(lat)s)) * cos(radians(lon - %(lon)s))) AS north,
         2 * {EARTH_M} * asin(least(1, sqrt(
           power(sin(radians(lat - %(lat)s) / 2), 2)
           + cos(radians(%(lat)s)) * cos(radians(lat)) * power(sin(radians(lon - %(lon)s) / 2), 2)))) AS d
  FROM looked
), within AS (
  SELECT *, d <= %(radius)s + least(a, 100) / 2 AS inside FROM placed
), beside_them AS (
  SELECT *, lag(inside) OVER o AND lead(inside) OVER o AND lead(t) OVER o - lag(t) OVER o <= 360 AS between_near
  FROM within WINDOW o AS (ORDER BY at)
), clear AS (  -- neither too inexact to tell, nor a lone one elsewhere
  SELECT * FROM beside_them
  WHERE inside OR NOT (d - 2 * a <= %(radius)s OR coalesce(between_near, false))
), numbered AS (
  SELECT *, count(*) FILTER (WHERE fresh) OVER (ORDER BY at) AS run FROM (
    SELECT *, NOT coalesce(lag(inside) OVER o AND t - lag(t) OVER o <= %(silence)s, false) AS fresh
    FROM clear WINDOW o AS (ORDER BY at)) AS marked
), runs AS (
  SELECT run, min(t) AS t0, max(t) AS t1, count(*) AS fixes, sum(east / (a * a)) / sum(1 / (a * a)) AS east,
         sum(north / (a * a)) / sum(1 / (a * a)) AS north, percentile_disc(0.5) WITHIN GROUP (ORDER BY a) AS accuracy
  FROM numbered WHERE inside GROUP BY run
), best AS (
  SELECT *, (SELECT sqrt(sum((power(n.east - runs.east, 2) + power(n.north - runs.north, 2)) / (a * a)) / sum(1 / (a * a)))
             FROM numbered AS n WHERE inside AND n.run = runs.run) AS spread
  FROM runs ORDER BY t1 - t0 + 1e-3 * (fixes - 1) DESC, t0 LIMIT 1
), away AS (
  SELECT max(m) FILTER (WHERE t < t0) AS came, max(m) FILTER (WHERE t > t1) AS gone FROM (
    SELECT t, t0, t1, least(20000, sqrt(power(placed.east - best.east, 2) + power(placed.north - best.north, 2))) AS m
    FROM placed, best) AS ways
)
SELECT t0, t1, fixes, east, north, spread, accuracy::float8, came, gone,
       (SELECT t FROM placed WHERE t < t0 ORDER BY t DESC LIMIT 1) AS before_at,
       (SELECT d FROM placed WHERE t < t0 ORDER BY t DESC LIMIT 1) AS before_m,
       (SELECT t FROM placed WHERE t > t1 ORDER BY t LIMIT 1) AS after_at,
       (SELECT d FROM placed WHERE t > t1 ORDER BY t LIMIT 1) AS after_m
FROM best, away
"""  # noqa: S608  constants of this module only

COLUMNS_SQL = """
WITH s AS (
  SELECT *, coalesce((t1 - t0) / 60, 0) AS low,
         coalesce(greatest(0, t1 - greatest(t0, %(cancelled)s)) / 60, 0) AS late,
         CASE WHEN t0 IS NULL THEN 0 WHEN before_at IS NULL THEN least(1800, greatest(0, t0 - %(start)s))
              ELSE least(10800, greatest(0, t0 - before_at - greatest(0, before_m - 150) / 8)) END / 60 AS free_before,
         CASE WHEN t0 IS NULL THEN 0 WHEN after_at IS NULL THEN least(1800, greatest(0, %(end)s - t1))
              ELSE least(10800, greatest(0, after_at - t1 - greatest(0, after_m - 150) / 8)) END / 60 AS free_after
  FROM (SELECT %(t0)s::float8 AS t0, %(t1)s::float8 AS t1, %(before_at)s::float8 AS before_at,
               %(before_m)s::float8 AS before_m, %(after_at)s::float8 AS after_at, %(after_m)s::float8 AS after_m) AS told
)
SELECT low AS stay_min, late AS stay_after_min, low / %(usual)s AS stay_ratio,
       low + free_before + free_after AS stay_upper_min, (low + (free_before + free_after) / 2) / %(usual)s AS stay_mid_ratio,
       CASE WHEN t0 IS NULL THEN 0 ELSE (least(1800, t0 - coalesce(before_at, %(start)s))
            + least(1800, coalesce(after_at, %(end)s) - t1)) / 60 END AS stay_silence_min,
       CASE WHEN t1 IS NOT NULL THEN least((t1 - %(cancelled)s) / 60, 60) END AS stay_end_min, t0 AS stay_begin, t1 AS stay_finish
FROM s
"""


Row = dict[str, float | None]


def recompute_stays(*, executor_id: int, deal: Deal, as_of: datetime) -> tuple[Row, tuple[float, float]]:
    """The measures by name, None where there is no stay, and metres east and north of the point of where the person was
    (of the near stay, else of the wide one; the point itself without either)."""
    near, wide, bridged = (
        _longest(executor_id, deal, as_of, radius, silence)
        for radius, silence in ((NEAR_M, SILENCE_S), (WIDE_M, SILENCE_S), (NEAR_M, BRIDGE_S))
    )
    there = near if near["t0"] is not None else wide
    told = {
        **_row(COLUMNS_SQL, {**_times(deal, as_of), **near}),
        "stay_m": _metres(near), "stay_fixes": near["fixes"] or 0.0, "stay_spread_m": near["spread"],
        "stay_accuracy_m": near["accuracy"], "came_from_m": near["came"], "left_to_m": near["gone"],
        "wide_m": _metres(wide), "wide_spread_m": wide["spread"],
    }  # fmt: skip
    around = _row(COLUMNS_SQL, {**_times(deal, as_of), **wide})
    over_silences = _row(COLUMNS_SQL, {**_times(deal, as_of), **bridged})
    told |= {
        "wide_min": around["stay_min"],
        "wide_after_min": around["stay_after_min"],
        "bridged_min": over_silences["stay_min"],
    }
    return told, (there["east"] or 0.0, there["north"] or 0.0)


def _longest(executor_id: int, deal: Deal, as_of: datetime, radius: float, silence: float) -> Row:
    start, end = looked_at(deal, as_of)
    return _row(
        STAY_SQL,
        {
            "executor": executor_id,
            "lat": deal.lat,
            "lon": deal.lon,
            "start": start,
            "end": end,
            "radius": radius,
            "silence": silence,
        },
    )


def _times(deal: Deal, as_of: datetime) -> dict[str, float]:
    start, end = looked_at(deal, as_of)
    return {
        "start": start.timestamp(),
        "end": end.timestamp(),
        "cancelled": deal.cancelled_at.timestamp(),
        "usual": usual_minutes(deal),
    }


def _row(sql: str, parameters: Mapping[str, float | datetime | None]) -> Row:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description]
        found = cursor.fetchone() or [None] * len(names)
    return {name: None if value is None else float(value) for name, value in zip(names, found, strict=True)}


def _metres(stay: Row) -> float | None:
    if stay["east"] is None or stay["north"] is None:
        return None
    return float((stay["east"] ** 2 + stay["north"] ** 2) ** 0.5)
