"""A return to a card on a staff member's word; above the limit on the word of two."""

from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.accounts.policies import may_operate
from marketplace.kit import audit
from marketplace.kit.errors import InvalidInput, NotFound
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments.approvals.policies import OWN_MONEY
from payments.approvals.services import on_decision, request_approval
from payments.errors import REASON_MISSING
from payments.models import Intent, StaffApproval
from payments.topups.policies import TOP_UPS, may_go_back, needs_second_person
from payments.topups.returns import return_top_up, returnable

if TYPE_CHECKING:
    from marketplace.accounts.models import User

KIND = "return_top_up"


@transaction.atomic
def return_by_staff(*, top_up_id: int, amount: Money, reason: str, operation: str, by: "User") -> Intent | None:
    """Return unused money at a person's request: at once, or, above the limit, when a second staff member agrees (None).

    Raises NotFound, PolicyDenied, InvalidInput without a reason.
    """
    require(may_operate(by))
    top_up = Intent.objects.filter(pk=top_up_id, kind__in=TOP_UPS).first()
    if top_up is None:
        raise NotFound
    if top_up.user_id == by.pk:
        require(OWN_MONEY)
    if not reason.strip():
        raise InvalidInput(field="reason", reason=REASON_MISSING)
    require(may_go_back(top_up=top_up, amount=amount, left=returnable(top_up)))
    if needs_second_person(user_id=top_up.user_id, amount=amount):
        request_approval(
            operation=f"{KIND}:{operation}",
            kind=KIND,
            subject=f"top_up:{top_up.pk}",
            amount=amount,
            reason=reason.strip()[:1000],
            by=by,
            details={"top_up_id": top_up.pk, "user_id": top_up.user_id, "about": [top_up.user_id]},
        )
        return None
    intent = return_top_up(user_id=top_up.user_id, top_up_id=top_up.pk, amount=amount, operation=f"staff:{operation}")
    details = {"intent": intent.pk, "amount_minor": amount.minor, "reason": reason.strip()[:1000]}
    audit.record(actor=by, action="top_up.returned", subject=f"top_up:{top_up.pk}", details=details)
    return intent


@on_decision(KIND)
def carry_out(approval: StaffApproval) -> None:
    """Two agree: the money goes. What was spent meanwhile stays spent: then the policy refuses, and nothing is decided."""
    if approval.outcome != StaffApproval.Outcome.APPROVED:
        return
    return_top_up(
        user_id=approval.details["user_id"],
        top_up_id=approval.details["top_up_id"],
        amount=approval.amount,
        operation=f"approval:{approval.pk}",
        agreed_by_two=True,
    )
