"""Evidence as people read it: facts for and against, in words."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import nan
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fraud.evidence.shown import Stay
from fraud.evidence.situation import Fix
from fraud.model.fact_words import factor_name, opening
from fraud.model.facts import Told, facts_of
from fraud.models import Case, CaseTrack, Evidence, Score
from fraud.scoring.by_rule import PREFIX, VERSION
from fraud.selectors.scores import by_rule, weightiest
from marketplace.chat import selectors as chat
from tasks_app import selectors as tasks


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The moment that opened the case, or came nearest to it. The facts, `opening` (what led to the check in a few words) and
    `stays` (the times near the address that the facts tell of) are the same whoever judged. Verdict and `factors` (name in
    words → share; their product is `score`) are the readable rule's always. `looked`: the time looked at; `forgotten`:
    nothing of it is told any more."""

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
    stays: list[Stay]
    factors: list[tuple[str, float]]
    forgotten: bool
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
    forgotten = not row.findings  # what is left of the score is for models alone
    facts = [] if score is None or forgotten else facts_of_score(score)

    def of(side: str) -> list[str]:
        told = [fact.text(zone) for fact in facts if fact.side == side]
        return [text[:1].upper() + text[1:] for text in told]

    measures = row.findings.get("measures", {})
    return EvidenceView(
        moment=row.get_moment_display(),
        collected_at=row.collected_at or row.due_at,
        by_rule=score is None or by_rule(score),
        score=row.score or 0.0,
        verdict=row.verdict,
        verdict_text=row.get_verdict_display(),
        opening=opening([fact.kind for fact in facts if fact.side == "for"]) if facts else [],
        for_facts=of("for"),
        against_facts=of("against"),
        notes=of("note"),
        stays=_stays(facts),
        factors=[(factor_name(name), value) for name, value in row.findings.get("factors", {}).items()],
        forgotten=forgotten,
        looked=(_moment(measures.get("looked_from"), row.due_at), _moment(measures.get("looked_to"), row.due_at)),
        track=_track(row),
    )


def facts_of_score(score: Score) -> list[Told]:
    """As they were told with the score; of a score from before they were kept, from its measures. The rule once had measures and
    sentences of its own: of such a score, those of the model beside it, which read the same positions."""
    if by_rule(score) and score.model_version != VERSION:
        score = _beside(score) or score
    if score.facts or "stay_min" not in score.measures:
        return [Told(**fact) for fact in score.facts]
    return facts_of(_Measures(score.measures))


def _beside(score: Score) -> Score | None:
    same = Score.objects.filter(cancellation=score.cancellation_id, moment=score.moment, late=score.late)
    return same.exclude(model_version__startswith=PREFIX).first()


class _Measures(dict[str, float]):
    """What is not among them is not known."""

    def __missing__(self, name: str) -> float:
        return nan


def _stays(facts: list[Told]) -> list[Stay]:
    """The time near the address, and that close by, as a picture draws them."""
    return [_stay(fact) for fact in facts if fact.kind in ("stayed", "beside") and "start" in fact.params]


def _stay(fact: Told) -> Stay:
    start, end = (datetime.fromtimestamp(fact.params[name], UTC) for name in ("start", "end"))
    high = timedelta(minutes=fact.params["high"]) if "high" in fact.params else end - start
    return Stay(start, end, end - start, high, fact.params["metres"])


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
