"""Work on an open case: look, take, note, ask both sides, put aside. Each is an event; each look is audited."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation

from fraud import policies
from fraud.errors import AnswerMissing, ReasonMissing
from fraud.models import Case, CaseEvent, Inquiry
from fraud.questions import is_known, question_text
from fraud.rules import rule
from fraud.services.deciding import lock_case
from fraud.states import CASE_STEPS
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from marketplace.kit.states import step
from marketplace.notifications.services import notify

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
    case = _open_case(case_id, by)
    if case.status == Case.Status.PENDING:
        step(case, Case.Status.INVESTIGATING, CASE_STEPS, assignee=by)
    elif case.assignee_id != by.pk:
        case.assignee = by
        case.save(update_fields=["assignee"])
    else:
        return case
    _event(case, by, "taken")
    return case


@transaction.atomic
def add_note(*, case_id: int, by: "User", text: str) -> CaseEvent:
    """A note among moderators; neither side sees it. Closed cases take notes too."""
    case = lock_case(case_id)
    require(policies.may_see_case(by, case))
    if not text.strip():
        raise ReasonMissing
    return _event(case, by, "note", text=text.strip()[:2000])


@transaction.atomic
def snooze_case(*, case_id: int, by: "User", hours: int) -> Case:
    """Out of the queue for some hours; the 72 hours run on."""
    case = _open_case(case_id, by)
    case.snoozed_until = min(now() + timedelta(hours=max(1, hours)), case.due_at)
    case.save(update_fields=["snoozed_until"])
    _event(case, by, "snoozed", until=case.snoozed_until.isoformat())
    return case


@transaction.atomic
def ask_both(
    *, case_id: int, by: "User", question: str = "", template: str = "", side: str = "both", hours: int | None = None
) -> list[Inquiry]:
    """Ask the executor and the customer the same (`side`: both, executor or customer), by a ready question of
    fraud.questions, in own words, or both; each answers by itself. `hours`: until when; never longer than the case.
    Silence is no confession. Raises ReasonMissing, NotFound, PolicyDenied."""
    case = _open_case(case_id, by)
    words = question.strip()[:900]
    if not (words or template) or (template and not is_known(template)):
        raise ReasonMissing
    due_at = min(now() + timedelta(hours=hours or rule("inquiry_hours")), case.due_at)
    sides = {"executor": [case.executor], "customer": [case.customer]}.get(side, [case.executor, case.customer])
    asked = [_ask(case, person, by, words, template, due_at) for person in sides]
    details = {"question": words, "template": template, "side": side, "due_at": due_at.isoformat()}
    _event(case, by, "asked", **details)
    audit.record(actor=by, action="case.asked", subject=case.reference)
    return asked


@transaction.atomic
def answer_inquiry(*, inquiry_id: int, by: "User", text: str) -> Inquiry:
    """One side answers, once, while the case is open. Raises NotFound, AnswerMissing, PolicyDenied."""
    inquiry = Inquiry.objects.select_for_update(of=("self",)).select_related("case").filter(pk=inquiry_id).first()
    if inquiry is None:
        raise NotFound
    require(policies.may_answer(by, inquiry.person_id))
    require(policies.may_still_answer(inquiry))
    if not text.strip():
        raise AnswerMissing
    inquiry.answer, inquiry.answered_at = text.strip()[:2000], now()
    inquiry.save(update_fields=["answer", "answered_at"])
    side = "executor" if by.pk == inquiry.case.executor_id else "customer"
    _event(inquiry.case, by, "answered", side=side, text=inquiry.answer)
    return inquiry


def _ask(case: Case, person: "User", by: "User", words: str, template: str, due_at: datetime) -> Inquiry:
    with translation.override(person.language):
        question = question_text(template, words)
    inquiry = Inquiry.objects.create(
        case=case, person=person, asked_by=by, question=question, template=template, asked_at=now(), due_at=due_at
    )
    notify(
        user_id=person.pk,
        kind="case_question",
        params={"question": question},
        path=f"/my/cases/{case.pk}/",
        key=f"inquiry:{inquiry.pk}",
    )
    return inquiry


def _open_case(case_id: int, by: "User") -> Case:
    case = lock_case(case_id)
    require(policies.may_decide(by, case))
    return case


def _event(case: Case, by: "User", kind: str, **details: Any) -> CaseEvent:
    return CaseEvent.objects.create(case=case, at=now(), actor=by, kind=kind, details=details)
