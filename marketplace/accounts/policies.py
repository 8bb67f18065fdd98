"""What a person may do by who they are: verified, restricted, staff. Each refusal says why."""

from datetime import timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.accounts.models import Appeal, ExecutorProfile, Restriction, User, VerificationRequest
from marketplace.accounts.selectors.standing import ResponderStanding, responder_standing, standing_restriction
from marketplace.kit.clock import now
from marketplace.kit.policy import Allowed, Decision, Denied


def may_respond(user: User) -> Decision:
    """A verified executor whom nothing restricts."""
    standing = responder_standing(user.pk)
    if standing.restricted:
        return _denied_by(standing)
    if not standing.verified:
        return Denied("not_verified", _("Only verified executors can respond. Verification takes about a day."))
    return Allowed()


def may_post(user: User) -> Decision:
    """Anybody with a confirmed phone and a name whom nothing restricts."""
    if (denied := _restricted(user, Restriction.Kind.POSTING)) is not None:
        return denied
    if user.phone_confirmed_at is None:
        return Denied("phone_not_confirmed", _("Confirm your phone number to post a task."))
    if not user.name:
        return Denied("name_missing", _("Tell us your name first: executors see it beside the task."))
    return Allowed()


def may_ask_for_verification(user: User) -> Decision:
    """Phone and e-mail confirmed, a name given, not verified yet, nothing waiting, not blocked."""
    if (denied := _restricted(user, Restriction.Kind.BLOCKED)) is not None:
        return denied
    if user.phone_confirmed_at is None:
        return Denied("phone_not_confirmed", _("Confirm your phone number first."), 409)
    if user.email_confirmed_at is None:
        return Denied("email_not_confirmed", _("Confirm your e-mail address first."), 409)
    if not user.name:
        return Denied("name_missing", _("Tell us your name in your profile first."), 409)
    stage = ExecutorProfile.objects.filter(user_id=user.pk).values_list("verification", flat=True).first()
    if stage == ExecutorProfile.Verification.VERIFIED:
        return Denied("already_verified", _("You are verified already."), 409)
    if stage == ExecutorProfile.Verification.PENDING:
        return Denied("already_being_checked", _("Your documents are being checked already."), 409)
    if stage == ExecutorProfile.Verification.REJECTED and _rejected_lately(user):
        return Denied("rejected_lately", _when_again(), 409)
    return Allowed()


def _when_again() -> str:
    days = int(settings.RULES["verification_again_days"])
    sentence = ngettext(
        "After a refusal you can try again in %(days)s day, or appeal.",
        "After a refusal you can try again in %(days)s days, or appeal.",
        days,
    )
    return sentence % {"days": days}


def _rejected_lately(user: User) -> bool:
    rejected = VerificationRequest.objects.filter(profile__user_id=user.pk, status=VerificationRequest.Status.REJECTED)
    wait = timedelta(days=int(settings.RULES["verification_again_days"]))
    return rejected.filter(decided_at__gt=now() - wait).exists()


def may_decide_on(by: User, user_id: int) -> Decision:
    """A moderator, but not about themselves."""
    if by.pk == user_id:
        return Denied("own_matter", _("Another moderator decides about you."))
    return may_moderate(by)


def may_decide_appeal(by: User, appeal: Appeal) -> Decision:
    """A moderator other than who decided first, in time."""
    if by.pk == appeal.against_id:
        return Denied("same_moderator", _("Another moderator decides an appeal against your decision."))
    decision = may_decide_on(by, appeal.user_id)
    if decision and appeal.outcome == appeal.Outcome.PENDING and appeal.due_at <= now():
        return Denied("appeal_overdue", _("The time to answer is over: the appeal is decided for the person."), 409)
    return decision


def may_moderate(user: User) -> Decision:
    return Allowed() if is_moderator(user) else Denied("staff_only", _("Only moderators can do this."))


def may_operate(user: User) -> Decision:
    return Allowed() if is_operator(user) else Denied("staff_only", _("Only operators can do this."))


def is_moderator(user: User) -> bool:
    """Moderators and operators decide cases, verifications and appeals."""
    return user.is_active and user.staff_role in (User.StaffRole.MODERATOR, User.StaffRole.OPERATOR)


def is_operator(user: User) -> bool:
    """Operators change the catalogue, tariffs and people's staff roles in the admin."""
    return user.is_active and user.staff_role == User.StaffRole.OPERATOR


def _restricted(user: User, kind: str) -> Denied | None:
    """None when nothing forbids it. A Denied is false, so callers compare with None."""
    restriction = standing_restriction(user.pk, kind)
    return None if restriction is None else _denied_by(restriction)


def _denied_by(restriction: Restriction | ResponderStanding) -> Denied:
    if restriction.until is None:
        return Denied("restricted", _("Your account is restricted: %(reason)s") % {"reason": restriction.reason})
    until = date_format(localtime(restriction.until), "DATETIME_FORMAT")
    sentence = _("Your account is restricted until %(until)s: %(reason)s")
    return Denied("restricted", sentence % {"until": until, "reason": restriction.reason})
