"""The order of responses, and the words that explain it."""

import pytest

from marketplace.kit.money import Money
from tasks_app.selectors import customer_record, executor_record, ranked_responses
from tests.journeys import steps

pytestmark = pytest.mark.django_db


def test_the_points_are_the_sum_of_what_is_said_and_they_make_the_order(in_english: None) -> None:
    task = steps.post_task()
    seasoned = steps.executor()
    for _i in range(2):
        steps.finished(by=seasoned)
    dear, cheap = steps.respond(task, price=Money(400_000)), steps.respond(task, by=seasoned, price=Money(200_000))
    ranked = ranked_responses(task.customer, task)
    assert [row.response for row in ranked] == [cheap, dear]
    for row in ranked:
        assert row.points == sum(fact.points for fact in row.facts) <= sum(fact.most for fact in row.facts) == 100
    assert [fact.words for fact in ranked[0].facts] == [
        "has not failed a deal by own fault",
        "2 finished deals",
        "the price is within your budget",
        "the time is not named",
    ]
    assert "the price is above your budget" in [fact.words for fact in ranked[1].facts]


def test_of_equals_the_earlier_response_stands_first() -> None:
    task = steps.post_task()
    first, second = steps.respond(task), steps.respond(task)
    assert [row.response for row in ranked_responses(task.customer, task)] == [first, second]


def test_records_say_what_happened_and_nothing_for_newcomers() -> None:
    man, woman = steps.executor(), steps.customer()
    assert (executor_record(man.pk).deals, executor_record(man.pk).answer_minutes) == (0, None)
    assert customer_record(woman.pk).hire_rate is None
    for _i in range(2):
        steps.finished(steps.post_task(by=woman), by=man)
    steps.services.cancel_task(task_id=steps.post_task(by=woman).pk, by=woman, reason="plans_changed")
    record = customer_record(woman.pk)
    assert (record.tasks, record.decided, record.hired, record.deals) == (3, 3, 2, 2)
    assert record.hire_rate == pytest.approx(2 / 3)
    assert (executor_record(man.pk).deals, executor_record(man.pk).answer_minutes) == (2, 1)
