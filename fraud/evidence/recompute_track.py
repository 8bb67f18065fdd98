"""Whether positions can be true, and how much was seen, once more by one SQL statement over the raw pings; as defined in
`fraud.features.coverage` and `fraud.features.clock`. A test compares the two."""

from datetime import datetime

from django.db import connection

from fraud.evidence.situation import Deal, looked_at


def metres_sql(lat0: str, lon0: str, lat: str, lon: str) -> str:
    """Haversine, as in tasks_app.geometry."""
    return (
        f"2 * 6371008.8 * asin(least(1, sqrt(power(sin(radians({lat} - {lat0}) / 2), 2)"
        f" + cos(radians({lat0})) * cos(radians({lat})) * power(sin(radians({lon} - {lon0}) / 2), 2))))"
    )


def vector_sql(lat: str, lon: str) -> str:
    """A unit vector as three columns."""
    return (
        f"cos(radians({lat})) * cos(radians({lon})) AS x, cos(radians({lat})) * sin(radians({lon})) AS y,"
        f" sin(radians({lat})) AS z"
    )


LOOKED_SQL = f"""
known AS (  -- everything up to the moment; of two positions at one instant the more accurate
  SELECT DISTINCT ON (at) at, lat, lon, skew_ms, accuracy_m AS told,
         CASE WHEN accuracy_m IS NULL THEN CASE source WHEN 2 THEN 150 ELSE 30 END
              ELSE least(5000, greatest(10, accuracy_m)) END AS a,
         accuracy_m IS NOT NULL OR source = 2 AS is_told
  FROM tasks_app_ping WHERE executor_id = %(executor)s AND at <= %(end)s
  ORDER BY at, coalesce(accuracy_m, CASE source WHEN 2 THEN 150 ELSE 1e9 END), client_id
), thinned AS (  -- at most one in a quarter minute
  SELECT DISTINCT ON (floor(extract(epoch FROM at) / 15)) * FROM known ORDER BY floor(extract(epoch FROM at) / 15), at
), thin AS (
  SELECT * FROM thinned WHERE at >= %(start)s
), beside AS (
  SELECT *, lag(at) OVER o AS ta, lag(lat) OVER o AS ya, lag(lon) OVER o AS xa, lead(at) OVER o AS tb,
         lead(lat) OVER o AS yb, lead(lon) OVER o AS xb
  FROM thin WINDOW o AS (ORDER BY at)
), ways AS (
  SELECT *, {metres_sql("ya", "xa", "lat", "lon")} AS came, {metres_sql("lat", "lon", "yb", "xb")} AS went,
         {metres_sql("ya", "xa", "yb", "xb")} AS across,
         greatest(1, extract(epoch FROM at - ta)) AS before, greatest(1, extract(epoch FROM tb - at)) AS after
  FROM beside
), looked AS (  -- without lone wild positions: out and back faster than anybody travels
  SELECT at, lat, lon, skew_ms, a, is_told FROM ways
  WHERE NOT coalesce(came > 30 * before AND went > 30 * after AND across < least(came, went) / 2, false)
)"""  # noqa: S608  constants of this module only

TRACK_SQL = f"""
WITH {LOOKED_SQL}, led AS (
  SELECT *, lag(at) OVER o AS at0, lag(lat) OVER o AS lat0, lag(lon) OVER o AS lon0 FROM known WINDOW o AS (ORDER BY at)
), made AS (  -- real steps and what marks them: both places, and the time between in units of five seconds
  SELECT at, concat_ws(',', round(lat0 * 1e6), round(lon0 * 1e6), round(lat * 1e6), round(lon * 1e6),
                       round((extract(epoch FROM at - at0) / 5)::float8)) AS mark
  FROM led WHERE {metres_sql("lat0", "lon0", "lat", "lon")} > 30
    AND NOT (abs(lat * 1e4 - round(lat * 1e4)) < 1e-3 AND abs(lon * 1e4 - round(lon * 1e4)) < 1e-3)
    AND NOT (abs(lat0 * 1e4 - round(lat0 * 1e4)) < 1e-3 AND abs(lon0 * 1e4 - round(lon0 * 1e4)) < 1e-3)
), marked AS (
  SELECT at, extract(epoch FROM at - min(at) OVER (PARTITION BY mark))::float8 AS ago FROM made
), again AS (  -- three steps in a row, made equally long before
  SELECT at FROM (
    SELECT at, ago, lag(ago) OVER o AS ago1, lag(ago, 2) OVER o AS ago2 FROM marked WINDOW o AS (ORDER BY at)
  ) AS run
  WHERE least(ago, ago1) > 43200 AND abs(ago - ago1) <= 5 AND abs(ago1 - ago2) <= 5
), pairs AS (
  SELECT *, lead(at) OVER o AS at1, lead(lat) OVER o AS lat1, lead(lon) OVER o AS lon1, lead(a) OVER o AS a1,
         lead(is_told) OVER o AS is_told1
  FROM looked WINDOW o AS (ORDER BY at)
), steps AS (
  SELECT a, a1, is_told AND is_told1 AND a = a1 AS equal, extract(epoch FROM at1 - at)::float8 AS seconds,
         {metres_sql("lat", "lon", "lat1", "lon1")} AS gone
  FROM pairs WHERE at1 IS NOT NULL
), told AS (
  SELECT count(*) AS count, count(*) FILTER (WHERE gone > 30) AS moves,
         count(*) FILTER (WHERE gone < 0.05 AND seconds > 5) AS same, count(*) FILTER (WHERE equal) AS equal,
         count(*) FILTER (WHERE gone - 2 * (a + a1) > greatest(1000, 70 * greatest(seconds, 1))) AS leaps,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds) / 60 AS cadence
  FROM steps
)
SELECT least((SELECT count(*) FROM looked), 500) AS fixes, cadence AS cadence_min,
       (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY a) FROM looked) AS accuracy_m,
       (SELECT avg(is_told::int)::float8 FROM looked) AS told_share, least(leaps, 10) AS leaps,
       CASE WHEN count >= 5 THEN same::float8 / count END AS frozen_share,
       CASE WHEN count >= 5 THEN equal::float8 / count END AS equal_accuracy_share,
       CASE WHEN moves < 3 THEN 0 ELSE (SELECT count(*) FROM looked JOIN again USING (at))::float8 / moves END AS replay_share,
       (SELECT abs(percentile_disc(0.5) WITHIN GROUP (ORDER BY skew_ms)) / 60000.0 FROM looked) AS clock_off_min,
       (SELECT (max(skew_ms) - min(skew_ms)) / 60000.0 FROM looked) AS clock_turned_min
FROM told
"""  # noqa: S608  constants of this module only


def recompute_track(*, executor_id: int, deal: Deal, as_of: datetime) -> dict[str, float | None]:
    """By the names of the measures; None where there are too few positions to say."""
    start, end = looked_at(deal, as_of)
    with connection.cursor() as cursor:
        cursor.execute(TRACK_SQL, {"executor": executor_id, "start": start, "end": end})
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return {name: None if value is None else float(value) for name, value in zip(names, row, strict=True)}
