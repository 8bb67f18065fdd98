"""One message waits for a job, however many ask; what is committed after it began asks again; stale sweeps fall out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from redis.exceptions import ConnectionError as RedisAway

from marketplace.celery import app
from marketplace.kit import jobs
from marketplace.notifications import jobs as news
from marketplace.notifications.models import Delivery, Notification
from marketplace.notifications.services import notify
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
Commit = Callable[..., Any]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    found: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(jobs, "_send", lambda name, args, countdown=None: found.append((name, args)))
    return found


def test_a_thousand_nudges_are_one_message(sent: list[Any], django_capture_on_commit_callbacks: Commit) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _i in range(1000):
            jobs.nudge("notifications.deliver")
    assert sent == [("notifications.deliver", ())]


def test_jobs_about_different_things_do_not_stand_for_each_other(
    sent: list[Any], django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for number in (1, 2, 1):
            jobs.nudge("payments.perform_intent", number)
    assert sent == [("payments.perform_intent", (1,)), ("payments.perform_intent", (2,))]


def test_what_is_committed_after_a_job_began_asks_for_it_again(
    sent: list[Any], django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        jobs.nudge("notifications.deliver")
    news.deliver.apply()  # the worker takes the message
    with django_capture_on_commit_callbacks(execute=True):
        jobs.nudge("notifications.deliver")
    assert len(sent) == 2


def test_what_was_undone_asks_for_nothing_and_stands_in_nobodys_way(
    sent: list[Any], django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        jobs.nudge("notifications.deliver")
        transaction.set_rollback(True)
    assert sent == []
    with django_capture_on_commit_callbacks(execute=True):
        jobs.nudge("notifications.deliver")
    assert len(sent) == 1


def test_without_counters_every_nudge_is_tried(
    sent: list[Any], django_capture_on_commit_callbacks: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise RedisAway

    monkeypatch.setattr(cache, "add", away)
    monkeypatch.setattr(cache, "delete", away)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.nudge("notifications.deliver")
        jobs.nudge("notifications.deliver")
    assert len(sent) == 2
    assert news.deliver.apply().successful()


def test_letters_go_in_portions_and_the_rest_behind_what_else_waits(
    sent: list[Any], django_capture_on_commit_callbacks: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "PORTION", 2)
    person = make_customer()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            told = notify(
                user_id=person.pk, kind="message_received", params={"sender": "Анна", "title": "Люстра"},
                path="/threads/1/", key=f"news:{number}",
            )  # fmt: skip
            assert isinstance(told, Notification)
            Delivery.objects.get_or_create(
                notification=told, channel=Delivery.Channel.EMAIL, defaults={"due_at": told.created_at}
            )
    del sent[:]
    for left in (3, 1, 0):
        with django_capture_on_commit_callbacks(execute=True):
            news.deliver.apply()
        assert Delivery.objects.filter(sent_at=None).count() == left
    assert sent == [("notifications.deliver", ())] * 2


def test_sweeps_fall_out_of_the_queue_when_they_stand_in_it_again() -> None:
    app.finalize()
    app.loader.import_default_modules()
    entries = app.conf.beat_schedule
    assert entries["payments.pay_due_refunds"]["options"] == {"expires": 120}
    assert entries["fraud.expire_holds"]["options"] == {"expires": 300}
    assert "options" not in entries["kit.heartbeat"]  # has its own
    assert "options" not in entries["fraud.retrain"]  # once a week: late is better than never
