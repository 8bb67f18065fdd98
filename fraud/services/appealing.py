"""An executor appeals a decision; another moderator decides; an upheld appeal undoes everything that followed."""

from typing import TYPE_CHECKING

from django.db import transaction

from fraud import policies
from fraud.models import Case, CaseEvent, Decision
from fraud.services.deciding import lock_case
from fraud.services.ending import end_if_over
from fraud.services.telling import tell_customer_changed
from fraud.services.undoing import undo_consequences
from marketplace.accounts import selectors as people
from marketplace.accounts import services as accounts
from marketplace.kit.clock import now
from marketplace.kit.policy import require

if TYPE_CHECKING:
    from marketplace.accounts.models import Appeal, User


@transaction.atomic
def appeal_case(*, case_id: int, by: "User", text: str) -> "Appeal":
    """Object to a confirmed case, once. Raises NotFound, PolicyDenied, InvalidInput, AlreadyAppealed."""
    case = lock_case(case_id)
    require(policies.may_appeal(by, case))
    decided = case.decisions.exclude(by=None).last()
    appeal = accounts.file_appeal(user=by, subject=case.reference, text=text, against=decided.by if decided else None)
    CaseEvent.objects.create(case=case, at=now(), actor=by, kind="appealed", details={"text": appeal.text})
    return appeal


def carry_out_appeal(*, appeal_id: int) -> None:
    """Called in the transaction in which an appeal is decided; appeals about other things are none of ours. Raises
    PolicyDenied for who has decided about the case before, or is a side of it: then the appeal stays undecided."""
    appeal = people.appeal_for_decision(appeal_id)
    kind, _colon, number = appeal.subject.partition(":")
    if kind != "case":  # of a restriction that came from a case the next sweep hears
        return
    case = lock_case(int(number))
    if appeal.decided_by is not None:
        require(policies.may_decide_appeal(appeal.decided_by, case))
    CaseEvent.objects.create(
        case=case, at=now(), actor=appeal.decided_by, kind="appeal_decided",
        details={"outcome": appeal.outcome, "reason": appeal.reason},
    )  # fmt: skip
    if appeal.outcome == "upheld":
        _undo(case, appeal.decided_by, appeal.reason)
    end_if_over(case)


def uphold_unanswered_appeals(*, limit: int = 200) -> int:
    """Nobody answered in 72 hours: for the executor, as with a case that nobody decides."""
    return accounts.uphold_unanswered_appeals("case", limit=limit)


def _undo(case: Case, by: "User | None", reason: str) -> None:
    """By time it is nobody's word on what happened, so that the model learns nothing from it."""
    outcome = Case.Outcome.CANNOT_TELL if by is None else Case.Outcome.INNOCENT
    Decision.objects.create(case=case, by=by, at=now(), outcome=outcome, reason=reason, on_appeal=True)
    case.outcome = outcome
    case.save(update_fields=["outcome"])
    undo_consequences(case, by=by, rule="appeal_upheld")
    tell_customer_changed(case)
