"""What followed from a decision is taken back, or waits while it is in doubt."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import translation

from fraud.models import Case, Decision
from fraud.reasons import full_reason
from marketplace.accounts import selectors as people
from marketplace.accounts import services as accounts
from marketplace.kit.clock import now
from payments import services as payments

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def undo_consequences(case: Case, *, by: "User | None", rule: str) -> None:
    """The fee comes back by the payments' rule `rule`; strike and restriction end. `by` None: by time. Twice is harmless."""
    payments.refund_response_fee(response_id=case.response_id, rule=rule)
    accounts.withdraw_strike(source=case.reference, by=by)
    suspend_restriction(case, by=by)


def suspend_restriction(case: Case, *, by: "User | None") -> bool:
    """The executor may respond again; True when the case had a restriction standing."""
    standing = list(people.standing_restrictions(case.executor_id).filter(source=case.reference))
    for restriction in standing:
        accounts.lift_restriction(restriction=restriction, by=by)
    return bool(standing)


def resume_restriction(case: Case, decision: Decision, *, by: "User") -> None:
    """What is left of the decision's restriction, once it is out of doubt; it ends when it would have ended."""
    until = decision.at + timedelta(days=decision.restrict_days or 0)
    if not decision.restrict_days or until <= now():
        return
    with translation.override(case.executor.language):
        reason = full_reason(decision.reason_code, decision.reason)
    accounts.restrict(
        user=case.executor,
        kind="responding",
        reason=reason,
        until=until,
        by=by,
        source=case.reference,
    )
