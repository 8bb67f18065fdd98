"""The two sides are asked and answer, each by themselves; the executor may explain unasked. Silence is no confession."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation

from fraud import policies
from fraud.errors import AnswerMissing, ReasonMissing
from fraud.models import Case, CaseEvent, Inquiry
from fraud.questions import is_known, question_text
from fraud.rules import rule
from fraud.services.deciding import lock_case
from fraud.services.handling import open_case_for, write_event
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from marketplace.notifications.services import notify
from tasks_app import selectors as tasks

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@transaction.atomic
def ask_both(
    *, case_id: int, by: "User", question: str = "", template: str = "", side: str = "both", hours: int | None = None
) -> list[Inquiry]:
    """Ask the executor and the customer the same (`side`: both, executor or customer), by a ready question of
    fraud.questions, in own words, or both; each answers by itself. `hours`: until when; never longer than the case.
    Silence is no confession. Raises ReasonMissing, NotFound, PolicyDenied."""
    case = open_case_for(case_id, by)
    words = question.strip()[:900]
    if not (words or template) or (template and not is_known(template)):
        raise ReasonMissing
    due_at = min(now() + timedelta(hours=hours or rule("inquiry_hours")), case.due_at)
    sides = {"executor": [case.executor], "customer": [case.customer]}.get(side, [case.executor, case.customer])
    asked = [_ask(case, person, by, words, template, due_at) for person in sides]
    details = {"question": words, "template": template, "side": side, "due_at": due_at.isoformat()}
    write_event(case, by, "asked", **details)
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
    write_event(inquiry.case, by, "answered", side=side, text=inquiry.answer)
    _tell_moderator(inquiry.case, inquiry.asked_by_id, by, key=f"inquiry:{inquiry.pk}:answered")
    return inquiry


@transaction.atomic
def explain_case(*, case_id: int, by: "User", text: str) -> CaseEvent:
    """The executor says how it was, without being asked. Raises NotFound, AnswerMissing, PolicyDenied."""
    case = lock_case(case_id)
    require(policies.may_explain(by, case))
    if not text.strip():
        raise AnswerMissing
    event = write_event(case, by, "explained", text=text.strip()[:2000])
    if case.assignee_id is not None:
        _tell_moderator(case, case.assignee_id, by, key=f"explained:{event.pk}")
    return event


def _tell_moderator(case: Case, moderator_id: int, by: "User", *, key: str) -> None:
    title = tasks.cancelled_assignment(case.cancellation_id).title
    notify(
        user_id=moderator_id,
        kind="case_answered",
        params={"name": by.public_name, "title": title},
        path=f"/desk/cases/{case.pk}/",
        key=key,
    )


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
