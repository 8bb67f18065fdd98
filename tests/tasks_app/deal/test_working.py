"""Choose, do, accept, dispute: each step, and each refusal with nothing changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from marketplace.accounts.models import User
from marketplace.accounts.services import restrict
from marketplace.kit.errors import InvalidInput, NotFound, PolicyDenied
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments.selectors import charge_for, wallet_balance
from tasks_app import selectors, services
from tasks_app.models import Assignment, Category, Task
from tests.journeys import steps

pytestmark = pytest.mark.django_db


def states(deal: Assignment) -> tuple[str, str, str]:
    deal = Assignment.objects.select_related("task", "response").get(pk=deal.pk)
    return deal.task.status, deal.status, deal.response.status


def test_the_whole_line_from_a_task_to_acceptance() -> None:
    task = steps.post_task()
    deal = steps.assigned(task)
    steps.set_off(deal)
    steps.start(deal)
    steps.finish(deal)
    steps.accept(deal)
    assert states(deal) == ("closed", "accepted", "accepted")
    assert [e.entered for e in task.events.all()] == ["open", "assigned", "in_progress", "done", "closed"]
    assert [e.entered for e in deal.events.all()] == ["assigned", "on_the_way", "started", "done", "accepted"]
    assert wallet_balance(deal.executor_id) == Money(100_000) - steps.FEE


def test_choosing_passes_over_the_rest_and_returns_unopened_fees() -> None:
    task = steps.post_task()
    chosen, opened, unopened = steps.respond(task), steps.respond(task), steps.respond(task)
    steps.open_response(opened)
    steps.choose(chosen)
    for row in (chosen, opened, unopened):
        row.refresh_from_db()
    assert (chosen.status, opened.status, unopened.status) == ("accepted", "not_chosen", "not_chosen")
    assert chosen.seen_at is not None
    assert wallet_balance(opened.executor_id) == Money(100_000) - steps.FEE
    assert wallet_balance(unopened.executor_id) == Money(100_000)
    refunded = charge_for(unopened.pk)
    assert refunded is not None
    assert refunded.rule == "other_chosen_unopened"
    told = {n.user_id: n.kind for n in Notification.objects.filter(kind__in=("chosen", "not_chosen"))}
    assert told == {chosen.executor_id: "chosen", opened.executor_id: "not_chosen", unopened.executor_id: "not_chosen"}


def test_a_stranger_cannot_choose() -> None:
    response = steps.respond(steps.post_task())
    with pytest.raises(NotFound):
        services.choose_response(response_id=response.pk, by=steps.customer())
    response.refresh_from_db()
    assert (response.status, response.seen_at, Assignment.objects.count()) == ("sent", None, 0)


def test_the_second_choice_is_refused() -> None:
    task = steps.post_task()
    first, second = steps.respond(task), steps.respond(task)
    deal = steps.choose(first)
    with pytest.raises(PolicyDenied):
        steps.choose(second)
    assert (Assignment.objects.get(), states(deal)) == (deal, ("assigned", "assigned", "accepted"))


def test_after_the_deadline_nobody_is_chosen(clock: Any) -> None:
    response = steps.respond(steps.post_task())
    clock.freeze(response.task.respond_by)
    with pytest.raises(PolicyDenied) as refused:
        steps.choose(response)
    assert (refused.value.code, Assignment.objects.count()) == ("deadline_passed", 0)


def test_a_blocked_executor_is_not_chosen() -> None:
    response = steps.respond(steps.post_task())
    restrict(user=response.executor, kind="blocked", reason="проверка", until=None, by=steps.moderator())
    with pytest.raises(PolicyDenied) as refused:
        steps.choose(response)
    assert (refused.value.code, Assignment.objects.count()) == ("executor_unavailable", 0)


def test_a_withdrawn_response_is_not_chosen() -> None:
    response = steps.respond(steps.post_task())
    services.withdraw_response(response_id=response.pk, by=response.executor)
    with pytest.raises(PolicyDenied):
        steps.choose(response)
    assert not Assignment.objects.exists()


def test_the_agreed_window_is_frozen(clock: Any) -> None:
    clock.freeze()
    window = steps.assigned()
    assert (window.window_start, window.window_end) == (window.task.starts_at, window.task.ends_at)
    task = steps.post_task()
    Task.objects.filter(pk=task.pk).update(timing="flexible", starts_at=None, ends_at=None)
    any_time = steps.assigned(task)
    assert any_time.window_end - any_time.window_start == timedelta(hours=48)
    exact = steps.post_task()
    Task.objects.filter(pk=exact.pk).update(timing="exact", ends_at=None)
    Category.objects.filter(pk=exact.category_id).update(default_minutes=90)
    deal = steps.assigned(exact)
    assert (deal.window_start, deal.window_end - deal.window_start) == (exact.starts_at, timedelta(minutes=90))


@pytest.mark.parametrize(
    "service", [services.set_on_the_way, services.start_work, services.finish_work], ids=["way", "start", "done"]
)
def test_only_the_executor_takes_the_steps_of_work(service: Callable[..., Assignment]) -> None:
    deal = steps.assigned()
    with pytest.raises(PolicyDenied):
        service(assignment_id=deal.pk, by=deal.customer)
    with pytest.raises(NotFound):
        service(assignment_id=deal.pk, by=steps.executor())
    assert states(deal) == ("assigned", "assigned", "accepted")


def test_done_is_not_said_before_started() -> None:
    deal = steps.assigned()
    with pytest.raises(PolicyDenied):
        services.finish_work(assignment_id=deal.pk, by=deal.executor)
    assert states(deal) == ("assigned", "assigned", "accepted")


def test_pressing_a_button_twice_is_the_same_as_once() -> None:
    deal = steps.assigned()
    for service in (services.set_on_the_way, services.start_work, services.finish_work):
        for _press in range(2):
            service(assignment_id=deal.pk, by=deal.executor)
    steps.accept(deal)
    steps.accept(deal)
    assert [e.entered for e in deal.events.all()] == ["assigned", "on_the_way", "started", "done", "accepted"]


def test_only_the_customer_accepts_and_only_what_is_done() -> None:
    deal = steps.assigned()
    with pytest.raises(PolicyDenied):
        steps.accept(deal)
    steps.finish(deal)
    for person in (deal.executor, steps.moderator()):
        with pytest.raises(PolicyDenied):
            services.accept_work(assignment_id=deal.pk, by=person)
    assert states(deal) == ("done", "done", "accepted")


def test_a_dispute_stops_the_clock_and_acceptance_ends_it(clock: Any) -> None:
    deal = steps.finish(steps.assigned())
    steps.dispute(deal)
    clock.advance(days=4)  # the 72 hours of acceptance are over, the time of the dispute is not
    steps.sweep_deadlines()
    assert states(deal) == ("disputed", "disputed", "accepted")
    steps.accept(deal)
    assert states(deal) == ("closed", "accepted", "accepted")


def test_a_dispute_needs_words_and_comes_in_time(clock: Any) -> None:
    deal = steps.finish(steps.assigned())
    with pytest.raises(InvalidInput):
        steps.dispute(deal, "  ")
    with pytest.raises(PolicyDenied):
        services.dispute_work(assignment_id=deal.pk, by=deal.executor, reason="x")
    clock.advance(hours=72, minutes=1)
    with pytest.raises(PolicyDenied) as refused:
        steps.dispute(deal)
    assert (refused.value.code, states(deal)) == ("accepted_by_time", ("done", "done", "accepted"))


@pytest.mark.parametrize("accept", [True, False])
def test_a_moderator_ends_a_dispute(accept: bool) -> None:
    deal = steps.dispute(steps.finish(steps.assigned()))
    judge = steps.moderator()
    services.resolve_dispute(assignment_id=deal.pk, by=judge, accept=accept, at_fault="executor", note="По фото видно")
    if accept:
        assert states(deal) == ("closed", "accepted", "accepted")
    else:
        assert states(deal) == ("cancelled", "cancelled", "closed")
        deal.refresh_from_db()
        assert (deal.cancellation.fault, deal.cancellation.fault_decided_by) == ("executor", judge)
        charge = charge_for(deal.response_id)
        assert charge is not None
        assert charge.status == "kept"


def test_nobody_but_a_moderator_who_takes_no_part_ends_a_dispute() -> None:
    deal = steps.dispute(steps.finish(steps.assigned()))
    for person in (deal.customer, deal.executor):
        with pytest.raises(PolicyDenied):
            services.resolve_dispute(assignment_id=deal.pk, by=person, accept=True, at_fault="nobody", note="я")
    assert states(deal) == ("disputed", "disputed", "accepted")


def seen_by(deal: Assignment, person: User) -> tuple[str | None, str | None]:
    contacts, place = selectors.contacts_for(deal, person), selectors.exact_place(deal, person)
    return contacts.phone if contacts else None, place.flat if place else None


def test_contacts_and_address_are_for_the_two_sides_while_the_deal_stands() -> None:
    deal = steps.assigned()
    assert seen_by(deal, deal.customer) == (deal.executor.phone, "кв. 7")
    assert seen_by(deal, deal.executor) == (deal.customer.phone, "кв. 7")
    for person in (steps.executor(), steps.moderator()):
        assert seen_by(deal, person) == (None, None)
    steps.cancel(deal)
    deal.refresh_from_db()
    assert seen_by(deal, deal.executor) == (None, None)


def test_a_deal_of_others_does_not_exist() -> None:
    deal = steps.assigned()
    for person in (steps.executor(), steps.moderator()):
        with pytest.raises(NotFound):
            selectors.assignment_visible_to(person, deal.pk)
    with pytest.raises(NotFound):
        selectors.deal_for_desk(deal.customer, deal.pk)
    assert selectors.deal_for_desk(steps.moderator(), deal.pk) == deal
