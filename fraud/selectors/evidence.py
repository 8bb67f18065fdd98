"""Evidence as people read it: facts for and against, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fraud.evidence.situation import Fix
from fraud.evidence.words import factor_name, sentence
from fraud.models import Case, Evidence
from marketplace.chat import selectors as chat
from tasks_app import selectors as tasks


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The strongest collected moment of a cancellation. `factors`: name in words → share; their product is the score."""

    moment: str
    collected_at: datetime
    score: float
    verdict: str
    verdict_text: str
    for_facts: list[str]
    against_facts: list[str]
    notes: list[str]
    factors: list[tuple[str, float]]
    measures: dict[str, Any]
    track: list[Fix]


def evidence_of(cancellation_id: int, zone: ZoneInfo) -> EvidenceView | None:
    """None while nothing is collected."""
    rows = Evidence.objects.filter(cancellation_id=cancellation_id).exclude(collected_at=None)
    row = max(rows, key=lambda r: (r.score or 0, r.due_at), default=None)
    return None if row is None else _view(row, zone)


def _view(row: Evidence, zone: ZoneInfo) -> EvidenceView:
    facts = row.findings.get("facts", [])

    def of(side: str) -> list[str]:
        return [sentence(fact["kind"], fact["params"], zone) for fact in facts if fact["side"] == side]

    return EvidenceView(
        moment=row.get_moment_display(),
        collected_at=row.collected_at or row.due_at,
        score=row.score or 0.0,
        verdict=row.verdict,
        verdict_text=row.get_verdict_display(),
        for_facts=of("for"),
        against_facts=of("against"),
        notes=of("note"),
        factors=[(factor_name(name), value) for name, value in row.findings.get("factors", {}).items()],
        measures=row.findings.get("measures", {}),
        track=[Fix(datetime.fromisoformat(at), lon, lat, accuracy) for at, lon, lat, accuracy in row.track],
    )


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
