"""Consequences on an account: strikes and restrictions, each with a reason and an audit row."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import hooks, policies
from marketplace.accounts.models import Restriction, Strike, User
from marketplace.accounts.services.sessions import sign_out_everywhere
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from marketplace.kit.jobs import nudge
from marketplace.kit.policy import require


@transaction.atomic
def add_strike(*, user: User, reason: str, source: str, by: User) -> Strike:
    """One strike per source (e.g. "case:12"): a second call returns the first. Raises PolicyDenied."""
    require(policies.may_moderate(by))
    strike, made = Strike.objects.get_or_create(
        user=user, source=source, defaults={"reason": _said(reason), "by": by, "at": now()}
    )
    if made:
        audit.record(actor=by, action="strike.added", subject=f"user:{user.pk}", details={"source": source})
    return strike


@transaction.atomic
def withdraw_strike(*, source: str, by: User | None) -> int:
    """What came from `source` counts no longer (an appeal was upheld; `by` None: by time); how many strikes. Raises
    PolicyDenied."""
    if by is not None:
        require(policies.may_moderate(by))
    strikes = list(Strike.objects.select_for_update(of=("self",)).filter(source=source, withdrawn_at=None))
    for strike in strikes:
        strike.withdrawn_at = now()
        strike.save(update_fields=["withdrawn_at"])
        audit.record(actor=by, action="strike.withdrawn", subject=f"user:{strike.user_id}", details={"source": source})
    return len(strikes)


@transaction.atomic
def restrict(*, user: User, kind: str, reason: str, until: datetime | None, by: User, source: str = "") -> Restriction:
    """Forbid `kind` (a Restriction.Kind) until `until`, or until lifted. Raises PolicyDenied, InvalidInput."""
    require(policies.may_moderate(by))
    if kind not in Restriction.Kind.values:
        raise InvalidInput(field="kind", reason=_("Choose what is restricted."))
    if until is not None and until <= now():
        raise InvalidInput(field="until", reason=_("The end must be in the future."))
    restriction = Restriction.objects.create(
        user=user, kind=kind, reason=_said(reason), until=until, by=by, source=source, since=now()
    )
    audit.record(
        actor=by,
        action="restriction.added",
        subject=f"user:{user.pk}",
        details={"restriction": restriction.pk, "kind": kind, "until": until.isoformat() if until else None},
    )
    if kind == Restriction.Kind.BLOCKED:
        nudge("tasks_app.close_tasks_of_blocked")
        sign_out_everywhere(user=user)
    hooks.person_restricted.call(restriction_id=restriction.pk)
    return restriction


@transaction.atomic
def lift_restriction(*, restriction: Restriction, by: User | None) -> Restriction:
    """It ends now, and the person hears of it; `by` None: nobody decided in time. Raises PolicyDenied."""
    if end_restriction(restriction=restriction, by=by):
        hooks.restriction_lifted.call(restriction_id=restriction.pk)
    return restriction


@transaction.atomic
def end_restriction(*, restriction: Restriction, by: User | None) -> bool:
    """The same without the news, for whoever tells more (an upheld appeal). False: it had ended before."""
    if by is not None:
        require(policies.may_moderate(by))
    standing = Restriction.objects.filter(pk=restriction.pk, lifted_at=None)
    ended = standing.update(lifted_at=now(), lifted_by=by) == 1
    if ended:
        details = {"restriction": restriction.pk}
        audit.record(actor=by, action="restriction.lifted", subject=f"user:{restriction.user_id}", details=details)
    restriction.refresh_from_db()
    return ended


def _said(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput(field="reason", reason=_("Give a reason: the person will read it."))
    return reason.strip()
