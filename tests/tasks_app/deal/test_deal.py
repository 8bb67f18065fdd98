"""A task is answered, one response is chosen, the work is done and accepted: each step and each refusal."""

import pytest

from marketplace.kit.errors import NotFound, PolicyDenied
from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from tasks_app import services
from tasks_app.models import Assignment, Response
from tests.journeys import steps

pytestmark = pytest.mark.django_db


def test_the_whole_line_from_a_task_to_acceptance() -> None:
    task = steps.post_task()
    deal = steps.assigned(task)
    steps.set_off(deal)
    steps.start(deal)
    steps.finish(deal)
    steps.accept(deal)
    task.refresh_from_db()
    deal.refresh_from_db()
    assert (task.status, deal.status, deal.response.status) == ("closed", "accepted", "accepted")
    assert [e.entered for e in task.events.all()] == ["open", "assigned", "in_progress", "done", "closed"]
    assert [e.entered for e in deal.events.all()] == ["assigned", "on_the_way", "started", "done", "accepted"]
    assert wallet_balance(deal.executor_id) == Money(100_000) - steps.FEE


def test_the_same_operation_is_charged_once() -> None:
    task, executor = steps.post_task(), steps.executor()
    first = steps.respond(task, by=executor, operation="one")
    again = steps.respond(task, by=executor, operation="one", message="другое")
    assert first.pk == again.pk
    assert Response.objects.count() == 1
    assert wallet_balance(executor.pk) == Money(88_000)


def test_a_stranger_cannot_choose() -> None:
    response = steps.respond(steps.post_task())
    with pytest.raises(NotFound):
        services.choose_response(response_id=response.pk, by=steps.customer())
    assert not Assignment.objects.exists()


def test_the_second_choice_is_refused() -> None:
    task = steps.post_task()
    first, second = steps.respond(task), steps.respond(task)
    steps.choose(first)
    with pytest.raises(PolicyDenied):
        steps.choose(second)
    second.refresh_from_db()
    assert second.status == "not_chosen"
    assert wallet_balance(second.executor_id) == Money(100_000)
