"""The model's doors: measure one cancellation from plain rows, and score what was measured. No database is touched here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fraud.features.inputs import Deals
from fraud.features.look import MOMENTS
from fraud.features.table import COLUMNS, Table, Tracks, features
from fraud.model.explain import Reason, weighed
from fraud.model.facts import TIMED, Told, facts_of
from fraud.model.rows import DayRow, DealRow, PingRow, deals_of, tracks_of_rows
from fraud.model.rule import rule_factors, score_of
from fraud.model.times import times_of
from fraud.model.trained import GEOGRAPHY_ONLY, WITH_CONTEXT, Trained, shipped, verifiable
from fraud.stays.detector import Stay

__all__ = [
    "DayRow",
    "DealRow",
    "Measured",
    "PingRow",
    "Reason",
    "Score",
    "Told",
    "measure",
    "score",
    "score_cancellation",
]


@dataclass(frozen=True, slots=True)
class Measured:
    """One cancellation at one moment: one row, whoever scores it. `measures`: by name, NaN where unknown. `verifiable`: whether
    positions can tell at all. `rule`: the readable rule's score, the product of `factors`. `facts`: in the order of reading."""

    moment: str
    table: Table
    measures: dict[str, float]
    verifiable: bool
    rule: float
    factors: dict[str, float]
    facts: tuple[Told, ...]

    @property
    def as_of(self) -> datetime:
        return datetime.fromtimestamp(float(self.table.as_of[0]), UTC)


@dataclass(frozen=True, slots=True)
class Score:
    """`probability`: that the job was done all the same, 0–1; at most 0.05 when not `verifiable`. `flagged`: above the
    model's own line for the moment, see `Trained.line`. `rule`: the readable rule's score of the same
    measures. `facts`: in the order of reading; `reasons`: the weightiest first."""

    probability: float
    verifiable: bool
    flagged: bool
    as_of: datetime
    moment: str
    rule: float
    reasons: tuple[Reason, ...]
    facts: tuple[Told, ...]
    measures: dict[str, float]
    model_version: str


def measure(
    *, deal: DealRow, pings: Sequence[PingRow], stays: Sequence[Stay], days: Sequence[DayRow], moment: str
) -> Measured:
    """`pings`: the executor's positions in the time that may be looked at, any order; more is harmless. `stays`, `days`:
    the past, at most a year; what is later than the time looked at is not used. `moment`: "cancellation", "window_end"
    or "plus_2h". Raises ValueError for a moment of another name."""
    if moment not in MOMENTS:
        raise ValueError(moment)
    tracks, deals = tracks_of_rows(deal, pings, stays, days), deals_of(deal)
    table = features(tracks, deals, moment)
    factors = rule_factors(table)
    measures = dict(zip(COLUMNS, table.values[0].tolist(), strict=True))
    return Measured(
        moment=moment,
        table=table,
        measures=measures,
        verifiable=bool(verifiable(table)[0]),
        rule=float(score_of(factors)[0]),
        factors={name: float(values[0]) for name, values in factors.items()},
        facts=tuple(_facts(tracks, deals, table, measures)),
    )


def score(measured: Measured, model: Trained) -> Score:
    """With the reasons."""
    raw, why = weighed(model, measured.table)
    chance = float(model.chances(measured.table, raw)[0])
    return Score(
        probability=chance,
        verifiable=measured.verifiable,
        flagged=measured.verifiable and chance >= model.line(measured.moment),
        as_of=measured.as_of,
        moment=measured.moment,
        rule=measured.rule,
        reasons=tuple(why[0]),
        facts=measured.facts,
        measures=measured.measures,
        model_version=model.version,
    )


def score_cancellation(
    *,
    deal: DealRow,
    pings: Sequence[PingRow],
    stays: Sequence[Stay],
    days: Sequence[DayRow],
    moment: str,
    model: Trained | None = None,
) -> Score:
    """Both at once, see `measure`. `model`: None for the shipped one, with context if the deal tells any."""
    measured = measure(deal=deal, pings=pings, stays=stays, days=days, moment=moment)
    return score(measured, model or shipped(WITH_CONTEXT if deal.context else GEOGRAPHY_ONLY))


def _facts(tracks: Tracks, deals: Deals, table: Table, measures: dict[str, float]) -> list[Told]:
    """With their times, which cost a look at the positions, only where a fact has any."""
    facts = facts_of(measures)
    if TIMED.isdisjoint(fact.kind for fact in facts):
        return facts
    return facts_of(measures, times_of(tracks, deals, table.as_of, measures))
