"""What the figures of a day are made of, counted by the database: however many cancellations there are, only sums, medians and
shares come over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from fraud.scoring.by_rule import PREFIX

LAST_LOOK = "moment = 'plus_2h' AND late = 0 AND scored_at >= %(start)s AND scored_at < %(end)s"

# Champion and shadow are given the same row of measures: of each cancellation one. The first rule's had other names.
MEASURED = f"""
    SELECT DISTINCT ON (cancellation_id, scored_at >= %(day)s) measures, scored_at >= %(day)s AS fresh FROM fraud_score
    WHERE {LAST_LOOK} AND measures ? 'seen_min' ORDER BY cancellation_id, scored_at >= %(day)s, id DESC"""  # noqa: S608  constants of this module only

JUDGED = f"""
    SELECT count(*), percentile_disc(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM scored_at - as_of)),
           count(*) FILTER (WHERE scored_at >= %(since)s AND starts_with(model_version, %(rule)s))
    FROM fraud_score WHERE role = 'champion' AND {LAST_LOOK}"""  # noqa: S608  constants of this module only

POSITIONS = f"""
    WITH told AS (
        SELECT (measures->>'seen_min')::float8 AS seen, nullif((measures->>'fixes')::float8, 0) AS fixes,
               nullif((measures->>'stay_accuracy_m')::float8, 0) AS accuracy
        FROM ({MEASURED}) AS measured)
    SELECT count(fixes) FILTER (WHERE seen <> 0),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seen / fixes) FILTER (WHERE seen <> 0),
           count(accuracy), percentile_cont(0.5) WITHIN GROUP (ORDER BY accuracy)
    FROM told"""  # noqa: S608  constants of this module only

SPREAD = f"""
    WITH told AS (
        SELECT name, fresh, (measures->>name)::float8 AS value
        FROM ({MEASURED}) AS measured CROSS JOIN unnest(%(names)s::text[]) AS name WHERE measures ? name
    ), tenths AS (
        SELECT name, unnest(percentile_cont(%(tenths)s::float8[]) WITHIN GROUP (ORDER BY value)) AS cut
        FROM told WHERE NOT fresh GROUP BY name
    ), cuts AS (
        SELECT name, array_agg(DISTINCT cut) AS cuts FROM tenths GROUP BY name
    )
    SELECT name, (SELECT count(*) FROM unnest(cuts) AS cut WHERE cut < value) AS bin, cardinality(cuts) + 1,
           count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh)
    FROM told JOIN cuts USING (name) GROUP BY name, cuts, bin"""  # noqa: S608  constants of this module only

TENTHS = [n / 10 for n in range(1, 10)]


@dataclass(frozen=True, slots=True)
class Judged:
    """`delay_p95`: seconds from the moment to the score, within which 95 of 100 are; None without any. `by_rule`: how many the
    readable rule judged since a model has the work."""

    count: int
    delay_p95: float | None
    by_rule: int


@dataclass(frozen=True, slots=True)
class Positions:
    """Medians, each of so many cancellations: minutes seen for each position, metres of accuracy of the stay."""

    cadences: int
    cadence: float | None
    accuracies: int
    accuracy: float | None


@dataclass(slots=True)
class Spread:
    """Values of one measure, by bins of which each holds about a tenth of the usual ones."""

    fresh: list[int]
    usual: list[int]


def judged(start: datetime, end: datetime, *, since: datetime) -> Judged:
    """By the champion at the last moment, first time. `since`: when the model of today was given the work."""
    (row,) = _rows(JUDGED, start=start, end=end, since=since, rule=PREFIX)
    return Judged(*row)


def positions(start: datetime, end: datetime) -> Positions:
    (row,) = _rows(POSITIONS, start=start, end=end, day=start)
    return Positions(*row)


def spreads(names: Sequence[str], *, usual_from: datetime, start: datetime, end: datetime) -> dict[str, Spread]:
    """Of each measure: how the values from `start` on and the usual ones before it are spread. Bins are cut at the tenths of
    the usual ones (percentile_cont); a value on a cut belongs to the lower bin."""
    found: dict[str, Spread] = {}
    for name, place, bins, fresh, usual in _rows(
        SPREAD, start=usual_from, end=end, day=start, names=list(names), tenths=TENTHS
    ):
        spread = found.setdefault(name, Spread([0] * bins, [0] * bins))
        spread.fresh[place], spread.usual[place] = fresh, usual
    return found


def _rows(query: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())
