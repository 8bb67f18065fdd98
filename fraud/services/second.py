"""Second looks, and the third that settles a contradiction. A decision in doubt is not enforced meanwhile, and is settled
for the executor when nobody does it in time."""

from typing import TYPE_CHECKING

from django.db import transaction

from fraud.errors import ReasonMissing
from fraud.learning.models import SecondReview
from fraud.learning.second import second_review, third_review
from fraud.models import Case, CaseEvent, Decision
from fraud.rules import hold_time
from fraud.services.deciding import lock_case
from fraud.services.ending import end_if_over
from fraud.services.telling import tell_doubt, tell_settled
from fraud.services.undoing import resume_restriction, suspend_restriction, undo_consequences
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound

if TYPE_CHECKING:
    from marketplace.accounts.models import User

CONFIRMED = Case.Outcome.CONFIRMED


@transaction.atomic
def decide_second(*, review_id: int, by: "User", outcome: str, reason: str = "") -> SecondReview:
    """One more opinion. When it and the first contradict each other about the proof, a third person is asked, and a
    restriction that came from the case is suspended at once. Raises NotFound, ReasonMissing."""
    second_review(review_id, by)
    row = _locked(review_id)
    if row.decided_at is not None:
        raise NotFound
    if outcome not in Case.Outcome.values:
        raise ReasonMissing
    row.by, row.outcome, row.reason, row.decided_at = by, outcome, reason.strip()[:2000], now()
    if (outcome == CONFIRMED) != (row.first.outcome == CONFIRMED):
        row.third_due_at = now() + hold_time()
    row.save()
    audit.record(actor=by, action="case.reviewed_again", subject=row.case.reference, details={"outcome": outcome})
    case = lock_case(row.case_id)
    if row.third_due_at:
        _doubt(case, row, by)
    end_if_over(case)
    return row


@transaction.atomic
def decide_third(*, review_id: int, by: "User", outcome: str, reason: str) -> SecondReview:
    """Settle a contradiction. A proved case that is not proved any more is undone; one that was closed for the executor
    stays so for both sides, and only the model learns from it. Raises NotFound, ReasonMissing."""
    third_review(review_id, by)
    row = _locked(review_id)
    if row.settled_at is not None:
        raise NotFound
    if outcome not in Case.Outcome.values or not reason.strip():
        raise ReasonMissing
    row.third_by, row.third_reason = by, reason.strip()[:2000]
    audit.record(actor=by, action="case.settled", subject=row.case.reference, details={"outcome": outcome})
    _settle(row, outcome, by)
    return row


def settle_overdue(*, limit: int = 200) -> int:
    """Contradictions that nobody settled in 72 hours end with the milder of the two outcomes."""
    overdue = SecondReview.objects.filter(third_due_at__lte=now(), settled_at=None)
    done = 0
    for pk in list(overdue.order_by("third_due_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = overdue.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if row is not None and row.by is not None:
                _settle(row, row.outcome if row.first.outcome == CONFIRMED else row.first.outcome, row.by)
                done += 1
    return done


def _locked(review_id: int) -> SecondReview:
    return SecondReview.objects.select_for_update(of=("self",)).select_related("first").get(pk=review_id)


def _doubt(case: Case, row: SecondReview, by: "User") -> None:
    CaseEvent.objects.create(case=case, at=now(), kind="contradicted", details={"until": str(row.third_due_at)})
    if case.outcome != CONFIRMED:
        return
    suspended = suspend_restriction(case, by=by)
    tell_doubt(case, suspended=suspended)


def _settle(row: SecondReview, outcome: str, by: "User") -> None:
    row.third_outcome, row.settled_at = outcome, now()
    row.save()
    case = lock_case(row.case_id)
    CaseEvent.objects.create(case=case, at=now(), actor=row.third_by, kind="settled", details={"outcome": outcome})
    if case.outcome == CONFIRMED:  # else it was closed for the executor, or an appeal has undone it meanwhile
        if outcome == CONFIRMED:
            resume_restriction(case, row.first, by=by)
        else:
            _overturn(case, row, outcome, by)
        tell_settled(case)
    end_if_over(case)


def _overturn(case: Case, row: SecondReview, outcome: str, by: "User") -> None:
    Decision.objects.create(case=case, by=row.third_by, at=now(), outcome=outcome, reason=row.third_reason)
    case.outcome = outcome
    case.save(update_fields=["outcome"])
    undo_consequences(case, by=by, rule="reviewed_again")
