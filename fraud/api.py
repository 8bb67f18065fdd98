"""A person's own cases for phone apps: why, what was found, how to answer and appeal. The desk has no API."""

from datetime import datetime
from typing import Any

from ninja import Field, Router, Schema

from fraud import selectors, services
from fraud.selectors import OwnCase
from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn

router = Router(tags=["checks"], auth=auth)


class InquiryOut(Schema):
    id: int
    question: str
    asked_at: datetime
    due_at: datetime
    answer: str
    answered_at: datetime | None


class DecisionOut(Schema):
    """`by_time`: nobody decided in 72 hours."""

    at: datetime
    outcome: str
    reason: str
    by_time: bool
    keep_fee: bool
    strike: bool
    restrict_days: int | None


class CopyOut(Schema):
    """What the check keeps of the executor's positions. `until`: when it goes by itself at the latest."""

    points: int
    until: datetime | None
    may_delete: bool


class CaseOut(Schema):
    """`opening`: what led to the check, in a few words; the facts say it in full. `positions`: for the executor only.
    `by_chance`: a random check that was decided against the executor."""

    id: int
    title: str
    status: str
    outcome: str
    cancelled_at: datetime
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    holds_refund: bool
    opening: list[str]
    facts_for: list[str]
    facts_against: list[str]
    inquiries: list[InquiryOut]
    decision: DecisionOut | None
    by_chance: bool
    positions: CopyOut | None
    explanations: list[str]
    may_explain: bool
    may_appeal: bool
    appeal_outcome: str | None


class TextIn(Schema):
    text: str = Field(..., min_length=1, max_length=4000)


@router.get("/cases", response=list[CaseOut], summary="Checks of my cancelled deals")
def cases(request: SignedIn) -> list[dict[str, Any]]:
    return [_case(case) for case in selectors.own_cases(request.user)]


@router.get("/cases/{case_id}", response=CaseOut, summary="One check, with the evidence")
def case(request: SignedIn, case_id: int) -> dict[str, Any]:
    return _case(selectors.own_case(request.user, case_id))


@router.post(
    "/cases/{case_id}/inquiries/{inquiry_id}/answer", response=CaseOut, summary="Answer a moderator's question"
)
def answer(request: SignedIn, case_id: int, inquiry_id: int, body: TextIn) -> dict[str, Any]:
    selectors.own_case(request.user, case_id)
    services.answer_inquiry(inquiry_id=inquiry_id, by=request.user, text=body.text)
    return _case(selectors.own_case(request.user, case_id))


@router.post("/cases/{case_id}/explain", response=CaseOut, summary="Say how it was, without being asked")
def explain(request: SignedIn, case_id: int, body: TextIn) -> dict[str, Any]:
    selectors.own_case(request.user, case_id)
    services.explain_case(case_id=case_id, by=request.user, text=body.text)
    return _case(selectors.own_case(request.user, case_id))


@router.post("/cases/{case_id}/appeal", response=CaseOut, summary="Appeal to another moderator")
def appeal(request: SignedIn, case_id: int, body: TextIn) -> dict[str, Any]:
    selectors.own_case(request.user, case_id)
    services.appeal_case(case_id=case_id, by=request.user, text=body.text)
    return _case(selectors.own_case(request.user, case_id))


@router.delete(
    "/cases/{case_id}/positions", response=CaseOut, summary="Delete what a check that is over keeps of my positions"
)
def forget_positions(request: SignedIn, case_id: int) -> dict[str, Any]:
    selectors.own_case(request.user, case_id)
    services.forget_case_track(case_id=case_id, by=request.user)
    return _case(selectors.own_case(request.user, case_id))


def _case(case: OwnCase) -> dict[str, Any]:
    decision = case.decision
    return {
        "id": case.case_id,
        "title": case.title,
        "status": case.status,
        "outcome": case.outcome,
        "cancelled_at": case.cancelled_at,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "closed_at": case.closed_at,
        "holds_refund": case.holds_refund,
        "opening": case.opening,
        "facts_for": case.for_facts,
        "facts_against": case.against_facts,
        "inquiries": case.inquiries,
        "decision": None if decision is None else {
            "at": decision.at,
            "outcome": decision.outcome,
            "reason": case.reason,
            "by_time": decision.by_id is None,
            "keep_fee": decision.keep_fee,
            "strike": decision.strike and case.is_executor,
            "restrict_days": decision.restrict_days if case.is_executor else None,
        },
        "by_chance": case.by_chance,
        "positions": case.copy,
        "explanations": case.explanations,
        "may_explain": case.may_explain,
        "may_appeal": case.is_executor and not case.appeal_refusal and case.appeal is None,
        "appeal_outcome": case.appeal.outcome if case.appeal else None,
    }  # fmt: skip
