"""Deals whose agreed time is over and that nobody ends, and disputes that nobody decides: reminders, a question, an end."""

from datetime import timedelta
from typing import Any

import pytest

from marketplace.kit.errors import NotFound, PolicyDenied, StaleState
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from marketplace.notifications.selectors import render
from payments.selectors import charge_for, wallet_balance
from tasks_app import selectors, services
from tasks_app.assignments import jobs
from tasks_app.assignments import services as deals
from tasks_app.models import Assignment, Cancellation
from tests.journeys import steps

pytestmark = pytest.mark.django_db
FULL, PAID = Money(100_000), Money(88_000)


@pytest.fixture
def deal(clock: Any) -> Assignment:
    clock.freeze()
    return steps.assigned()


def fresh(deal: Assignment) -> Assignment:
    return Assignment.objects.select_related("task", "response", "customer", "executor").get(pk=deal.pk)


def told(deal: Assignment, kind: str) -> list[int]:
    rows = Notification.objects.filter(kind=kind, path=f"/deals/{deal.pk}/")
    return sorted(rows.values_list("user_id", flat=True))


def both(deal: Assignment) -> list[int]:
    return sorted([deal.customer_id, deal.executor_id])


def after_the_window(deal: Assignment, clock: Any, **period: float) -> None:
    clock.freeze(deal.window_end + timedelta(**period))


def asked(deal: Assignment, clock: Any) -> Assignment:
    after_the_window(deal, clock, hours=72)
    assert jobs.remind_of_deals() == 1
    return fresh(deal)


def rule(deal: Assignment) -> str | None:
    charge = charge_for(deal.response_id)
    assert charge is not None
    return charge.rule


def test_both_are_reminded_twice_and_once_each_time(deal: Assignment, clock: Any) -> None:
    after_the_window(deal, clock, hours=2, seconds=-1)
    assert jobs.remind_of_deals() == 0
    for hours, times in ((2, 1), (24, 2)):
        after_the_window(deal, clock, hours=hours)
        assert (jobs.remind_of_deals(), jobs.remind_of_deals()) == (1, 0)
        assert told(deal, "deal_overdue") == sorted(both(deal) * times)
    assert fresh(deal).status == "assigned"


def test_jobs_that_slept_for_days_send_the_latest_step_only(deal: Assignment, clock: Any) -> None:
    after_the_window(deal, clock, days=30)
    assert (jobs.remind_of_deals(), jobs.settle_deals()) == (1, 0)
    assert (told(deal, "deal_overdue"), told(deal, "deal_question")) == ([], both(deal))
    assert fresh(deal).settles_at == clock.now() + timedelta(days=4)


def test_the_question_names_the_moment_in_the_readers_language(deal: Assignment, clock: Any, in_russian: None) -> None:
    asked(deal, clock)
    text = render(Notification.objects.get(kind="deal_question", user=deal.customer)).text
    assert "Ответьте до" in text
    assert "{" not in text


def test_a_deal_that_never_began_lapses_with_nobody_at_fault_and_the_fee_returns(deal: Assignment, clock: Any) -> None:
    settles_at = asked(deal, clock).settles_at
    assert settles_at == deal.window_end + timedelta(days=7)
    clock.freeze(settles_at - timedelta(seconds=1))
    assert jobs.settle_deals() == 0
    clock.freeze(settles_at)
    assert (jobs.settle_deals(), jobs.settle_deals()) == (1, 0)
    ended = fresh(deal)
    assert (ended.status, ended.task.status, ended.response.status) == ("cancelled", "cancelled", "closed")
    cancellation = Cancellation.objects.get()
    assert (cancellation.by_side, cancellation.fault, cancellation.stage) == ("nobody", "nobody", "assigned")
    assert told(deal, "deal_lapsed") == both(deal)
    assert (wallet_balance(deal.executor_id), rule(deal)) == (PAID, "deal_lapsed")  # the evidence comes first
    clock.advance(hours=2, minutes=5)
    steps.sweep_deadlines()
    assert wallet_balance(deal.executor_id) == FULL
    assert selectors.executor_record(deal.executor_id).cancellations_at_fault == 0
    assert selectors.customer_record(deal.customer_id).cancellations_at_fault == 0


def test_nobody_is_asked_why_a_deal_lapsed(deal: Assignment, clock: Any) -> None:
    clock.freeze(asked(deal, clock).settles_at)
    jobs.settle_deals()
    cancellation = Cancellation.objects.select_related("assignment").get()
    for person in (deal.customer, deal.executor):
        with pytest.raises(PolicyDenied):
            services.answer_cancellation(
                cancellation_id=cancellation.pk, by=person, reason="agreed", at_fault="executor"
            )
    cancellation.refresh_from_db()
    assert (cancellation.fault, cancellation.customer_reason, cancellation.executor_reason) == ("nobody", "", "")


def test_started_work_counts_as_done_and_the_usual_72_hours_follow(deal: Assignment, clock: Any) -> None:
    steps.start(deal)
    clock.freeze(asked(deal, clock).settles_at)
    assert (jobs.settle_deals(), jobs.settle_deals()) == (1, 0)
    done = fresh(deal)
    assert (done.status, done.task.status, done.accept_by) == ("done", "done", clock.now() + timedelta(hours=72))
    assert told(deal, "deal_counted_done") == both(deal)
    assert steps.dispute(done).status == "disputed"  # the customer may still object


def test_started_work_that_nobody_disputes_is_accepted_and_the_fee_stays(deal: Assignment, clock: Any) -> None:
    steps.start(deal)
    clock.freeze(asked(deal, clock).settles_at)
    steps.sweep_deadlines()
    clock.advance(hours=72)
    steps.sweep_deadlines()
    assert (fresh(deal).status, wallet_balance(deal.executor_id)) == ("accepted", PAID)
    assert not Cancellation.objects.exists()


@pytest.mark.parametrize("stage", ["assigned", "on_the_way", "started"])
def test_the_executors_yes_makes_it_done_from_any_stage(stage: str, deal: Assignment, clock: Any) -> None:
    if stage != "assigned":
        steps.set_off(deal) if stage == "on_the_way" else steps.start(deal)
    asked(deal, clock)
    for _again in range(2):
        done = services.confirm_took_place(assignment_id=deal.pk, by=deal.executor)
        assert (done.status, done.accept_by) == ("done", clock.now() + timedelta(hours=72))
    assert fresh(deal).task.status == "done"
    assert told(deal, "work_done") == [deal.customer_id]
    assert deal.events.filter(entered="done").count() == 1
    assert (jobs.settle_deals(), jobs.remind_of_deals()) == (0, 0)


@pytest.mark.parametrize("stage", ["assigned", "started"])
def test_the_customers_yes_accepts_it(stage: str, deal: Assignment, clock: Any) -> None:
    if stage == "started":
        steps.start(deal)
    after_the_window(deal, clock, minutes=1)
    for _again in range(2):
        services.confirm_took_place(assignment_id=deal.pk, by=deal.customer)
    accepted = fresh(deal)
    assert (accepted.status, accepted.task.status, accepted.accepted_automatically) == ("accepted", "closed", False)
    assert deal.events.filter(entered="accepted").count() == 1
    assert wallet_balance(deal.executor_id) == PAID


def test_nothing_is_confirmed_before_the_time_is_over_or_by_others(deal: Assignment, clock: Any) -> None:
    clock.freeze(deal.window_end - timedelta(seconds=1))
    for person in (deal.customer, deal.executor):
        with pytest.raises(PolicyDenied, match="deal_not_over"):
            services.confirm_took_place(assignment_id=deal.pk, by=person)
    clock.freeze(deal.window_end)
    with pytest.raises(NotFound):
        services.confirm_took_place(assignment_id=deal.pk, by=steps.executor())
    with pytest.raises(PolicyDenied):
        services.confirm_took_place(assignment_id=deal.pk, by=steps.moderator())
    assert (fresh(deal).status, deal.events.count()) == ("assigned", 1)


def test_a_cancelled_deal_is_neither_reminded_nor_settled(deal: Assignment, clock: Any) -> None:
    asked(deal, clock)
    steps.cancel(deal)
    clock.advance(days=30)
    assert (jobs.remind_of_deals(), jobs.settle_deals()) == (0, 0)
    for settle in (deals.remind_of_deal, deals.settle_deal, deals.settle_dispute):
        with pytest.raises(StaleState):
            settle(deal.pk)
    with pytest.raises(PolicyDenied):
        services.confirm_took_place(assignment_id=deal.pk, by=deal.customer)
    assert Cancellation.objects.get().by_side == "customer"


def test_a_dispute_that_nobody_decides_ends_with_nobody_at_fault(deal: Assignment, clock: Any) -> None:
    disputed = steps.dispute(steps.finish(deal))
    due = clock.now() + timedelta(days=5)
    assert disputed.dispute_due_at == due
    assert [row.pk for row in selectors.disputed_page().rows] == [deal.pk]
    clock.freeze(due - timedelta(seconds=1))
    assert jobs.settle_disputes() == 0
    clock.freeze(due)
    assert (jobs.settle_disputes(), jobs.settle_disputes()) == (1, 0)
    assert (fresh(deal).status, fresh(deal).task.status, rule(deal)) == ("cancelled", "cancelled", "dispute_undecided")
    assert Cancellation.objects.get().fault == "nobody"
    assert told(deal, "dispute_undecided") == both(deal)
    clock.advance(days=3)
    steps.sweep_deadlines()
    assert wallet_balance(deal.executor_id) == FULL


def test_a_settled_dispute_is_not_settled_again_by_time(deal: Assignment, clock: Any) -> None:
    steps.dispute(steps.finish(deal))
    steps.accept(deal)
    clock.advance(days=6)
    assert jobs.settle_disputes() == 0
    assert fresh(deal).status == "accepted"


def test_disputes_are_paged_by_key_the_one_due_first_on_top(clock: Any) -> None:
    clock.freeze()
    made = []
    for _i in range(3):
        made.append(steps.dispute(steps.finish(steps.assigned())).pk)
        clock.advance(hours=1)
    first = selectors.disputed_page(size=2)
    assert [row.pk for row in first.rows] == made[:2]
    assert [row.pk for row in selectors.disputed_page(size=2, after=first.next_key).rows] == made[2:]
    assert selectors.disputed_count() == 3
