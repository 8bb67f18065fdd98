"""Which jobs wait in which queue: nobody's payment stands behind a day's news."""

from typing import Any

import pytest

from marketplace.celery import app


def queue_of(job: str) -> Any:
    return app.amqp.router.route({}, job)["queue"]


@pytest.mark.parametrize(
    "job",
    [
        "payments.handle_events",
        "payments.perform_intent",
        "payments.sweep_intents",
        "payments.perform_subscription_calls",
        "payments.sweep_subscriptions",
        "payments.drive_secure_deals",
        "payments.pay_due_refunds",
        "kit.money_heartbeat",
    ],
)
def test_what_a_person_waits_for_has_the_queue_of_money(job: str) -> None:
    assert queue_of(job).name == "money"


@pytest.mark.parametrize(
    "job",
    [
        "notifications.deliver",
        "payments.announce_tariffs",
        "payments.copy_lines",
        "fraud.find_signals",
        "kit.heartbeat",
    ],
)
def test_what_is_long_stays_out_of_it(job: str) -> None:
    assert queue_of(job).name in ("celery", "")


def test_a_job_reaches_one_queue_only_and_a_worker_that_names_none_reads_both() -> None:
    queues = app.amqp.queues.consume_from
    assert set(queues) == {"celery", "money"}
    assert len({(queue.exchange.name, queue.routing_key) for queue in queues.values()}) == 2
