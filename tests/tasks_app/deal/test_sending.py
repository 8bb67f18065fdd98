"""A response is sent, changed, withdrawn and opened; each refusal leaves everything as it was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from marketplace.accounts.models import User
from marketplace.accounts.services import restrict
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, InvalidInput, NotFound, PolicyDenied
from marketplace.kit.live import events_after
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments.models import Charge
from payments.selectors import charge_for, wallet_balance
from payments.services import set_spending_cap, start_trial
from tasks_app import services
from tasks_app.models import Response, Task
from tasks_app.responses.selectors import readable_message, responses_visible_to
from tasks_app.responses.services import OperationReused
from tests.journeys import steps

pytestmark = pytest.mark.django_db
FULL = Money(100_000)


def nothing_was_sent(task: Task, man: User, *, balance: Money = FULL) -> bool:
    counted = Task.objects.get(pk=task.pk)
    told = Notification.objects.filter(user=task.customer, kind="response_received").count()
    return (
        not Response.objects.filter(task=task, executor=man).exists()
        and not Charge.objects.filter(user=man).exists()
        and wallet_balance(man.pk) == balance
        and (counted.responses_count, told) == (0, 0)
    )


def refusal_of(send: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        send()
    return refused.value.code


def test_sending_charges_counts_and_tells_the_customer(django_capture_on_commit_callbacks: Any) -> None:
    task, man = steps.post_task(), steps.executor()
    with django_capture_on_commit_callbacks(execute=True):
        response = steps.respond(task, by=man)
    task.refresh_from_db()
    assert (response.status, task.responses_count, task.version) == ("sent", 1, 2)
    assert wallet_balance(man.pk) == FULL - steps.FEE
    assert [event.reason for event in response.events.all()] == ["sent"]
    told = Notification.objects.get(user=task.customer)
    assert (told.kind, told.path) == ("response_received", f"/responses/{response.pk}/")
    assert events_after(f"task:{task.pk}", 0)[-1]["kind"] == "responses_changed"


def test_the_trial_covers_the_fee() -> None:
    task, man = steps.post_task(), steps.executor(money=Money(0))
    start_trial(user_id=man.pk)
    response = steps.respond(task, by=man)
    charge = charge_for(response.pk)
    assert charge is not None
    assert (charge.covered_by, charge.amount) == ("trial", Money(0))


def test_the_same_operation_is_one_response_and_one_charge() -> None:
    task, man = steps.post_task(), steps.executor()
    first = steps.respond(task, by=man, operation="one")
    again = steps.respond(task, by=man, operation="one", message="другое")
    assert (first.pk, first.message) == (again.pk, again.message)
    assert (Response.objects.count(), Charge.objects.count()) == (1, 1)
    assert wallet_balance(man.pk) == FULL - steps.FEE


def test_an_operation_does_not_serve_two_tasks() -> None:
    first, second, man = steps.post_task(), steps.post_task(), steps.executor()
    steps.respond(first, by=man, operation="one")
    with pytest.raises(OperationReused):
        steps.respond(second, by=man, operation="one")
    assert Response.objects.filter(executor=man).count() == 1


def test_own_task_is_refused() -> None:
    man = steps.executor()
    task = steps.post_task(by=man)
    assert refusal_of(lambda: steps.respond(task, by=man)) == "own_task"
    assert nothing_was_sent(task, man)


def test_a_second_answer_is_refused_also_after_a_withdrawal() -> None:
    task, man = steps.post_task(), steps.executor()
    response = steps.respond(task, by=man)
    assert refusal_of(lambda: steps.respond(task, by=man)) == "already_answered"
    services.withdraw_response(response_id=response.pk, by=man)
    assert refusal_of(lambda: steps.respond(task, by=man)) == "already_answered"
    assert (Response.objects.count(), wallet_balance(man.pk)) == (1, FULL - steps.FEE)


def test_the_eleventh_is_refused_and_a_withdrawal_frees_a_place() -> None:
    task = steps.post_task()
    Task.objects.filter(pk=task.pk).update(max_responses=2)
    first, _second, third = steps.respond(task), steps.respond(task), steps.executor()
    assert refusal_of(lambda: steps.respond(task, by=third)) == "task_full"
    assert not Charge.objects.filter(user=third).exists()
    assert Task.objects.get().responses_count == 2
    services.withdraw_response(response_id=first.pk, by=first.executor)
    assert steps.respond(task, by=third).status == "sent"


def test_after_the_deadline_it_is_refused_before_the_job_has_run(clock: Any) -> None:
    task, man = steps.post_task(), steps.executor()
    clock.freeze(task.respond_by)
    assert refusal_of(lambda: steps.respond(task, by=man)) == "deadline_passed"
    assert nothing_was_sent(task, man)


@pytest.mark.parametrize("end", ["cancelled", "assigned"])
def test_a_task_that_is_not_open_is_refused(end: str) -> None:
    task, man = steps.post_task(), steps.executor()
    if end == "cancelled":
        services.cancel_task(task_id=task.pk, by=task.customer, reason="plans_changed")
    else:
        steps.assigned(task)
    assert refusal_of(lambda: steps.respond(task, by=man)) == "task_not_open"
    assert wallet_balance(man.pk) == FULL


def test_an_unverified_person_is_refused() -> None:
    task, man = steps.post_task(), steps.executor(verified=False)
    assert refusal_of(lambda: steps.respond(task, by=man)) == "not_verified"
    assert nothing_was_sent(task, man)


@pytest.mark.parametrize("kind", ["responding", "blocked"])
def test_a_restricted_person_is_refused(kind: str) -> None:
    task, man = steps.post_task(), steps.executor()
    restrict(user=man, kind=kind, reason="проверка", until=None, by=steps.moderator())
    assert refusal_of(lambda: steps.respond(task, by=man)) == "restricted"
    assert nothing_was_sent(task, man)


def test_without_money_it_is_refused() -> None:
    task, man = steps.post_task(), steps.executor(money=Money(11_999))
    assert refusal_of(lambda: steps.respond(task, by=man)) == "insufficient_funds"
    assert nothing_was_sent(task, man, balance=Money(11_999))


def test_over_the_own_spending_cap_it_is_refused() -> None:
    task, man = steps.post_task(), steps.executor()
    set_spending_cap(user_id=man.pk, daily=Money(10_000), weekly=None)
    assert refusal_of(lambda: steps.respond(task, by=man)) == "spending_cap_reached"
    assert nothing_was_sent(task, man)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"message": "   "}, "message"),
        ({"message": "я" * 2001}, "message"),
        ({"price": Money(-1)}, "price"),
        ({"price": Money(10**15)}, "price"),
        ({"price": Money(100, "USD")}, "price"),
        ({"available_at": timedelta(hours=-1)}, "available_at"),
        ({"available_at": timedelta(days=500)}, "available_at"),
    ],
)
def test_bad_input_names_its_field_and_charges_nothing(change: dict[str, Any], field: str) -> None:
    task, man = steps.post_task(), steps.executor()
    if "available_at" in change:
        change = {"available_at": now() + change["available_at"]}
    with pytest.raises(InvalidInput) as refused:
        steps.respond(task, by=man, **change)
    assert refused.value.field == field
    assert nothing_was_sent(task, man)


def test_editing_keeps_what_was_there_and_charges_nothing() -> None:
    response = steps.respond(steps.post_task())
    services.edit_response(
        response_id=response.pk, by=response.executor, message="Приеду раньше", price=Money(200_000), available_at=None
    )
    response.refresh_from_db()
    assert (response.message, response.price_minor) == ("Приеду раньше", 200_000)
    edited = response.events.get(reason="edited")
    assert edited.before["price_minor"] == 230_000
    assert wallet_balance(response.executor_id) == FULL - steps.FEE


def test_what_the_customer_has_opened_is_not_changed_any_more() -> None:
    response = steps.respond(steps.post_task())
    steps.open_response(response)
    with pytest.raises(PolicyDenied) as refused:
        services.edit_response(
            response_id=response.pk, by=response.executor, message="Дороже", price=Money(900_000), available_at=None
        )
    response.refresh_from_db()
    assert (refused.value.code, response.price_minor) == ("response_seen", 230_000)


def test_somebody_elses_response_is_neither_changed_nor_withdrawn_nor_opened() -> None:
    response, stranger = steps.respond(steps.post_task()), steps.executor()
    for act in (
        lambda: services.withdraw_response(response_id=response.pk, by=stranger),
        lambda: services.open_response(response_id=response.pk, by=stranger),
        lambda: services.edit_response(
            response_id=response.pk, by=stranger, message="x", price=Money(1), available_at=None
        ),
    ):
        with pytest.raises(NotFound):
            act()
    response.refresh_from_db()
    assert (response.status, response.seen_at, response.price_minor) == ("sent", None, 230_000)


def test_a_withdrawn_response_is_gone_for_the_customer_and_its_fee_stays() -> None:
    response = steps.respond(steps.post_task())
    services.withdraw_response(response_id=response.pk, by=response.executor)
    services.withdraw_response(response_id=response.pk, by=response.executor)
    response.task.refresh_from_db()
    assert response.task.responses_count == 0
    assert not responses_visible_to(response.task.customer, response.task)
    assert wallet_balance(response.executor_id) == FULL - steps.FEE
    with pytest.raises(NotFound):
        steps.open_response(response)


def test_after_the_choice_nothing_is_withdrawn() -> None:
    deal = steps.assigned()
    with pytest.raises(PolicyDenied):
        services.withdraw_response(response_id=deal.response_id, by=deal.executor)
    deal.response.refresh_from_db()
    assert deal.response.status == "accepted"


def test_who_sees_which_responses() -> None:
    task = steps.post_task()
    first, second = steps.respond(task), steps.respond(task)
    assert set(responses_visible_to(task.customer, task)) == {first, second}
    assert not responses_visible_to(steps.moderator(), task)
    assert list(responses_visible_to(first.executor, task)) == [first]
    assert not responses_visible_to(steps.executor(), task)


def test_contacts_in_a_message_are_hidden_until_the_choice() -> None:
    response = steps.respond(steps.post_task(), message="Звоните 8 916 123-45-67")
    assert "123" not in readable_message(response, response.task.customer)
    assert "123-45-67" in readable_message(response, response.executor)
    steps.choose(response)
    response.refresh_from_db()
    assert "123-45-67" in readable_message(response, response.task.customer)
