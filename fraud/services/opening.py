"""A case is opened: the refund waits, the executor is told, the desk has work."""

from secrets import SystemRandom
from typing import Any

from fraud.learning.capacity import capacity_per_day
from fraud.models import Case, CaseEvent, Score
from fraud.rules import hold_time, rule
from marketplace.kit.clock import now
from marketplace.notifications.services import notify
from payments import selectors as payments
from payments import services as money
from tasks_app import selectors as tasks

_dice = SystemRandom()


def open_flag(deal: tasks.CancelledAssignment, *, score: Score, certainty: float) -> Case:
    """Under the evidence row's lock. One case a cancellation; a higher score found later raises it. The refund waits
    only when the score's outcome says so."""
    stake = _stake_minor(deal)
    case, created = _open(
        deal,
        kind=Case.Kind.FLAG,
        score=score.probability,
        stake_minor=stake,
        certainty=certainty,
        rank=rank_of(score.probability, stake, certainty),
        due_at=now() + hold_time(),
    )
    if case.kind == Case.Kind.AUDIT:  # a person looks at it anyway, and blind
        return case
    if not created:
        _raise_score(case, score.probability, certainty)
    if score.outcome == Score.Outcome.HOLD and not case.holds_refund and case.status != Case.Status.CLOSED:
        _hold(case, deal)
    return case


def open_audit(deal: tasks.CancelledAssignment) -> Case:
    """A blind look: no score, a place in the queue that says nothing and is within today's work, and the time that flags have."""
    stake = _stake_minor(deal)
    case, _created = _open(
        deal,
        kind=Case.Kind.AUDIT,
        score=None,
        stake_minor=stake,
        certainty=1.0,
        rank=_rank_among_flags(stake),
        due_at=now() + hold_time(),
    )
    return case


def rank_of(probability: float, stake_minor: int, certainty: float) -> float:
    """Expected loss × certainty, in minor units. Currencies are not converted: a desk works for one country."""
    return round(probability * max(1, stake_minor) * certainty, 4)


def _open(deal: tasks.CancelledAssignment, **values: Any) -> tuple[Case, bool]:
    case, created = Case.objects.get_or_create(
        cancellation_id=deal.cancellation_id,
        defaults={
            "executor_id": deal.executor_id,
            "customer_id": deal.customer_id,
            "response_id": deal.response_id,
            "opened_at": now(),
            **values,
        },
    )
    if not created:
        return _locked(case), False
    details = {"score": case.score, "kind": case.kind}
    CaseEvent.objects.create(case=case, at=now(), kind="opened", details=details)
    return case, True


def _locked(case: Case) -> Case:
    """As it is once nobody else is at it: a case that was decided meanwhile is neither raised nor held."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _stake_minor(deal: tasks.CancelledAssignment) -> int:
    """The fee that would go back, and a share of the price for the deals that would follow off the platform."""
    fee = payments.charged_minor(deal.response_id) or 0
    return round(fee + rule("leak_share") * deal.price_minor)


def _rank_among_flags(stake_minor: int) -> float:
    """Just beside a random flag that moderators will reach today, one of those that a deal of this price could be, when there is one;
    in an empty queue where some flag of this price would stand."""
    reach = capacity_per_day()
    ranks = list(
        Case.objects.filter(kind=Case.Kind.FLAG)
        .exclude(status=Case.Status.CLOSED)
        .order_by("-rank")
        .values_list("rank", flat=True)[:reach]
    )
    if not ranks:
        return rank_of(_dice.uniform(0.5, 1), stake_minor, _dice.uniform(0.5, 1))
    fitting = [rank for rank in ranks if rank <= stake_minor]
    return _dice.choice(fitting or ranks) * _dice.uniform(0.97, 1.03)


def _hold(case: Case, deal: tasks.CancelledAssignment) -> None:
    held = money.hold_refund(response_id=case.response_id, reference=case.reference, until=case.due_at)
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


def _raise_score(case: Case, score: float, certainty: float) -> None:
    if case.status == Case.Status.CLOSED or score <= (case.score or 0):
        return
    CaseEvent.objects.create(case=case, at=now(), kind="score_raised", details={"from": case.score, "to": score})
    case.score, case.certainty = score, certainty
    case.rank = rank_of(score, case.stake_minor, certainty)
    case.save(update_fields=["score", "certainty", "rank"])
