"""Evidence as people read it: facts for and against, in words."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import nan
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fraud.evidence.presence import Stay
from fraud.evidence.rule import Fact
from fraud.evidence.situation import Fix
from fraud.evidence.words import factor_name, opening, sentence
from fraud.model.facts import facts_of
from fraud.models import Case, CaseTrack, Evidence, Score
from fraud.selectors.scores import by_rule, weightiest
from marketplace.chat import selectors as chat
from tasks_app import selectors as tasks


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The moment that opened the case, or came nearest to it. The facts and `opening`, what led to the check in a few
    words, are those of whatever scored it; `stays`: the times near the address that a model's facts tell of, None where
    the rule judged. Verdict and `factors` (name in words → share; their product is `score`) are the rule's always.
    `looked`: the time looked at."""

    moment: str
    collected_at: datetime
    by_rule: bool
    score: float
    verdict: str
    verdict_text: str
    opening: list[str]
    for_facts: list[str]
    against_facts: list[str]
    notes: list[str]
    stays: list[Stay] | None
    factors: list[tuple[str, float]]
    measures: dict[str, Any]
    looked: tuple[datetime, datetime]
    track: list[Fix]


def evidence_of(cancellation_id: int, zone: ZoneInfo) -> EvidenceView | None:
    """None while nothing is collected."""
    rows = Evidence.objects.filter(cancellation_id=cancellation_id).exclude(collected_at=None)
    score = weightiest(cancellation_id)
    judged = [row for row in rows if score is not None and row.moment == score.moment]
    row = max(judged or rows, key=lambda r: (r.score or 0, r.due_at), default=None)
    return None if row is None else _view(row, score, zone)


def _view(row: Evidence, score: Score | None, zone: ZoneInfo) -> EvidenceView:
    ruled = score is None or by_rule(score)
    facts = _facts_of_rule(row) if score is None or by_rule(score) else facts_of_model(score)
    if not row.findings:  # forgotten: what is left of the score is for models alone
        facts = []

    def of(side: str) -> list[str]:
        return [sentence(fact.kind, fact.params, zone) for fact in facts if fact.side == side]

    measures = row.findings.get("measures", {})
    return EvidenceView(
        moment=row.get_moment_display(),
        collected_at=row.collected_at or row.due_at,
        by_rule=ruled,
        score=row.score or 0.0,
        verdict=row.verdict,
        verdict_text=row.get_verdict_display(),
        opening=opening([fact.kind for fact in facts if fact.side == "for"]) if facts else [],
        for_facts=of("for"),
        against_facts=of("against"),
        notes=of("note"),
        stays=None if ruled else _stays(facts),
        factors=[(factor_name(name), value) for name, value in row.findings.get("factors", {}).items()],
        measures=measures,
        looked=(_moment(measures.get("looked_from"), row.due_at), _moment(measures.get("looked_to"), row.due_at)),
        track=_track(row),
    )


def _facts_of_rule(row: Evidence) -> list[Fact]:
    return [Fact(**fact) for fact in row.findings.get("facts", [])]


def facts_of_model(score: Score) -> list[Fact]:
    """As they were told with the score; of a score from before they were kept, from its measures, if it has any."""
    if score.facts or "fixes" not in score.measures:
        return [Fact(**fact) for fact in score.facts]
    return [Fact(fact.kind, fact.side, fact.params) for fact in facts_of(_Measures(score.measures))]


class _Measures(dict[str, float]):
    """What is not among them is not known."""

    def __missing__(self, name: str) -> float:
        return nan


def _stays(facts: list[Fact]) -> list[Stay]:
    """The time near the address, and that close by, as a picture draws them."""
    told = [fact.params for fact in facts if fact.kind in ("stayed", "beside") and "start" in fact.params]
    return [_stay(params) for params in told]


def _stay(params: dict[str, Any]) -> Stay:
    start, end = (datetime.fromtimestamp(params[name], UTC) for name in ("start", "end"))
    high = timedelta(minutes=params["high"]) if "high" in params else end - start
    return Stay(start, end, end - start, high, params["metres"], params.get("fixes", 0), params.get("accuracy", 0))


def _moment(iso: str | None, otherwise: datetime) -> datetime:
    return otherwise if iso is None else datetime.fromisoformat(iso)


def _track(row: Evidence) -> list[Fix]:
    """What its case keeps of the positions; nothing without a case, and nothing once they are deleted."""
    kept = CaseTrack.objects.filter(case__cancellation_id=row.cancellation_id, moment=row.moment).first()
    points = kept.points if kept else []
    return [Fix(datetime.fromisoformat(at), lon, lat, accuracy) for at, lon, lat, accuracy in points]


def context_facts(case: Case, deal: tasks.CancelledAssignment) -> tuple[list[str], list[str]]:
    """What the two said and did around the cancellation: (for, against)."""
    speaks_for = _chat_facts(case.response_id)
    against = []
    if deal.customer_reason:
        text = _("The customer's reason: “%(reason)s”")
        against.append(text % {"reason": tasks.reason_text(deal.customer_reason)})
    if deal.executor_reason:
        text = _("The executor's reason: “%(reason)s”")
        against.append(text % {"reason": tasks.reason_text(deal.executor_reason)})
    return speaks_for, against


def _chat_facts(response_id: int) -> list[str]:
    messages = chat.messages_for_case(response_id)
    masked = [place for place, message in enumerate(messages) if message.masked_contacts]
    if not masked:
        return []
    if masked[-1] == len(messages) - 1:
        return [_("A contact was hidden in the chat, and nothing was written after it")]
    return [_("A contact was hidden in the chat before the deal")]
