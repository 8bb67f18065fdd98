"""A case is opened: the refund waits, the executor is told, the desk has work."""

from datetime import timedelta
from secrets import SystemRandom

from fraud.models import Case, CaseEvent
from fraud.rules import hold_time, rule
from marketplace.kit.clock import now
from marketplace.notifications.services import notify
from payments import services as payments
from tasks_app import selectors as tasks

AUDIT_DAYS = 7
_dice = SystemRandom()


def open_case(deal: tasks.CancelledAssignment, *, kind: str, score: float | None) -> Case:
    """Under the evidence row's lock. One case a cancellation; a higher score found later raises it."""
    due_at = now() + (hold_time() if kind == Case.Kind.FLAG else timedelta(days=AUDIT_DAYS))
    case, created = Case.objects.get_or_create(
        cancellation_id=deal.cancellation_id,
        defaults={
            "kind": kind,
            "executor_id": deal.executor_id,
            "customer_id": deal.customer_id,
            "response_id": deal.response_id,
            "score": score,
            "rank": _dice.uniform(rule("threshold"), 1) if score is None else score,
            "opened_at": now(),
            "due_at": due_at,
        },
    )
    if not created:
        _raise_score(case, score)
        return case
    CaseEvent.objects.create(case=case, at=now(), kind="opened", details={"score": score, "kind": kind})
    if kind == Case.Kind.FLAG:
        _hold(case, deal)
    return case


def _hold(case: Case, deal: tasks.CancelledAssignment) -> None:
    held = payments.hold_refund(response_id=case.response_id, reference=case.reference, until=case.due_at)
    if held is None:  # a trial's response, or the money is back already: there is nothing to hold
        return
    case.holds_refund = True
    case.save(update_fields=["holds_refund"])
    CaseEvent.objects.create(case=case, at=now(), kind="refund_held", details={"until": case.due_at.isoformat()})
    until = {"at": case.due_at.isoformat(), "zone": deal.time_zone.key}
    notify(
        user_id=case.executor_id,
        kind="case_opened",
        params={"title": deal.title, "until": until},
        path=f"/my/cases/{case.pk}/",
        key=f"{case.reference}:opened",
    )


def _raise_score(case: Case, score: float | None) -> None:
    if score is None or case.status == Case.Status.CLOSED or score <= (case.score or 0):
        return
    CaseEvent.objects.create(case=case, at=now(), kind="score_raised", details={"from": case.score, "to": score})
    case.score = case.rank = score
    case.save(update_fields=["score", "rank"])
