"""A person's own cases: what is checked, why, what was found, how to answer. No score, no other side's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from fraud import policies
from fraud.models import Case, Decision, Inquiry, SecondReview
from fraud.reasons import full_reason
from fraud.selectors.copies import OwnCopy, copy_of_case
from fraud.selectors.evidence import EvidenceView, evidence_of
from marketplace.accounts import selectors as people
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import Denied
from tasks_app import selectors as tasks

if TYPE_CHECKING:
    from marketplace.accounts.models import Appeal, User


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """What was seen of the executor: their own positions around the task's place."""

    deal: tasks.CancelledAssignment
    evidence: EvidenceView


@dataclass(frozen=True, slots=True)
class OwnCase:
    """For the executor with the evidence (`opening`: what led to the check, in a few words); for the customer with the
    outcome and their own questions only. `by_chance`: a random check that was decided against the executor; of any other
    nothing says that it was one."""

    case_id: int
    response_id: int
    title: str
    zone: ZoneInfo
    cancelled_at: datetime
    window_start: datetime
    window_end: datetime
    is_executor: bool
    status: str
    outcome: str
    outcome_text: str
    holds_refund: bool
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    opening: list[str]
    for_facts: list[str]
    against_facts: list[str]
    notes: list[str]
    decision: Decision | None
    reason: str
    flagged: bool
    forgotten: bool
    by_chance: bool
    copy: OwnCopy | None
    inquiries: list[Inquiry]
    appeal: "Appeal | None"
    appeal_refusal: str
    explanations: list[str]
    may_explain: bool
    in_doubt: bool
    place: "OwnPlace | None" = None


def own_case(user: "User", case_id: int) -> OwnCase:
    """Raises NotFound: for strangers, and for a side that was told nothing of the case."""
    case = _visible_to(user).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return _own(case, user)


def own_cases(user: "User") -> list[OwnCase]:
    """Newest first."""
    return [_own(case, user) for case in _visible_to(user).order_by("-opened_at")[:50]]


def _visible_to(user: "User") -> "QuerySet[Case]":
    """What was once told stays to be read, whatever an appeal or a third look made of it."""
    flagged = Q(executor=user, kind=Case.Kind.FLAG)
    side = Q(executor=user) | Q(customer=user)
    asked = Exists(Inquiry.objects.filter(case=OuterRef("pk"), person=user))
    confirmed = Exists(Decision.objects.filter(case=OuterRef("pk"), outcome=Case.Outcome.CONFIRMED))
    return Case.objects.filter(flagged | side & (Q(asked) | Q(confirmed)))


def _own(case: Case, user: "User") -> OwnCase:
    deal = tasks.cancelled_assignment(case.cancellation_id)
    is_executor = user.pk == case.executor_id
    evidence = evidence_of(case.cancellation_id, deal.time_zone) if is_executor else None
    decision = case.decisions.last()
    refusal = policies.may_appeal(user, case)
    return OwnCase(
        case_id=case.pk,
        response_id=case.response_id,
        title=deal.title,
        zone=deal.time_zone,
        cancelled_at=deal.cancelled_at,
        window_start=deal.window_start,
        window_end=deal.window_end,
        is_executor=is_executor,
        status=case.status,
        outcome=case.outcome,
        outcome_text=case.get_outcome_display() if case.outcome else "",
        holds_refund=case.holds_refund,
        opened_at=case.opened_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        opening=evidence.opening if evidence else [],
        for_facts=evidence.for_facts if evidence else [],
        against_facts=evidence.against_facts if evidence else [],
        notes=evidence.notes if evidence else [],
        decision=decision,
        reason=_reason(case, decision, is_executor),
        flagged=case.kind == Case.Kind.FLAG,
        forgotten=evidence is not None and evidence.forgotten,
        by_chance=is_executor and case.kind == Case.Kind.AUDIT and policies.was_confirmed(case),
        copy=copy_of_case(case) if is_executor else None,
        inquiries=list(case.inquiries.filter(person=user)),
        appeal=people.appeals_of(user).get(case.reference) if is_executor else None,
        appeal_refusal=str(refusal.reason) if isinstance(refusal, Denied) else "",
        explanations=_explanations(case) if is_executor else [],
        may_explain=bool(policies.may_explain(user, case)),
        in_doubt=is_executor and _in_doubt(case),
        place=OwnPlace(deal, evidence) if evidence else None,
    )


def _reason(case: Case, decision: Decision | None, is_executor: bool) -> str:
    """Both sides read the first one; what answers the executor's appeal, or was settled later, is the executor's."""
    if decision is None or (not is_executor and decision != case.decisions.first()):
        return ""
    return full_reason(decision.reason_code, decision.reason)


def _explanations(case: Case) -> list[str]:
    return [event.details["text"] for event in case.events.filter(kind="explained")]


def _in_doubt(case: Case) -> bool:
    """Decided against the executor, and a third look has yet to settle whether it stays so."""
    waiting = SecondReview.objects.filter(case=case, third_due_at__isnull=False, settled_at=None)
    return case.outcome == Case.Outcome.CONFIRMED and waiting.exists()
