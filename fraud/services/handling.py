"""Work on an open case: look, take, note, put aside. Each is an event; each look is audited."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from fraud import policies
from fraud.errors import ReasonMissing
from fraud.models import Case, CaseEvent
from fraud.services.deciding import lock_case
from fraud.states import CASE_STEPS
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from marketplace.kit.states import step

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def view_case(*, case_id: int, by: "User") -> Case:
    """The case for a moderator's eyes; the look at the track is written to the audit log. Raises NotFound, PolicyDenied."""
    case = Case.objects.select_related("executor", "customer", "assignee", "cancellation").filter(pk=case_id).first()
    if case is None:
        raise NotFound
    require(policies.may_see_case(by, case))
    audit.record(actor=by, action="track.viewed", subject=case.reference, details={"executor": case.executor_id})
    return case


@transaction.atomic
def take_case(*, case_id: int, by: "User") -> Case:
    """Become the assignee; a waiting case is being looked into from now on."""
    case = open_case_for(case_id, by)
    if case.status == Case.Status.PENDING:
        step(case, Case.Status.INVESTIGATING, CASE_STEPS, assignee=by)
    elif case.assignee_id != by.pk:
        case.assignee = by
        case.save(update_fields=["assignee"])
    else:
        return case
    write_event(case, by, "taken")
    return case


@transaction.atomic
def add_note(*, case_id: int, by: "User", text: str) -> CaseEvent:
    """A note among moderators; neither side sees it. Closed cases take notes too."""
    case = lock_case(case_id)
    require(policies.may_see_case(by, case))
    if not text.strip():
        raise ReasonMissing
    return write_event(case, by, "note", text=text.strip()[:2000])


@transaction.atomic
def snooze_case(*, case_id: int, by: "User", hours: int) -> Case:
    """Out of the queue for some hours; the 72 hours run on."""
    case = open_case_for(case_id, by)
    case.snoozed_until = min(now() + timedelta(hours=max(1, hours)), case.due_at)
    case.save(update_fields=["snoozed_until"])
    write_event(case, by, "snoozed", until=case.snoozed_until.isoformat())
    return case


def open_case_for(case_id: int, by: "User") -> Case:
    """Locked, and this moderator may decide it. Raises NotFound, PolicyDenied."""
    case = lock_case(case_id)
    require(policies.may_decide(by, case))
    return case


def write_event(case: Case, by: "User", kind: str, **details: Any) -> CaseEvent:
    return CaseEvent.objects.create(case=case, at=now(), actor=by, kind=kind, details=details)
