"""Who may look at cases, decide them and appeal; and when a case is over."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fraud.models import Case, Inquiry, SecondReview
from fraud.rules import rule
from marketplace.accounts import policies as people
from marketplace.accounts import selectors as accounts
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
    if case.due_at <= now():
        return Denied("case_overdue", _("The time to decide is over: the case is decided for the executor."), 409)
    return Allowed()


def may_appeal(user: "User", case: Case) -> Decision:
    """The executor, once, within `appeal_days` of a decision against them."""
    if not _is_executors(user, case):
        return NOT_FOUND
    if case.status != Case.Status.CLOSED or case.outcome != Case.Outcome.CONFIRMED:
        return Denied("nothing_to_appeal", _("There is no decision against you to appeal."), 409)
    days = int(rule("appeal_days"))
    if _appeal_time_is_over(case):
        over = ngettext(
            "The time to appeal is over: it was %(days)s day.",
            "The time to appeal is over: it was %(days)s days.",
            days,
        )
        return Denied("appeal_too_late", over % {"days": days}, 409)
    return Allowed()


def may_decide_appeal(user: "User", case: Case) -> Decision:
    """A moderator who is no side and has said nothing of the case yet: neither first, second nor third."""
    if not (decision := may_see_case(user, case)):
        return decision
    looked = SecondReview.objects.filter(case=case).filter(Q(by=user) | Q(third_by=user))
    if looked.exists() or case.decisions.filter(by=user, on_appeal=False).exists():
        return Denied("same_moderator", _("You have decided about this case: another moderator answers the appeal."))
    return Allowed()


def may_explain(user: "User", case: Case) -> Decision:
    """The executor of a case that is theirs to see, unasked, while it is open; a few times."""
    if not _is_executors(user, case):
        return NOT_FOUND
    if case.status == Case.Status.CLOSED:
        return Denied("case_closed", _("This case is closed."), 409)
    if case.events.filter(kind="explained").count() >= rule("explanations"):
        return Denied("explained_enough", _("You have explained it already; the moderator reads all of it."), 409)
    return Allowed()


def may_forget_track(user: "User", case: Case) -> Decision:
    """The executor, what a case of theirs keeps of their positions, once nothing can change its outcome."""
    if not _is_executors(user, case):
        return NOT_FOUND
    if case.over_at is None:
        return Denied(
            "track_held",
            _("The check needs them: you can delete them when it and the time to appeal are over."),
            409,
        )
    return Allowed()


def was_confirmed(case: Case) -> bool:
    """At any time, whatever an appeal or a third look made of it: both sides were told so."""
    return case.decisions.filter(outcome=Case.Outcome.CONFIRMED).exists()


def is_told_to_executor(case: Case) -> bool:
    """A flag, or a random check in which the executor was asked or which was decided against them. Of any other random check
    nobody hears, so that being looked at says nothing about anybody."""
    return (
        case.kind == Case.Kind.FLAG or case.inquiries.filter(person_id=case.executor_id).exists() or was_confirmed(case)
    )


def is_over(case: Case) -> bool:
    """Closed, and no appeal, no third word and no second look that anybody still waits for can change the outcome."""
    if case.status != Case.Status.CLOSED or _look_awaited(case):
        return False
    appeals = accounts.appeals_of(case.executor)
    limits = accounts.restrictions_of(case.executor).filter(source=case.reference).values_list("pk", flat=True)
    subjects = (case.reference, *(f"restriction:{pk}" for pk in limits))
    if any(subject in appeals and appeals[subject].outcome == "pending" for subject in subjects):
        return False
    return case.outcome != Case.Outcome.CONFIRMED or case.reference in appeals or _appeal_time_is_over(case)


def _look_awaited(case: Case) -> bool:
    look = SecondReview.objects.filter(case=case).first()
    if look is None or look.settled_at is not None:
        return False
    if look.decided_at is None:
        return look.drawn_at + timedelta(days=rule("second_days")) > now()
    return look.third_due_at is not None


def _appeal_time_is_over(case: Case) -> bool:
    return case.closed_at is not None and (now() - case.closed_at).days >= rule("appeal_days")


def _is_executors(user: "User", case: Case) -> bool:
    return user.pk == case.executor_id and is_told_to_executor(case)


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
