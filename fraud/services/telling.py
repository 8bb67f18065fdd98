"""What the two sides are told, in plain words and in their own language."""

from fraud.models import Case, Decision
from marketplace.notifications.services import notify
from tasks_app import selectors as tasks


def tell_decided(case: Case, decision: Decision) -> None:
    """The executor hears of every flag's end; the customer when they were asked or the case was confirmed. An audit that
    finds nothing disturbs nobody."""
    title = tasks.cancelled_assignment(case.cancellation_id).title
    if case.kind == Case.Kind.FLAG:
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


def tell_doubt(case: Case, *, suspended: bool) -> None:
    """Two moderators contradict each other about a case that was decided against the executor."""
    _tell_executor(case, "case_in_doubt_unrestricted" if suspended else "case_in_doubt", "doubt")


def tell_settled(case: Case) -> None:
    """A third has settled it: for the executor, or the decision stands."""
    kind = "case_stands" if case.outcome == Case.Outcome.CONFIRMED else "case_overturned"
    _tell_executor(case, kind, "settled")


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
    return "case_confirmed" if confirmed else "case_closed_for_executor"


def _customer_kind(decision: Decision) -> str:
    return "case_confirmed" if decision.outcome == Case.Outcome.CONFIRMED else "case_closed_to_customer"
