"""What the two sides are told, in plain words and in their own language."""

from fraud import policies
from fraud.models import Case, Decision
from marketplace.notifications.services import notify
from tasks_app import selectors as tasks


def tell_decided(case: Case, decision: Decision) -> None:
    """The executor hears of the end of every case that is theirs to see; the customer when they were asked or the case was
    confirmed. A random check that finds nothing disturbs nobody who was not asked."""
    title = tasks.cancelled_assignment(case.cancellation_id).title
    if policies.is_told_to_executor(case):
        notify(
            user_id=case.executor_id,
            kind=_executor_kind(decision),
            params={"title": title},
            path=f"/my/cases/{case.pk}/",
            key=f"{case.reference}:decision:{decision.pk}",
        )
    if decision.outcome == Case.Outcome.CONFIRMED or case.inquiries.filter(person_id=case.customer_id).exists():
        notify(
            user_id=case.customer_id,
            kind=_customer_kind(decision),
            params={"title": title},
            path=f"/my/cases/{case.pk}/",
            key=f"{case.reference}:decision:{decision.pk}",
        )


def tell_customer_changed(case: Case) -> None:
    """Who was told that the work was done is told that this does not stand."""
    notify(
        user_id=case.customer_id,
        kind="case_overturned_to_customer",
        params={"title": tasks.cancelled_assignment(case.cancellation_id).title},
        path=f"/my/cases/{case.pk}/",
        key=f"{case.reference}:overturned",
    )


def tell_doubt(case: Case, *, suspended: bool) -> None:
    """Two moderators contradict each other about a case that was decided against the executor."""
    _tell_executor(case, "case_in_doubt_unrestricted" if suspended else "case_in_doubt", "doubt")


def tell_settled(case: Case) -> None:
    """A third has settled it: for the executor, or the decision stands."""
    stands = case.outcome == Case.Outcome.CONFIRMED
    _tell_executor(case, "case_stands" if stands else "case_overturned", "settled")
    if not stands:
        tell_customer_changed(case)


def _tell_executor(case: Case, kind: str, event: str) -> None:
    notify(
        user_id=case.executor_id,
        kind=kind,
        params={"title": tasks.cancelled_assignment(case.cancellation_id).title},
        path=f"/my/cases/{case.pk}/",
        key=f"{case.reference}:{event}",
    )


def _executor_kind(decision: Decision) -> str:
    if decision.keep_fee:
        return "case_fee_kept"
    confirmed = decision.outcome == Case.Outcome.CONFIRMED
    return "case_decided_against" if confirmed else "case_closed_for_executor"


def _customer_kind(decision: Decision) -> str:
    return "case_confirmed" if decision.outcome == Case.Outcome.CONFIRMED else "case_closed_to_customer"
