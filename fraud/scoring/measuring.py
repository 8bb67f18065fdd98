"""One live cancellation as the row of measures that every scorer is given: read from the stores and measured once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from fraud.evidence.gather import Gathered, slot_start
from fraud.model.facts import NOTE, Told
from fraud.model.rows import DayRow, DealRow, PingRow
from fraud.model.services import Measured, measure
from fraud.scoring.context import context_of
from fraud.stays.days import Edges, Marks, replayed, solar_days
from fraud.stays.keeping import moment as moment_of
from fraud.stays.kept import kept_past
from tasks_app import selectors as tasks


def measured(gathered: Gathered, *, moment: str, as_of: datetime) -> Measured:
    """What was gathered as of the moment, with the person's kept past and what is known besides positions."""
    context = context_of(gathered.deal, as_of=as_of, other_job=bool(gathered.other_jobs))
    deal = deal_row(gathered.deal, context)
    past = kept_past(gathered.deal.executor_id)
    found = measure(
        deal=deal, pings=_pings(gathered, past.marks), stays=past.stays, days=_days(past.edges, deal.lon), moment=moment
    )
    return replace(found, facts=tuple(_facts(found.facts, gathered)))


def _facts(told: Sequence[Told], gathered: Gathered) -> list[Told]:
    """With the other deal's place and time, and the days that the person deleted, which no measure knows."""
    facts = [replace(fact, params=_other_deal(gathered)) if fact.kind == "other_deal" else fact for fact in told]
    if gathered.deleted_days:  # a gap with a name; it changes no score
        facts.append(Told("deleted", NOTE, {"days": [day.isoformat() for day in gathered.deleted_days]}))
    return facts


def _other_deal(gathered: Gathered) -> dict[str, float]:
    job = next(iter(gathered.other_jobs), None)
    if job is None:
        return {}
    return {"metres": round(job.metres), "start": job.start.timestamp(), "end": job.end.timestamp()}


def _pings(gathered: Gathered, marks: Marks) -> list[PingRow]:
    again = set(replayed(marks, slot_start(gathered.start).timestamp(), gathered.end.timestamp()).tolist())
    return [
        PingRow(moment_of(row.at), row.lat, row.lon, row.accuracy_m, row.network, row.at in again, row.skew_s)
        for row in gathered.positions
    ]


def _days(edges: Edges, lon: float) -> list[DayRow]:
    return [
        DayRow(
            moment_of(edges.at[a]), float(edges.lat[a]), float(edges.lon[a]), float(edges.lat[b]), float(edges.lon[b])
        )
        for a, b in zip(*solar_days(edges, lon), strict=True)
    ]


def deal_row(deal: tasks.CancelledAssignment, context: dict[str, float]) -> DealRow:
    return DealRow(
        lat=deal.lat or 0.0,
        lon=deal.lon or 0.0,
        window_start=deal.window_start,
        window_end=deal.window_end,
        chosen_at=deal.chosen_at,
        cancelled_at=deal.cancelled_at,
        expected_minutes=float(deal.expected_minutes),
        context=context,
    )
