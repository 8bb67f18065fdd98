"""What a secure deal changes about who may take which step of the work."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from marketplace.kit.policy import Allowed, Decision, Denied
from payments.selectors import is_secure
from tasks_app.assignments import policies
from tasks_app.models import Assignment

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Status = Assignment.Status

NOT_SECURE = Denied("no_secure_deal", _("This deal holds no money: you settle it between yourselves."), 409)


def may_offer_part(assignment: Assignment, user: "User") -> Decision:
    """The customer, once the work has begun, until it is accepted."""
    if assignment.customer_id != user.pk:
        return policies.ONLY_CUSTOMER
    if assignment.status != Status.DISPUTED and not (open_ := policies.may_dispute(assignment, user)):
        return open_
    return Allowed() if is_secure(assignment.pk) else NOT_SECURE


def may_answer_part(assignment: Assignment, user: "User") -> Decision:
    if assignment.executor_id != user.pk:
        return policies.ONLY_EXECUTOR
    return Allowed() if assignment.status == Status.DISPUTED else policies.NOT_NOW


def may_divide(assignment: Assignment, user: "User") -> Decision:
    """A moderator who takes no part, in a dispute about held money."""
    if not (judge := policies.may_judge(assignment, user)):
        return judge
    return Allowed() if is_secure(assignment.pk) else NOT_SECURE
