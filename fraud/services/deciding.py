"""A person decides a case, or time does. Consequences come only from here."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation

from fraud import policies
from fraud.errors import ConsequenceWithoutProof, NothingHeld, ReasonMissing
from fraud.learning.second import draw_second
from fraud.models import Case, CaseEvent, Decision
from fraud.reasons import fits, full_reason
from fraud.services.ending import end_if_over
from fraud.services.telling import tell_decided
from fraud.states import CASE_STEPS
from marketplace.accounts import services as accounts
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from marketplace.kit.states import step
from marketplace.kit.sweeping import each_alone
from payments import services as payments

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Outcome = Case.Outcome


@transaction.atomic
def decide_case(
    *,
    case_id: int,
    by: "User",
    outcome: str,
    reason: str = "",
    reason_code: str = "",
    keep_fee: bool = False,
    strike: bool = False,
    restrict_days: int | None = None,
) -> Decision:
    """Close a case with an outcome and a reason that both sides read: a ready sentence (`reason_code`, one of
    fraud.reasons for this outcome), own words, or both.

    Only `confirmed` may keep the fee, add a strike or restrict responding for some days; anything else releases the
    held refund. The same holds for a random check, for which no fee waits. Who decides does not know which it is, so `keep_fee` means
    the fee that waits, if one does: the decision says whether it was kept. Raises NotFound, PolicyDenied, ReasonMissing,
    ConsequenceWithoutProof, NothingHeld, StaleState.
    """
    case = lock_case(case_id)
    require(policies.may_decide(by, case))
    reason = reason.strip()
    if outcome not in Outcome.values or not (reason or reason_code):
        raise ReasonMissing
    if reason_code and not fits(reason_code, outcome):
        raise ReasonMissing
    if outcome != Outcome.CONFIRMED and (keep_fee or strike or restrict_days):
        raise ConsequenceWithoutProof
    step(case, Case.Status.CLOSED, CASE_STEPS, outcome=outcome, closed_at=now(), assignee=by)
    decision = Decision.objects.create(
        case=case, by=by, at=now(), outcome=outcome, reason=reason[:2000], reason_code=reason_code,
        keep_fee=keep_fee and case.holds_refund, strike=strike, restrict_days=restrict_days or None,
    )  # fmt: skip
    _carry_out(case, decision, by)
    draw_second(case, decision)
    _write_down(case, decision, by)
    tell_decided(case, decision)
    end_if_over(case)
    return decision


def expire_overdue_holds(*, limit: int = 200) -> int:
    """Cases that nobody decided in 72 hours: for the executor, and a held refund is released."""
    overdue = Case.objects.exclude(status=Case.Status.CLOSED).filter(due_at__lte=now())

    def release(pk: int) -> bool:
        case = overdue.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if case is not None:
            _decide_by_time(case)
        return case is not None

    return each_alone(list(overdue.order_by("due_at").values_list("pk", flat=True)[:limit]), release)


def lock_case(case_id: int) -> Case:
    """The case, locked until the end of the transaction. Raises NotFound."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    return case


def _carry_out(case: Case, decision: Decision, by: "User") -> None:
    if decision.keep_fee:
        if payments.keep_fee(response_id=case.response_id, reference=case.reference, by=by) is None:
            raise NothingHeld  # the 72 hours were over and the ledger has paid
    elif case.holds_refund:
        payments.release_hold(response_id=case.response_id, reference=case.reference, rule="moderator_decision")
    if decision.strike:
        accounts.add_strike(user=case.executor, reason=_reason_for(case, decision), source=case.reference, by=by)
    if decision.restrict_days:
        accounts.restrict(
            user=case.executor,
            kind="responding",
            reason=_reason_for(case, decision),
            until=now() + timedelta(days=decision.restrict_days),
            by=by,
            source=case.reference,
        )


def _write_down(case: Case, decision: Decision, by: "User") -> None:
    details = {
        "outcome": decision.outcome,
        "keep_fee": decision.keep_fee,
        "strike": decision.strike,
        "restrict_days": decision.restrict_days,
    }
    CaseEvent.objects.create(
        case=case,
        at=now(),
        actor=by,
        kind="decided",
        details={**details, "reason": decision.reason, "reason_code": decision.reason_code},
    )
    audit.record(actor=by, action="case.decided", subject=case.reference, details=details)


def _reason_for(case: Case, decision: Decision) -> str:
    """In the executor's language: a strike and a restriction keep the sentence itself."""
    with translation.override(case.executor.language):
        return full_reason(decision.reason_code, decision.reason)


def _decide_by_time(case: Case) -> None:
    step(case, Case.Status.CLOSED, CASE_STEPS, outcome=Outcome.CANNOT_TELL, closed_at=now())
    decision = Decision.objects.create(case=case, at=now(), outcome=Outcome.CANNOT_TELL, reason="")
    if case.holds_refund:
        payments.release_hold(response_id=case.response_id, reference=case.reference, rule="hold_expired")
    CaseEvent.objects.create(case=case, at=now(), kind="expired", details={})
    tell_decided(case, decision)
    end_if_over(case)
