"""Rivals at the same moment, on real connections: one winner, one charge, no deadlock.

Each race has a control: the same race with the guard taken away must go wrong, or the race proves nothing.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from payments.models import Charge
from payments.selectors import wallet_balance
from tasks_app import locks, services
from tasks_app.models import Assignment, Response, Task
from tests.journeys import steps

pytestmark = pytest.mark.django_db(transaction=True)
FULL, PAID = Money(100_000), Money(88_000)


def at_once(acts: Sequence[Callable[[], object]]) -> Counter[str]:
    """Run each in a thread of its own from one starting line; counts outcomes: "done", a refusal's code, or the fault."""
    line, outcomes = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        line.wait()
        try:
            act()
            outcomes.append("done")
        except DomainError as refused:
            outcomes.append(refused.code)
        except (IntegrityError, OperationalError) as fault:
            outcomes.append(type(fault).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return Counter(outcomes)


@pytest.fixture
def without_the_lock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Takes the guard away: the task is read without its lock, and all of `rivals` have read before one writes."""

    def take_away(rivals: int) -> None:
        readers = Barrier(rivals)

        def read(task_id: int) -> Task:
            task = Task.objects.select_related("category", "city").get(pk=task_id)
            readers.wait(timeout=30)
            return task

        for module in (locks, services_of("ending")):
            monkeypatch.setattr(module, "lock_task", read)
        monkeypatch.setattr(services_of("responses"), "lock_task_to_answer", read)

    return take_away


def services_of(room: str) -> Any:
    from tasks_app.assignments.services import ending
    from tasks_app.responses import services as responses

    return {"responses": responses, "ending": ending}[room]


def ten_responses() -> list[Response]:
    task = steps.post_task()
    return [steps.respond(task) for _i in range(10)]


def test_ten_choose_at_once_and_one_wins() -> None:
    responses = ten_responses()
    customer = responses[0].task.customer
    outcomes = at_once([partial(services.choose_response, response_id=r.pk, by=customer) for r in responses])
    assert outcomes == {"done": 1, "task_not_open": 9}
    assert Assignment.objects.count() == 1
    assert Counter(Response.objects.values_list("status", flat=True)) == {"accepted": 1, "not_chosen": 9}
    winner = Response.objects.get(status="accepted")
    balances = {r.executor_id: wallet_balance(r.executor_id) for r in responses}
    assert balances == {pk: PAID if pk == winner.executor_id else FULL for pk in balances}


def test_control_without_the_lock_the_ten_collide(without_the_lock: Callable[[int], None]) -> None:
    """The database still refuses a second winner; without the lock people meet its errors instead of a sentence."""
    responses = ten_responses()
    customer = responses[0].task.customer
    without_the_lock(10)
    outcomes = at_once([partial(services.choose_response, response_id=r.pk, by=customer) for r in responses])
    assert outcomes != {"done": 1, "task_not_open": 9}
    assert Assignment.objects.count() <= 1


def twenty_sends(task: Task) -> tuple[Counter[str], int]:
    man = steps.executor()

    def send() -> None:
        services.send_response(
            task_id=task.pk, by=man, message="Приеду", price=Money(200_000), available_at=None, operation="one-click"
        )

    return at_once([send] * 20), man.pk


def test_twenty_identical_sends_are_one_response_and_one_charge() -> None:
    task = steps.post_task()
    outcomes, man = twenty_sends(task)
    task.refresh_from_db()
    assert outcomes == {"done": 20}
    assert (Response.objects.count(), Charge.objects.count(), task.responses_count) == (1, 1, 1)
    assert wallet_balance(man) == PAID


def test_control_without_the_lock_the_twenty_collide(without_the_lock: Callable[[int], None]) -> None:
    task = steps.post_task()
    without_the_lock(20)
    outcomes, _man = twenty_sends(task)
    assert outcomes != {"done": 20}
    assert Charge.objects.count() <= 1


def test_twenty_executors_for_ten_places() -> None:
    task = steps.post_task()
    men = [steps.executor() for _i in range(20)]
    outcomes = at_once([partial(steps.respond, task, by=m) for m in men])
    task.refresh_from_db()
    assert outcomes == {"done": 10, "task_full": 10}
    assert (task.responses_count, Response.objects.count(), Charge.objects.count()) == (10, 10, 10)
    assert sum(wallet_balance(m.pk) == PAID for m in men) == 10


def rivals_of(responses: list[Response]) -> list[Callable[[], object]]:
    """Four choose, four withdraw (two of them the chosen ones), four open, one cancels the task."""
    task = responses[0].task
    return [
        *(partial(services.choose_response, response_id=r.pk, by=task.customer) for r in responses[:4]),
        *(partial(services.withdraw_response, response_id=r.pk, by=r.executor) for r in responses[2:6]),
        *(partial(services.open_response, response_id=r.pk, by=task.customer) for r in responses[4:8]),
        partial(services.cancel_task, task_id=task.pk, by=task.customer, reason="plans_changed"),
    ]


COLLISIONS = {"IntegrityError", "OperationalError", "stale_state"}


@pytest.mark.parametrize("round_", range(3))
def test_choose_cancel_and_withdraw_at_once_end_in_one_story(round_: int) -> None:
    responses = ten_responses()
    task = responses[0].task
    outcomes = at_once(rivals_of(responses))
    assert not COLLISIONS & set(outcomes), outcomes
    task.refresh_from_db()
    assert Assignment.objects.count() == int(task.status == "assigned")
    assert task.status in ("assigned", "cancelled")
    assert task.responses_count == Response.objects.exclude(status="withdrawn").count()
    deal = Assignment.objects.first()
    for response in Response.objects.all():
        opened_in_time = response.seen_at is not None and deal is not None and response.seen_at <= deal.chosen_at
        lost = deal is not None and (opened_in_time or response.status in ("withdrawn", "accepted"))
        assert wallet_balance(response.executor_id) == (PAID if lost else FULL), response.status


def test_control_without_the_lock_the_rivals_collide(without_the_lock: Callable[[int], None]) -> None:
    responses = ten_responses()
    without_the_lock(13)
    outcomes = at_once(rivals_of(responses))
    assert COLLISIONS & set(outcomes), outcomes


def test_two_tasks_with_the_same_executors_do_not_wait_in_a_ring() -> None:
    men = [steps.executor() for _i in range(6)]
    tasks = [steps.post_task() for _i in range(4)]
    for number, task in enumerate(tasks):
        for man in men if number % 2 else reversed(men):
            steps.respond(task, by=man)
    acts = [lambda t=t: services.cancel_task(task_id=t.pk, by=t.customer, reason="plans_changed") for t in tasks]
    assert at_once(acts) == {"done": 4}
    assert {wallet_balance(m.pk) for m in men} == {FULL}


def test_both_sides_cancel_at_once_and_one_cancellation_stands() -> None:
    deal = steps.assigned()
    outcomes = at_once(
        [
            lambda: services.cancel_assignment(assignment_id=deal.pk, by=deal.customer, reason="plans_changed"),
            lambda: services.cancel_assignment(assignment_id=deal.pk, by=deal.executor, reason="cannot_come"),
        ]
        * 3
    )
    assert outcomes == {"done": 1, "step_not_possible": 5}
    assert deal.events.filter(entered="cancelled").count() == 1


def test_accepting_disputing_and_time_at_once_leave_one_end(clock: Any) -> None:
    deal = steps.finish(steps.assigned())
    outcomes = at_once(
        [
            lambda: services.accept_work(assignment_id=deal.pk, by=deal.customer),
            lambda: services.dispute_work(assignment_id=deal.pk, by=deal.customer, reason="Криво"),
        ]
    )
    deal.refresh_from_db()
    assert deal.status == "accepted" or (deal.status == "disputed" and outcomes["done"] == 1)
    assert deal.events.filter(entered="accepted").count() <= 1


def test_the_lock_comes_before_the_check() -> None:
    """The first query that reads the task in a choice takes its lock."""
    response = steps.respond(steps.post_task())
    with CaptureQueriesContext(connection) as queries:
        steps.choose(response)
    reads = [q["sql"] for q in queries.captured_queries if 'FROM "tasks_app_task"' in q["sql"]]
    assert "FOR UPDATE" in reads[0]
