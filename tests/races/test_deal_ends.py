"""The end of a deal by time and by its people at the same moment: one end, one refund. With the control of the lock."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from payments.models import Refund
from tasks_app import locks, services
from tasks_app.assignments import jobs
from tasks_app.assignments import services as deals
from tasks_app.models import Assignment, Cancellation, Task
from tests.journeys import steps
from tests.races.test_rivals import COLLISIONS, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def overdue(clock: Any) -> Assignment:
    """Asked, not answered, and due now."""
    clock.freeze()
    deal = steps.assigned()
    clock.freeze(deal.window_end + timedelta(days=3))
    jobs.remind_of_deals()
    clock.advance(days=4)
    return deal


def ends(deal: Assignment) -> list[Callable[[], object]]:
    return [
        partial(deals.settle_deal, deal.pk),
        partial(services.confirm_took_place, assignment_id=deal.pk, by=deal.customer),
        partial(services.confirm_took_place, assignment_id=deal.pk, by=deal.executor),
        partial(services.cancel_assignment, assignment_id=deal.pk, by=deal.customer, reason="plans_changed"),
    ]


@pytest.mark.parametrize("round_", range(3))
def test_time_and_both_sides_at_once_leave_one_end(round_: int, clock: Any) -> None:
    deal = overdue(clock)
    outcomes = at_once(ends(deal))
    deal.refresh_from_db()
    assert not {"IntegrityError", "OperationalError"} & set(outcomes), outcomes
    assert deal.status in ("accepted", "cancelled", "done")
    assert Cancellation.objects.count() == Refund.objects.count() == int(deal.status == "cancelled")
    assert deal.events.filter(entered__in=("cancelled", "accepted")).count() <= 1


def test_control_without_the_lock_they_collide(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    deal = overdue(clock)
    readers = Barrier(4)

    def read(task_id: int) -> Task:
        task = Task.objects.select_related("category", "city").get(pk=task_id)
        readers.wait(timeout=30)
        return task

    monkeypatch.setattr(locks, "lock_task", read)
    outcomes = at_once(ends(deal))
    assert COLLISIONS & set(outcomes), outcomes


def test_two_moderators_decide_at_once_and_one_decision_stands() -> None:
    deal = steps.assigned()
    cancellation = steps.cancel(deal, reason="executor_no_show")
    services.answer_cancellation(
        cancellation_id=cancellation.pk, by=deal.executor, reason="no_access", at_fault="customer"
    )
    judges = [steps.moderator(), steps.moderator()]
    acts = [
        partial(services.decide_fault, cancellation_id=cancellation.pk, by=judge, at_fault=fault, note="Так.")
        for judge, fault in zip(judges, ("customer", "executor"), strict=True)
    ]
    assert at_once(acts) == {"done": 1, "fault_settled": 1}
    cancellation.refresh_from_db()
    kept = not Refund.objects.exists()
    assert kept == (cancellation.fault == "executor")
