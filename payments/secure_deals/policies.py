"""Who may do what with the money of a deal. The reason is the sentence that the person reads."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.policies import is_moderator
from marketplace.kit.clock import now
from marketplace.kit.policy import Allowed, Decision, Denied
from payments.models import PartOffer, SecureDeal, Split, StaffApproval

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Status = SecureDeal.Status

NOT_YOURS = Denied("not_a_side", _("You do not take part in this deal."))
NOT_AWAITING = Denied("payment_not_awaited", _("There is nothing to pay here any more."), 409)
TOO_LATE = Denied(
    "time_to_pay_over", _("The time to pay is over. Nothing was charged; choose the executor again."), 409
)
NOT_HELD = Denied("money_not_held", _("The money of this deal is no longer held."), 409)
NO_OFFER = Denied("no_offer_waiting", _("There is no offer to answer."), 409)
ONLY_MODERATOR = Denied("only_a_moderator", _("Only a moderator can do this."))
SAME_MODERATOR = Denied("same_moderator", _("Another moderator decides an appeal against your decision."))
NO_SPLIT = Denied("nothing_to_appeal", _("There is no decision that could be appealed."), 409)
APPEAL_OVER = Denied("appeal_time_over", _("The time to appeal is over."), 409)
FINAL = Denied("decision_final", _("This decision is final."), 409)
APPEALED = Denied("already_appealed", _("The decision has been appealed already."), 409)

HELD_TOO_LONG = Denied("held_too_long", _("The money could not be held any longer: it is moving already."), 409)
RETURN_WAITS = Denied("return_waits", _("A return of this deal waits for a second staff member already."), 409)


def may_pay(deal: SecureDeal, user_id: int) -> Decision:
    if deal.customer_id != user_id:
        return NOT_YOURS
    if deal.status != Status.AWAITING_PAYMENT:
        return NOT_AWAITING
    return Allowed() if now() < deal.pay_by else TOO_LATE


def may_offer_part(deal: SecureDeal, user: "User") -> Decision:
    if deal.customer_id != user.pk:
        return NOT_YOURS
    return Allowed() if deal.status == Status.HELD else NOT_HELD


def may_answer_part(deal: SecureDeal, offer: PartOffer | None, user: "User") -> Decision:
    if deal.executor_id != user.pk:
        return NOT_YOURS
    if offer is None or offer.answer != PartOffer.Answer.WAITING:
        return NO_OFFER
    return Allowed() if deal.status == Status.HELD else NOT_HELD


def may_split(deal: SecureDeal, user: "User") -> Decision:
    """A moderator who takes no part divides money that is held."""
    if not is_moderator(user) or user.pk in (deal.customer_id, deal.executor_id):
        return ONLY_MODERATOR
    return Allowed() if deal.status == Status.HELD else NOT_HELD


def may_appeal_split(deal: SecureDeal, split: Split | None, user: "User") -> Decision:
    """Either side, once, the first decision, until the money moves."""
    if user.pk not in (deal.customer_id, deal.executor_id):
        return NOT_YOURS
    if split is None or deal.status != Status.SETTLING:
        return NO_SPLIT
    if split.number > 1:
        return FINAL
    if split.appealed_at is not None:
        return APPEALED
    return Allowed() if deal.pay_after is not None and now() < deal.pay_after else APPEAL_OVER


def may_split_anew(deal: SecureDeal, split: Split | None, refused: StaffApproval | None, user: "User") -> Decision:
    """Another moderator than who decided first: after an appeal, or when a colleague refused the refund."""
    if not is_moderator(user) or user.pk in (deal.customer_id, deal.executor_id):
        return ONLY_MODERATOR
    if split is None or deal.status != Status.SETTLING or (split.appealed_at is None and refused is None):
        return NO_SPLIT
    if deal.end_by is not None and deal.end_by <= now():
        return HELD_TOO_LONG
    return SAME_MODERATOR if split.decided_by_id == user.pk else Allowed()


def may_return_after_payout(deal: SecureDeal, user: "User") -> Decision:
    """A moderator takes money back that was paid out already."""
    if not is_moderator(user) or user.pk in (deal.customer_id, deal.executor_id):
        return ONLY_MODERATOR
    return Allowed() if deal.status == Status.SETTLED and deal.to_executor_minor else NOT_HELD
