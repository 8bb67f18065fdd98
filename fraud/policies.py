"""Who may look at cases, decide them and appeal."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fraud.models import Case, Inquiry
from fraud.rules import rule
from marketplace.accounts import policies as people
from marketplace.kit.clock import now
from marketplace.kit.policy import Allowed, Decision, Denied

if TYPE_CHECKING:
    from marketplace.accounts.models import User

NOT_FOUND = Denied("not_found", _("We could not find this. It may have been removed."), status=404)


def may_see_case(user: "User", case: Case) -> Decision:
    """Moderators; for others the case's page does not exist (the executor has a page of their own)."""
    if not people.is_moderator(user):
        return NOT_FOUND
    return _no_party(user, case)


def may_decide(user: "User", case: Case) -> Decision:
    """A moderator who is not one of the two sides, while the case is open."""
    if not (decision := may_see_case(user, case)):
        return decision
    if case.status == Case.Status.CLOSED:
        return Denied("case_closed", _("This case is closed."), 409)
    if case.kind == Case.Kind.FLAG and case.due_at <= now():
        return Denied("case_overdue", _("The time to decide is over: the case is decided for the executor."), 409)
    return Allowed()


def may_appeal(user: "User", case: Case) -> Decision:
    """The executor, once, within `appeal_days` of a decision against them."""
    if user.pk != case.executor_id or case.kind != Case.Kind.FLAG:
        return NOT_FOUND
    if case.status != Case.Status.CLOSED or case.outcome != Case.Outcome.CONFIRMED:
        return Denied("nothing_to_appeal", _("There is no decision against you to appeal."), 409)
    days = int(rule("appeal_days"))
    if case.closed_at is not None and (now() - case.closed_at).days >= days:
        over = ngettext(
            "The time to appeal is over: it was %(days)s day.",
            "The time to appeal is over: it was %(days)s days.",
            days,
        )
        return Denied("appeal_too_late", over % {"days": days}, 409)
    return Allowed()


def may_explain(user: "User", case: Case) -> Decision:
    """The executor of a flagged case, unasked, while it is open; a few times."""
    if user.pk != case.executor_id or case.kind != Case.Kind.FLAG:
        return NOT_FOUND
    if case.status == Case.Status.CLOSED:
        return Denied("case_closed", _("This case is closed."), 409)
    if case.events.filter(kind="explained").count() >= rule("explanations"):
        return Denied("explained_enough", _("You have explained it already; the moderator reads all of it."), 409)
    return Allowed()


def may_answer(user: "User", person_id: int) -> Decision:
    return Allowed() if user.pk == person_id else NOT_FOUND


def _no_party(user: "User", case: Case) -> Decision:
    if user.pk in (case.executor_id, case.customer_id):
        return Denied("own_case", _("You are a side of this case: another moderator decides it."))
    return Allowed()


def may_still_answer(inquiry: Inquiry) -> Decision:
    """Once, and as long as the case is open, even after the date."""
    if inquiry.answered_at is not None:
        return Denied("already_answered", _("You have answered this question."), 409)
    if inquiry.case.status == Case.Status.CLOSED:
        return Denied("case_closed", _("This case is closed."), 409)
    return Allowed()
