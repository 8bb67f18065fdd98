"""A draft becomes a task once, and only when all of it is right at that moment."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from marketplace.accounts.models import Restriction
from marketplace.accounts.services import make_person, restrict
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound, PolicyDenied
from marketplace.kit.live import current_sequence
from tasks_app.models import Task, TaskDraft, TaskEvent
from tasks_app.posting.errors import DraftIncomplete, DraftPublished
from tasks_app.posting.services import copy_to_draft, publish_task, save_part
from tests.factories import make_category, make_city, make_customer
from tests.steps import post_task, write_draft

pytestmark = pytest.mark.django_db


def nothing_was_published(draft: TaskDraft) -> bool:
    draft.refresh_from_db()
    return draft.task_id is None and not Task.objects.exists() and not TaskEvent.objects.exists()


def test_a_published_task_holds_what_was_written(clock: Any, django_capture_on_commit_callbacks: Any) -> None:
    clock.freeze(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    customer = make_customer()
    with django_capture_on_commit_callbacks(execute=True):
        task = post_task(by=customer, when={"day": "2026-11-22", "slot": "evening"})
    assert (task.status, task.title) == ("open", "Повесить люстру и два бра")
    assert (task.price_minor, task.currency, task.budget) == (250_000, "RUB", "fixed")
    # 18:00-21:00 in Moscow is 15:00-18:00 UTC
    assert task.starts_at == datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    assert task.ends_at == task.respond_by == datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    assert task.district is not None
    assert task.district.slug == "west"
    assert [(e.left, e.entered, e.actor_id) for e in task.events.all()] == [("", "open", customer.pk)]
    assert current_sequence(f"task:{task.pk}") == 1


def test_publishing_twice_returns_the_same_task() -> None:
    customer = make_customer()
    draft = write_draft(owner=customer)
    first = publish_task(draft=draft, by=customer, operation="a")
    again = publish_task(draft=draft, by=customer, operation="b")
    assert first.pk == again.pk
    assert Task.objects.count() == 1
    assert TaskEvent.objects.count() == 1


def test_a_published_draft_is_not_written_to_any_more() -> None:
    customer = make_customer()
    draft = write_draft(owner=customer)
    publish_task(draft=draft, by=customer, operation="a")
    with pytest.raises(DraftPublished):
        save_part(draft=draft, part="budget", values={"budget": "offer"})


def test_a_visitors_draft_becomes_the_persons_on_publishing() -> None:
    draft, customer = write_draft(owner=None), make_customer()
    task = publish_task(draft=draft, by=customer, operation="a")
    draft.refresh_from_db()
    assert (draft.owner, draft.task) == (customer, task)


def test_somebody_elses_draft_is_not_found() -> None:
    draft = write_draft(owner=make_customer())
    with pytest.raises(NotFound):
        publish_task(draft=draft, by=make_customer(), operation="a")
    assert nothing_was_published(draft)


def test_without_a_confirmed_phone_nothing_is_published() -> None:
    stranger = make_person(name="Пётр", email="petr@example.org")
    draft = write_draft(owner=stranger)
    with pytest.raises(PolicyDenied) as refused:
        publish_task(draft=draft, by=stranger, operation="a")
    assert refused.value.code == "phone_not_confirmed"
    assert nothing_was_published(draft)


def test_without_a_name_nothing_is_published() -> None:
    nameless = make_person(name="", phone="+79990000017")
    draft = write_draft(owner=nameless)
    with pytest.raises(PolicyDenied) as refused:
        publish_task(draft=draft, by=nameless, operation="a")
    assert refused.value.code == "name_missing"
    assert nothing_was_published(draft)


def test_a_restricted_person_publishes_nothing() -> None:
    customer, moderator = make_customer(), make_customer(staff_role="moderator")
    draft = write_draft(owner=customer)
    restrict(user=customer, kind=Restriction.Kind.POSTING, reason="спам", until=None, by=moderator)
    with pytest.raises(PolicyDenied) as refused:
        publish_task(draft=draft, by=customer, operation="a")
    assert refused.value.code == "restricted"
    assert nothing_was_published(draft)


def test_a_time_that_passed_while_the_draft_waited_is_asked_for_again(clock: Any) -> None:
    clock.freeze(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    customer = make_customer()
    draft = write_draft(owner=customer, when={"day": "2026-11-22", "slot": "evening"})
    clock.advance(days=2)
    with pytest.raises(DraftIncomplete) as refused:
        publish_task(draft=draft, by=customer, operation="a")
    assert (refused.value.part, refused.value.field) == ("when", "day")
    assert nothing_was_published(draft)
    assert draft.data["details"]["title"] == "Повесить люстру и два бра"


@pytest.mark.parametrize("part", ["category", "details", "place", "when", "budget"])
def test_a_missing_part_is_named(part: str) -> None:
    customer = make_customer()
    draft = write_draft(owner=customer)
    del draft.data[part]
    draft.save()
    with pytest.raises(DraftIncomplete) as refused:
        publish_task(draft=draft, by=customer, operation="a")
    assert refused.value.part == part
    assert nothing_was_published(draft)


def test_a_route_keeps_its_points_in_order() -> None:
    courier = make_category("courier", place="route")
    stops = [{"address": "Арбат 3", "note": "охране"}, {"address": "Тверская 30"}]
    task = post_task(category=courier, place={"points": stops})
    assert [(p.position, p.address, p.note) for p in task.points.all()] == [
        (1, "улица Арбат, 3", "охране"),
        (2, "Тверская улица, 30", ""),
    ]


def test_a_remote_task_has_a_city_and_no_place() -> None:
    design = make_category("logo", place="remote")
    task = post_task(category=design)
    assert (task.is_remote, task.point, task.public_point, task.address) == (True, None, None, "")
    assert task.city == make_city()


def test_a_flexible_task_stays_open_for_two_weeks(clock: Any) -> None:
    clock.freeze(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    task = post_task(when={"flexible": True, "day": "", "slot": ""})
    assert (task.timing, task.starts_at, task.ends_at) == ("flexible", None, None)
    assert task.respond_by == now() + timedelta(days=14)


def test_posting_again_copies_all_but_the_time() -> None:
    customer = make_customer()
    task = post_task(by=customer)
    draft = copy_to_draft(task=task, by=customer)
    assert "when" not in draft.data
    save_part(draft=draft, part="when", values={"flexible": True})
    again = publish_task(draft=draft, by=customer, operation="b")
    assert again.pk != task.pk
    same = ("title", "details", "price_minor", "address", "flat", "category_id", "public_point")
    assert [getattr(again, name) for name in same] == [getattr(task, name) for name in same]
    with pytest.raises(NotFound):
        copy_to_draft(task=task, by=make_customer())


@pytest.mark.django_db(transaction=True)
def test_twenty_publishings_at_once_make_one_task() -> None:
    customer = make_customer()
    draft = write_draft(owner=customer)
    made: list[int] = []

    def publish() -> None:
        try:
            made.append(publish_task(draft=draft, by=customer, operation="same").pk)
        finally:
            connection.close()

    threads = [Thread(target=publish) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 20
    assert len(set(made)) == 1
    assert Task.objects.count() == 1
    assert TaskEvent.objects.count() == 1
