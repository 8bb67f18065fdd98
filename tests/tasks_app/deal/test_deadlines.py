"""What time decides: each deadline, a moment before and at it, with late jobs and repeated ones."""

from datetime import timedelta
from typing import Any

import pytest

from marketplace.accounts.services import lift_restriction, restrict
from marketplace.kit.errors import NotFound, PolicyDenied
from marketplace.kit.models import AuditEvent
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from marketplace.notifications.selectors import render
from payments.selectors import charge_for, wallet_balance
from payments.services import refund_unopened
from tasks_app import services
from tasks_app.assignments import jobs
from tasks_app.models import Assignment, Response, Task
from tests.journeys import steps

pytestmark = pytest.mark.django_db
FULL, PAID = Money(100_000), Money(88_000)


def rule(response: Response) -> str | None:
    charge = charge_for(response.pk)
    assert charge is not None
    return charge.rule


@pytest.fixture
def long_task(clock: Any) -> Task:
    """A task that takes responses for a week."""
    clock.freeze()
    task = steps.post_task()
    Task.objects.filter(pk=task.pk).update(respond_by=clock.now() + timedelta(days=7))
    task.refresh_from_db()
    return task


def test_an_unopened_response_is_refunded_after_48_hours_once(long_task: Task, clock: Any) -> None:
    response = steps.respond(long_task)
    clock.freeze(response.unopened_due_at - timedelta(seconds=1))
    refund_unopened()
    assert wallet_balance(response.executor_id) == PAID
    clock.freeze(response.unopened_due_at)
    refund_unopened()
    refund_unopened()
    assert (wallet_balance(response.executor_id), rule(response)) == (FULL, "unopened_48h")
    response.refresh_from_db()
    assert response.status == "sent"


def test_a_response_opened_in_time_is_not_refunded(long_task: Task, clock: Any) -> None:
    response = steps.respond(long_task)
    clock.freeze(response.unopened_due_at - timedelta(seconds=1))
    steps.open_response(response)
    clock.advance(days=1)
    refund_unopened()
    assert wallet_balance(response.executor_id) == PAID


def test_a_response_opened_late_before_the_job_came_is_refunded_all_the_same(long_task: Task, clock: Any) -> None:
    response = steps.respond(long_task)
    clock.freeze(response.unopened_due_at + timedelta(minutes=1))
    steps.open_response(response)
    refund_unopened()
    assert wallet_balance(response.executor_id) == FULL


def test_a_withdrawn_response_that_nobody_opened_follows_the_same_rule(long_task: Task, clock: Any) -> None:
    response = steps.respond(long_task)
    services.withdraw_response(response_id=response.pk, by=response.executor)
    refund_unopened()
    assert wallet_balance(response.executor_id) == PAID
    clock.freeze(response.unopened_due_at)
    refund_unopened()
    assert wallet_balance(response.executor_id) == FULL


def test_opening_again_does_not_move_the_first_opening(long_task: Task, clock: Any) -> None:
    response = steps.respond(long_task)
    first = steps.open_response(response).seen_at
    clock.advance(hours=1)
    assert steps.open_response(response).seen_at == first


def test_a_task_expires_at_its_moment_and_every_fee_returns(long_task: Task, clock: Any) -> None:
    opened, unopened, withdrawn = (steps.respond(long_task) for _i in range(3))
    steps.open_response(opened)
    services.withdraw_response(response_id=withdrawn.pk, by=withdrawn.executor)
    clock.freeze(long_task.respond_by - timedelta(seconds=1))
    assert jobs.expire_tasks() == 0
    clock.freeze(long_task.respond_by)
    assert (jobs.expire_tasks(), jobs.expire_tasks()) == (1, 0)
    long_task.refresh_from_db()
    assert long_task.status == "expired"
    for response, status in ((opened, "closed"), (unopened, "closed"), (withdrawn, "withdrawn")):
        response.refresh_from_db()
        assert (response.status, wallet_balance(response.executor_id)) == (status, FULL)
    assert Notification.objects.filter(user=long_task.customer, kind="task_expired").count() == 1


def test_an_assigned_task_does_not_expire(long_task: Task, clock: Any) -> None:
    deal = steps.assigned(long_task)
    clock.freeze(long_task.respond_by + timedelta(days=1))
    assert jobs.expire_tasks() == 0
    assert wallet_balance(deal.executor_id) == PAID


def test_work_called_done_is_accepted_after_72_hours(clock: Any) -> None:
    clock.freeze()
    deal = steps.finish(steps.assigned())
    assert deal.accept_by is not None
    clock.freeze(deal.accept_by - timedelta(seconds=1))
    assert jobs.accept_due() == 0
    clock.freeze(deal.accept_by)
    assert (jobs.accept_due(), jobs.accept_due()) == (1, 0)
    deal = Assignment.objects.select_related("task").get(pk=deal.pk)
    assert (deal.status, deal.accepted_automatically, deal.task.status) == ("accepted", True, "closed")
    assert deal.events.last().reason == "time_passed"  # type: ignore[union-attr]


def test_nobody_makes_it_automatic_before_its_time() -> None:
    deal = steps.finish(steps.assigned())
    with pytest.raises(NotFound):
        services.accept_work(assignment_id=deal.pk, by=None)
    deal.refresh_from_db()
    assert deal.status == "done"


def test_cancelling_before_the_choice_returns_every_fee() -> None:
    task = steps.post_task()
    first, second = steps.respond(task), steps.respond(task)
    steps.open_response(first)
    services.cancel_task(task_id=task.pk, by=task.customer, reason="plans_changed")
    task.refresh_from_db()
    assert (task.status, task.events.last().reason) == ("cancelled", "plans_changed")  # type: ignore[union-attr]
    for response in (first, second):
        assert (wallet_balance(response.executor_id), rule(response)) == (FULL, "cancelled_before_choice")


def test_a_task_with_a_deal_or_of_another_is_not_cancelled_before_the_choice() -> None:
    deal = steps.assigned()
    with pytest.raises(PolicyDenied):
        services.cancel_task(task_id=deal.task_id, by=deal.customer, reason="plans_changed")
    with pytest.raises(NotFound):
        services.cancel_task(task_id=deal.task_id, by=deal.executor, reason="plans_changed")
    assert (Task.objects.get().status, wallet_balance(deal.executor_id)) == ("assigned", PAID)


def test_a_removed_task_returns_every_fee_and_tells_the_reason_in_the_readers_language(in_russian: None) -> None:
    task = steps.post_task()
    response = steps.respond(task)
    steps.open_response(response)
    judge = steps.moderator()
    services.remove_task(task_id=task.pk, by=judge, reason="spam")
    task.refresh_from_db()
    assert (task.status, wallet_balance(response.executor_id), rule(response)) == ("removed", FULL, "task_removed")
    assert AuditEvent.objects.filter(action="task.removed", actor=judge).count() == 1
    told = render(Notification.objects.get(user=task.customer, kind="task_removed"))
    assert "Спам или реклама" in told.text


def test_a_removed_task_ends_its_deal_with_nobody_at_fault() -> None:
    deal = steps.assigned()
    services.remove_task(task_id=deal.task_id, by=steps.moderator(), reason="prohibited")
    deal = Assignment.objects.select_related("task", "response").get(pk=deal.pk)
    assert (deal.status, deal.task.status, deal.response.status) == ("cancelled", "removed", "closed")
    assert (deal.cancellation.by_side, deal.cancellation.fault) == ("moderator", "nobody")
    assert wallet_balance(deal.executor_id) == FULL


def test_only_moderators_remove_tasks() -> None:
    task = steps.post_task()
    for person in (task.customer, steps.executor()):
        with pytest.raises(PolicyDenied):
            services.remove_task(task_id=task.pk, by=person, reason="spam")
    task.refresh_from_db()
    assert task.status == "open"


def test_a_blocked_customers_open_tasks_are_closed_and_fees_return() -> None:
    response = steps.respond(steps.post_task())
    steps.open_response(response)
    judge = steps.moderator()
    assert jobs.close_tasks_of_blocked() == 0
    restriction = restrict(user=response.task.customer, kind="blocked", reason="обман", until=None, by=judge)
    assert (jobs.close_tasks_of_blocked(), jobs.close_tasks_of_blocked()) == (1, 0)
    response.task.refresh_from_db()
    assert response.task.status == "cancelled"
    assert (wallet_balance(response.executor_id), rule(response)) == (FULL, "customer_blocked")
    lift_restriction(restriction=restriction, by=judge)


def test_a_lifted_block_closes_nothing() -> None:
    task, judge = steps.post_task(), steps.moderator()
    lift_restriction(
        restriction=restrict(user=task.customer, kind="blocked", reason="ошибка", until=None, by=judge), by=judge
    )
    assert jobs.close_tasks_of_blocked() == 0
    task.refresh_from_db()
    assert task.status == "open"
