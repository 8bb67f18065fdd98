"""The model's doors: score one cancellation from plain rows. No database is touched here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fraud.features.inputs import Deals
from fraud.features.look import MOMENTS
from fraud.features.table import COLUMNS, Table, Tracks, features
from fraud.model.explain import Reason, weighed
from fraud.model.facts import TIMED, Told, facts_of
from fraud.model.rows import DayRow, DealRow, PingRow, deals_of, tracks_of_rows
from fraud.model.rule import rule_scores
from fraud.model.times import times_of
from fraud.model.trained import Trained, shipped, verifiable
from fraud.model.training import GEOGRAPHY_ONLY, WITH_CONTEXT
from fraud.stays.detector import Stay

__all__ = ["DayRow", "DealRow", "PingRow", "Reason", "Score", "Told", "score_cancellation"]


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


def _facts(tracks: Tracks, deals: Deals, table: Table, measures: dict[str, float]) -> list[Told]:
    """With their times, which cost a look at the positions, only where a fact has any."""
    facts = facts_of(measures)
    if TIMED.isdisjoint(fact.kind for fact in facts):
        return facts
    return facts_of(measures, times_of(tracks, deals, table.as_of, measures))


def score_cancellation(
    *,
    deal: DealRow,
    pings: Sequence[PingRow],
    stays: Sequence[Stay],
    days: Sequence[DayRow],
    moment: str,
    model: Trained | None = None,
) -> Score:
    """`pings`: the executor's positions in the time that may be looked at, any order; more is harmless. `stays`, `days`:
    the past, at most a year; what is later than the time looked at is not used. `moment`: "cancellation", "window_end"
    or "plus_2h". `model`: None for the shipped one, with context if the deal tells any. Raises ValueError for a moment
    of another name."""
    if moment not in MOMENTS:
        raise ValueError(moment)
    model = model or shipped(WITH_CONTEXT if deal.context else GEOGRAPHY_ONLY)
    tracks, deals = tracks_of_rows(deal, pings, stays, days), deals_of(deal)
    table = features(tracks, deals, moment)
    measures = dict(zip(COLUMNS, table.values[0].tolist(), strict=True))
    raw, why = weighed(model, table)
    chance = float(model.chances(table, raw)[0])
    return Score(
        probability=chance,
        verifiable=bool(verifiable(table)[0]),
        flagged=bool(verifiable(table)[0]) and chance >= model.line(moment),
        as_of=datetime.fromtimestamp(float(table.as_of[0]), UTC),
        moment=moment,
        rule=float(rule_scores(table)[0]),
        reasons=tuple(why[0]),
        facts=tuple(_facts(tracks, deals, table, measures)),
        measures=measures,
        model_version=model.version,
    )
