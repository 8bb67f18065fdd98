"""The rule: a score from 0 to 1 as a product of few named factors, with the facts that a person can check.

Presence after the cancellation makes the score; everything that has an innocent reading lowers it. No positions is
"unverifiable", never proof. The score decides only whether a person looks.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fraud.evidence.presence import MAX_GAP, Gap, Presence, Stay, gaps, presence
from fraud.evidence.situation import Deal, Fix, History, OtherJob, looked_at

VERSION = "rule-1"
NEIGHBOUR_M = 250.0
SENT_AWAY = timedelta(minutes=20)
MATCH, NO_MATCH, UNVERIFIABLE = "matches", "does_not_match", "unverifiable"


@dataclass(frozen=True, slots=True)
class Fact:
    """`side`: "for" (it was done all the same), "against", or "note". `params` are JSON values; words.py renders them."""

    kind: str
    side: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rule found; `factors` multiply to `score`."""

    score: float
    verdict: str
    factors: dict[str, float]
    facts: tuple[Fact, ...]
    measures: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "score": self.score,
            "verdict": self.verdict,
            "factors": self.factors,
            "facts": [asdict(fact) for fact in self.facts],
            "measures": self.measures,
        }


def apply_rule(
    deal: Deal, fixes: Sequence[Fix], history: History, *, as_of: datetime, threshold: float = 0.5
) -> Findings:
    """`fixes`: the executor's positions, oldest first; those outside of the time that may be looked at are not used."""
    start, end = looked_at(deal, as_of)
    used = [fix for fix in fixes if start <= fix.at <= end]
    here = presence(used, lon=deal.lon, lat=deal.lat, cancelled_at=deal.cancelled_at)
    silences = gaps(used, start=max(start, deal.window_start), end=min(end, deal.window_end))
    factors = _factors(deal, here, history)
    score = 1.0
    for value in factors.values():
        score *= value
    if here.stays:
        score = 1 - (1 - score) * 0.7 ** (history.pair_cancellations if score >= 0.3 else 0)
    score = round(min(score, 0.99), 4)
    return Findings(
        score=score,
        verdict=_verdict(deal, here, score, threshold),
        factors={name: round(value, 4) for name, value in factors.items()},
        facts=tuple(_facts(deal, here, history, silences)),
        measures=_measures(here, silences, start, end),
    )


def _factors(deal: Deal, here: Presence, history: History) -> dict[str, float]:
    factors = {"presence": _presence(deal, here), "closeness": _closeness(here)}
    stay = here.main_stay
    if stay is None:
        return factors
    if stay.accuracy_m > 150:
        factors["accuracy"] = 0.6
    if _sent_away(deal, stay):
        factors["sent_away"] = 0.25
    factors["other_days"] = _other_days(history)
    if history.home_m is not None and history.home_m <= NEIGHBOUR_M:
        factors["home"] = 0.08
    if _jobs_during(stay, history.other_jobs):
        factors["other_job"] = 0.1
    return factors


def _presence(deal: Deal, here: Presence) -> float:
    """Minutes near after the cancellation against 40 % of the usual work (15 to 45 min); work done before it counts too,
    when it was most of the usual work, but less: somebody may have waited in vain."""
    needed_after = min(45.0, max(15.0, 0.4 * deal.expected_minutes))
    needed_before = max(30.0, 0.6 * deal.expected_minutes)
    return min(1.0, max(here.after / needed_after, 0.7 * min(1.0, here.before / needed_before)))


def _closeness(here: Presence) -> float:
    """Half when all the time was spent at the edge of the near zone, one when it was within 100 m."""
    return 0.5 + 0.5 * (here.dwell[100] / here.dwell[150]) if here.dwell[150] > 0 else 0.5


def _other_days(history: History) -> float:
    if history.days_here >= 4 or (history.days_here >= 2 and history.days_here >= 0.2 * history.days_seen):
        return 0.08
    if history.days_here >= 2:
        return 0.25
    if history.days_here == 1:
        return 0.7
    return 1.0 if history.days_seen >= 3 else 0.85


def _sent_away(deal: Deal, stay: Stay) -> bool:
    """Was there when it was cancelled, and left soon: an honest person whom nobody let in."""
    there = stay.start <= deal.cancelled_at <= stay.end + MAX_GAP
    waited_little = deal.cancelled_at - stay.start < timedelta(minutes=max(30.0, 0.6 * deal.expected_minutes))
    return there and waited_little and stay.end - deal.cancelled_at <= SENT_AWAY


def _jobs_during(stay: Stay, jobs: Sequence[OtherJob]) -> list[OtherJob]:
    return [job for job in jobs if job.metres <= NEIGHBOUR_M and job.start < stay.end and job.end > stay.start]


def _verdict(deal: Deal, here: Presence, score: float, threshold: float) -> str:
    if score >= threshold:
        return MATCH
    if here.stays:
        return NO_MATCH
    window = (deal.window_end - deal.window_start) / timedelta(minutes=1)
    return NO_MATCH if here.seen_after >= 0.5 * min(window, 240.0) else UNVERIFIABLE


def _facts(deal: Deal, here: Presence, history: History, silences: list[Gap]) -> list[Fact]:
    facts = [*_stay_facts(deal, here), *_history_facts(here, history)]
    if history.deleted_days:  # a gap with a name; it changes no score
        facts.append(Fact("deleted", "note", {"days": [day.isoformat() for day in history.deleted_days]}))
    if not here.fixes:
        facts.append(Fact("no_positions", "against"))
    elif not here.stays:
        facts.append(Fact("not_near", "against", {"fixes": here.fixes}))
    if silences and here.fixes:
        total = sum((gap.length for gap in silences), timedelta())
        longest = max(silences, key=lambda gap: gap.length)
        facts.append(
            Fact("gap", "against", {
                "minutes": _whole(total), "count": len(silences),
                "start": longest.start.isoformat(), "end": longest.end.isoformat(),
            })
        )  # fmt: skip
    return facts


def _stay_facts(deal: Deal, here: Presence) -> list[Fact]:
    stay = here.main_stay
    if stay is None:
        return []
    facts = [
        Fact("stay", "for", {
            "low": _whole(stay.low), "high": _whole(stay.high), "metres": round(stay.metres),
            "start": stay.start.isoformat(), "end": stay.end.isoformat(),
            "fixes": stay.fixes, "accuracy": round(stay.accuracy_m),
        })
    ]  # fmt: skip
    if len(here.stays) > 1:
        facts.append(Fact("more_stays", "note", {"count": len(here.stays) - 1}))
    if stay.start > deal.cancelled_at:
        facts.append(Fact("came_after", "for", {"minutes": _whole(stay.start - deal.cancelled_at)}))
    if _sent_away(deal, stay):
        left = max(timedelta(), stay.end - deal.cancelled_at)
        facts.append(Fact("sent_away", "against", {"minutes": _whole(left)}))
    if stay.high < timedelta(minutes=15):
        facts.append(Fact("short", "against", {"expected": deal.expected_minutes}))
    elif stay.high >= timedelta(minutes=0.6 * deal.expected_minutes) and stay.low <= timedelta(
        minutes=2 * deal.expected_minutes
    ):
        facts.append(Fact("usual_duration", "for", {"expected": deal.expected_minutes}))
    if stay.accuracy_m > 100:
        facts.append(Fact("poor_accuracy", "against", {"accuracy": round(stay.accuracy_m)}))
    return facts


def _history_facts(here: Presence, history: History) -> list[Fact]:
    facts = []
    seen = {"days": history.days_looked, "seen": history.days_seen, "here": history.days_here}
    if history.days_here:
        facts.append(Fact("regular_here", "against", seen))
    elif history.days_seen >= 3:
        facts += (
            [Fact("never_here", "for", seen)] if here.stays else []
        )  # who was not here has no need to be usual here
    else:
        facts.append(Fact("little_history", "against", seen))
    if history.home_m is not None and history.home_m <= NEIGHBOUR_M:
        facts.append(Fact("home_near", "against", {"metres": round(history.home_m)}))
    stay = here.main_stay
    for job in _jobs_during(stay, history.other_jobs) if stay else ():
        params = {"metres": round(job.metres), "start": job.start.isoformat(), "end": job.end.isoformat()}
        facts.append(Fact("other_job", "against", params))
    if history.pair_cancellations:
        facts.append(Fact("pair_cancelled", "for", {"nth": history.pair_cancellations + 1, "days": 60}))
    return facts


def _measures(here: Presence, silences: list[Gap], start: datetime, end: datetime) -> dict[str, Any]:
    stay = here.main_stay
    return {
        "looked_from": start.isoformat(),
        "looked_to": end.isoformat(),
        "fixes": here.fixes,
        "dwell": {str(radius): round(minutes, 3) for radius, minutes in here.dwell.items()},
        "after": round(here.after, 3),
        "before": round(here.before, 3),
        "seen": round(here.seen, 3),
        "stays": [[s.start.isoformat(), s.end.isoformat()] for s in here.stays],
        "gaps": [[g.start.isoformat(), g.end.isoformat()] for g in silences],
        "stay_metres": None if stay is None else round(stay.metres, 3),
        "stay_accuracy": None if stay is None else round(stay.accuracy_m, 3),
        "stay_fixes": 0 if stay is None else stay.fixes,
    }


def _whole(period: timedelta) -> int:
    return round(period / timedelta(minutes=1))
