"""Facts, first those that speak for it, then those against, from one row of measures; live also the times they are of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from math import isfinite
from typing import Any

from fraud.model.fact_words import sentence

OFF_MIN, TURNED_MIN = 2.0, 3.0  # minutes; less is what networks and cheap clocks do
NEAR_M, BESIDE_M, AROUND_M = (
    150,
    400,
    1500,
)  # metres: of a stay, of a time spent close by, of a silence that tells something
VISIT_MIN = 15
COUNTED_MIN = -600  # of notice: no measure tells how much later than that it was cancelled
TIMED = frozenset({"beside", "dark_after", "dark_near", "longest_gap", "replayed"})  # what `Times` are for
FOR, AGAINST, NOTE = "for", "against", "note"

Row = Mapping[str, float]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Told:
    """`side`: "for" (the job was done all the same), "against" or "note"; `params` are JSON values, times in Unix seconds."""

    kind: str
    side: str
    params: dict[str, Any] = field(default_factory=dict)

    def text(self, zone: tzinfo = UTC) -> str:
        """In the reader's language, times in the place's zone."""
        return sentence(self.kind, self.params, zone)


@dataclass(frozen=True, slots=True)
class Times:
    """From when to when, in Unix seconds, what the measures tell without a time; None where it is not known.

    `beside`: the time spent close by. `silence`: the one that left most time for the address; `longest`: the longest one;
    `after`: from the last position to the end of the time looked at. `again`: the positions of an earlier day."""

    beside: Span | None = None
    silence: Span | None = None
    longest: Span | None = None
    after: Span | None = None
    again: Span | None = None


UNTIMED = Times()


def facts_of(row: Row, times: Times = UNTIMED) -> list[Told]:
    """Minutes and metres are whole. The order is the order of reading."""
    facts = [*_presence(row, times), *_usual(row), *_dealings(row), *_track(row, times)]
    return sorted(facts, key=lambda fact: (FOR, AGAINST, NOTE).index(fact.side))


def evidence_line(row: Row) -> str:
    return "; ".join(fact.text() for fact in facts_of(row))


def _presence(row: Row, times: Times) -> list[Told]:
    if row["fixes"] < 1:
        return [Told("unseen", AGAINST)]
    stayed, beside = row["stay_min"] >= 1, _beside(row)
    facts = _stay(row) if stayed else []
    if beside:
        minutes = {"minutes": _whole(row["wide_min"]), "metres": _whole(row["wide_m"])}
        facts.append(Told("beside", FOR, minutes | _span(times.beside)))
    facts += _length(row, beside)
    if stayed and row["came_from_m"] >= 500 and row["left_to_m"] >= 500:
        facts.append(Told("came_and_left", FOR, {"metres": _whole(min(row["came_from_m"], row["left_to_m"]))}))
    if not stayed:
        facts.append(_nearest(row, beside))
    return [*facts, *_late(row)]


def _beside(row: Row) -> bool:
    """Most of the time was spent close by, not at the address."""
    return row["wide_min"] >= 10 and row["wide_min"] >= 2 * row["stay_min"]


def _stay(row: Row) -> list[Told]:
    low, high = _whole(row["stay_min"]), _whole(row["stay_min"] + row["stay_silence_min"])
    facts = [
        Told("stayed", FOR, {"low": low, "high": max(low, high), "metres": _whole(row["stay_m"]),
                             "fixes": _whole(row["stay_fixes"]), "accuracy": _whole(row["stay_accuracy_m"]),
                             "start": row["stay_begin"], "end": row["stay_finish"]})
    ]  # fmt: skip
    if row["stay_accuracy_m"] > 100:
        facts.append(Told("inexact", AGAINST, {"metres": _whole(row["stay_accuracy_m"])}))
    if -20 <= row["stay_end_min"] <= 20 and row["stay_ratio"] < 0.6:
        kind = "seen_until" if row["stay_end_min"] >= 0 else "seen_before"
        facts.append(Told(kind, AGAINST, {"minutes": _whole(abs(row["stay_end_min"]))}))
    return facts


def _length(row: Row, beside: bool) -> list[Told]:
    """How much of it was after the cancellation, and whether such work takes as long."""
    minutes, after = (row["wide_min"], row["wide_after_min"]) if beside else (row["stay_min"], row["stay_after_min"])
    if minutes < 1:
        return []
    facts, usual = [], row["expected_min"]
    if after >= 1:
        facts.append(Told("after", FOR, {"minutes": _whole(after)}))
    if 0.6 * usual <= minutes <= 2 * usual:
        facts.append(Told("usual_length", FOR, {"minutes": _whole(usual)}))
    elif minutes + row["stay_silence_min"] < 0.4 * usual:
        facts.append(Told("shorter", AGAINST, {"minutes": _whole(usual)}))
    return facts


def _nearest(row: Row, beside: bool) -> Told:
    if _once(row):
        seen = {"metres": _whole(row["stay_m"]), "minutes": _whole(row["stay_upper_min"])}
        return Told("seen_once", FOR, seen | _span((row["stay_begin"], row["stay_finish"])))
    kind = "passed" if row["closest_m"] <= NEAR_M else "no_nearer" if beside else "elsewhere"
    return Told(kind, AGAINST, {"metres": _whole(row["closest_m"])})


def _once(row: Row) -> bool:
    """A lone position at the address between silences may be all that is seen of a visit."""
    return row["stay_min"] < 1 and row["stay_fixes"] >= 1 and row["stay_upper_min"] >= VISIT_MIN


def _late(row: Row) -> list[Told]:
    """Ordinary, and good to know: nobody ends every deal in time."""
    late = -(row["notice_min"] + row["window_min"])
    if row["notice_min"] <= COUNTED_MIN:
        return [Told("cancelled_later", NOTE)]
    return [Told("cancelled_late", NOTE, {"minutes": _whole(late)})] if late >= 1 else []


def _usual(row: Row) -> list[Told]:
    """How usual the place is: of the address itself when nobody was seen near it."""
    days, here = _whole(row["past_days"]), _whole(row["past_here_days"])
    if not (row["stay_min"] >= 1 or _once(row) or _beside(row) or _dark_near(row)):
        return []
    facts = []
    if here:
        facts.append(Told("here_before", AGAINST, {"here": here, "days": days}))
    elif days >= 3:
        facts.append(Told("never_before", FOR, {"days": days}))
    else:
        facts.append(Told("little_past", AGAINST, {"days": days}))
    if row["past_edge_share"] >= 0.2:
        facts.append(Told("rests_here", AGAINST))
    elif row["regular_m"] <= 200:
        facts.append(Told("regular_near", AGAINST, {"metres": _whole(row["regular_m"])}))
    return facts


def _dealings(row: Row) -> list[Told]:
    facts = []
    if row["pair_cancellations"] >= 1:
        facts.append(Told("pair_again", FOR, {"nth": _whole(row["pair_cancellations"]) + 1, "days": 60}))
    if row["other_job_near"] > 0:
        facts.append(Told("other_deal", AGAINST))
    return facts


def _track(row: Row, times: Times) -> list[Told]:
    facts = []
    if row["replay_share"] >= 0.3:
        share = {"share": _whole(100 * min(row["replay_share"], 1))}
        facts.append(Told("replayed", FOR, share | _span(times.again)))
    if row["leaps"] >= 1:
        facts.append(Told("leaps", NOTE, {"count": _whole(row["leaps"])}))
    if row["frozen_share"] >= 0.5:
        facts.append(Told("frozen", NOTE))
    return [*facts, *clock_facts(row["clock_off_min"], row["clock_turned_min"]), *_silences(row, times)]


def _silences(row: Row, times: Times) -> list[Told]:
    """A silence that begins or ends near the address may hide the work; any other one is only what is not known."""
    facts = []
    if row["silent_after_min"] >= 20:
        length = (times.after[1] - times.after[0]) / 60 if times.after else row["silent_after_min"]
        facts.append(Told("dark_after", FOR, {"minutes": _whole(length)} | _span(times.after)))
    if _dark_near(row):
        near = row["gap_near_m"] <= BESIDE_M
        left = {"minutes": _whole(row["gap_possible_min"])}
        ends = {"near": _whole(row["gap_near_m"]), "metres": _whole(row["gap_from_m"])}
        facts.append(Told("dark_near", FOR if near else NOTE, left | ends | _span(times.silence)))
    elif row["gap_min"] >= 20 and not row["gap_min"] < _patience(row):
        facts.append(Told("longest_gap", AGAINST, {"minutes": _whole(row["gap_min"])} | _span(times.longest)))
    return facts


def _dark_near(row: Row) -> bool:
    near = row["gap_near_m"] <= BESIDE_M or row["gap_from_m"] <= AROUND_M
    return near and row["gap_possible_min"] >= 10 and not row["gap_possible_min"] < _patience(row)


def _patience(row: Row) -> float:
    """Who reports every twenty minutes is not silent in between."""
    return 2 * row["cadence_min"]


def clock_facts(clock_off_min: float, clock_turned_min: float) -> list[Told]:
    """A clock that was turned during the time looked at says that times may have been made; one that is evenly off is
    innocent: the times were put right."""
    if clock_turned_min >= TURNED_MIN:
        return [Told("clock_turned", FOR, {"minutes": _whole(clock_turned_min)})]
    return [Told("clock_off", AGAINST, {"minutes": _whole(clock_off_min)})] if clock_off_min >= OFF_MIN else []


def _span(span: Span | None) -> dict[str, float]:
    return {} if span is None else {"start": span[0], "end": span[1]}


def _whole(value: float) -> int:
    return round(value) if isfinite(value) else 0
