"""Appeals: one per decision, decided by somebody other than who decided first."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import hooks, policies, selectors, states
from marketplace.accounts.errors import AlreadyAppealed
from marketplace.accounts.models import Appeal, ExecutorProfile, Restriction, User, VerificationRequest
from marketplace.accounts.services.standing import end_restriction
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, NotFound, StaleState
from marketplace.kit.policy import require
from marketplace.kit.states import step
from marketplace.kit.sweeping import each_alone

ANSWER_WITHIN: Final = timedelta(hours=72)
OWN: Final = ("restriction", "verification")  # decided in this package, and undone here
TEXT_LENGTH: Final = 4000


@transaction.atomic
def file_appeal(*, user: User, subject: str, text: str, against: User | None, due_at: datetime | None = None) -> Appeal:
    """Object to a decision, e.g. subject="case:12". The caller has checked that it is about this person.

    `against`: who decided first and may not decide again. Raises InvalidInput, AlreadyAppealed.
    """
    text = text.strip()
    if not text or len(text) > TEXT_LENGTH:
        raise InvalidInput(field="text", reason=_("Write what you disagree with, in at most 4,000 characters."))
    appeal, made = Appeal.objects.get_or_create(
        user=user,
        subject=subject,
        defaults={"text": text, "against": against, "at": now(), "due_at": due_at or now() + ANSWER_WITHIN},
    )
    if not made:
        raise AlreadyAppealed
    return appeal


def appeal_restriction(*, user: User, restriction_id: int, text: str) -> Appeal:
    """Raises NotFound (also for somebody else's), InvalidInput, AlreadyAppealed."""
    restriction = Restriction.objects.filter(pk=restriction_id, user=user, lifted_at=None).first()
    if restriction is None:
        raise NotFound
    return file_appeal(user=user, subject=f"restriction:{restriction.pk}", text=text, against=restriction.by)


def appeal_verification(*, user: User, request_id: int, text: str) -> Appeal:
    """Against a rejection. Raises NotFound (also for somebody else's), InvalidInput, AlreadyAppealed."""
    rejected = VerificationRequest.objects.filter(status=VerificationRequest.Status.REJECTED, profile__user=user)
    request = rejected.filter(pk=request_id).first()
    if request is None:
        raise NotFound
    return file_appeal(user=user, subject=f"verification:{request.pk}", text=text, against=request.decided_by)


@transaction.atomic
def decide_appeal(*, appeal: Appeal, by: User, upheld: bool, reason: str) -> Appeal:
    """Uphold (the restriction ends, the rejected person may try again) or dismiss; the person reads the reason.

    Raises PolicyDenied (also for who decided first, and when the time is over), InvalidInput, StaleState.
    """
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    require(policies.may_decide_appeal(by, appeal))
    if not reason.strip():
        raise InvalidInput(field="reason", reason=_("Give a reason: the person will read it."))
    if appeal.outcome != Appeal.Outcome.PENDING:
        raise StaleState
    appeal.outcome = Appeal.Outcome.UPHELD if upheld else Appeal.Outcome.DISMISSED
    appeal.reason, appeal.decided_at, appeal.decided_by = reason.strip(), now(), by
    appeal.save(update_fields=["outcome", "reason", "decided_at", "decided_by"])
    if upheld:
        _undo(appeal.subject, by)
    hooks.appeal_decided.call(appeal_id=appeal.pk)
    details = {"outcome": appeal.outcome, "about": appeal.subject}
    audit.record(actor=by, action="appeal.decided", subject=f"appeal:{appeal.pk}", details=details)
    return appeal


def uphold_unanswered_appeals(*kinds: str, limit: int = 200) -> int:
    """Of such subjects (none told: restrictions and refused verifications): whom nobody answered in time, they are decided for.
    How many."""
    due = selectors.pending_appeals(*(kinds or OWN)).filter(due_at__lte=now()).values_list("pk", flat=True)[:limit]
    return each_alone(list(due), lambda pk: uphold_unanswered(appeal_id=pk))


@transaction.atomic
def uphold_unanswered(*, appeal_id: int) -> bool:
    """Nobody answered an appeal in time: it is decided for the person, who reads so. What it undoes beyond this package is
    undone by who listens to the hook. False when it is not due, or somebody is deciding it."""
    due = Appeal.objects.filter(outcome=Appeal.Outcome.PENDING, due_at__lte=now())
    appeal = due.select_for_update(of=("self",), skip_locked=True).filter(pk=appeal_id).first()
    if appeal is None:
        return False
    with translation.override(appeal.user.language):
        appeal.reason = gettext("Nobody answered your appeal in time, so it is decided for you.")
    appeal.outcome, appeal.decided_at = Appeal.Outcome.UPHELD, now()
    appeal.save(update_fields=["outcome", "reason", "decided_at"])
    _undo(appeal.subject, None)
    hooks.appeal_decided.call(appeal_id=appeal.pk)
    details = {"outcome": appeal.outcome, "about": appeal.subject}
    audit.record(actor=None, action="appeal.unanswered", subject=f"appeal:{appeal.pk}", details=details)
    return True


def _undo(subject: str, by: User | None) -> None:
    """What is decided in this package is undone here; the rest by who listens to the hook. `by` None: by time."""
    kind, _colon, number = subject.partition(":")
    if kind == "restriction":
        end_restriction(restriction=Restriction.objects.get(pk=number), by=by)
    elif kind == "verification":
        profile = ExecutorProfile.objects.select_for_update(of=("self",)).get(requests__pk=number)
        if profile.verification == ExecutorProfile.Verification.REJECTED:
            step(profile, ExecutorProfile.Verification.MORE, states.EXECUTOR, field="verification")
