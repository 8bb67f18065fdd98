"""Who may agree to a large refund."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.policies import may_moderate
from marketplace.kit.policy import Allowed, Decision, Denied
from payments.models import StaffApproval

if TYPE_CHECKING:
    from marketplace.accounts.models import User

SAME_PERSON = Denied("same_staff_member", _("You asked for this refund yourself: another staff member agrees to it."))
OWN_MONEY = Denied("own_matter", _("This is about your own money: another staff member decides."))
DECIDED = Denied("approval_decided", _("This was decided already."), 409)


def may_decide(approval: StaffApproval, by: "User") -> Decision:
    """A staff member who did not ask for it and has no part in it."""
    if not (staff := may_moderate(by)):
        return staff
    if approval.requested_by_id == by.pk:
        return SAME_PERSON
    if by.pk in approval.details.get("about", []):
        return OWN_MONEY
    return Allowed() if approval.outcome == StaffApproval.Outcome.WAITING else DECIDED
