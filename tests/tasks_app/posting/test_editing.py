"""An open task changes by rule; what changes after somebody has responded is tested in test_changed_tasks.py."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, PolicyDenied
from tasks_app.models import Task, TaskDraft
from tasks_app.posting.errors import AnswersRefused
from tasks_app.posting.jobs import forget_old_drafts
from tasks_app.posting.services import add_photo, edit_task
from tests.factories import make_city, make_customer
from tests.people import sign_in
from tests.steps import post_task, write_draft
from tests.tasks_app.posting.test_photos import picture, stored_files

pytestmark = pytest.mark.django_db


def state(task: Task) -> dict[str, Any]:
    return Task.objects.filter(pk=task.pk).values().get() | {"events": task.events.count()}


def refused(task: Task, by: Any, part: str, error: type[DomainError] = AnswersRefused, **values: Any) -> DomainError:
    before = state(task)
    with pytest.raises(error) as refusal:
        edit_task(task_id=task.pk, by=by, part=part, values=values)
    assert state(task) == before
    return refusal.value


def test_each_part_is_changed_and_the_version_grows(clock: Any) -> None:
    clock.freeze(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    task = post_task()
    by = task.customer
    edit_task(task_id=task.pk, by=by, part="details", values={"title": "Повесить три люстры", "details": ""})
    edit_task(task_id=task.pk, by=by, part="budget", values={"budget": "range", "price": 1000, "price_high": 2000})
    edit_task(task_id=task.pk, by=by, part="when", values={"day": "2026-11-25", "slot": "exact", "time": "10:00"})
    edit_task(task_id=task.pk, by=by, part="place", values={"city": "moscow", "address": "Арбат 5"})
    task.refresh_from_db()
    assert (task.title, task.price_minor, task.price_high_minor) == ("Повесить три люстры", 100_000, 200_000)
    assert task.starts_at == task.respond_by == datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert (task.address, task.version) == ("улица Арбат, 5", 5)
    assert [event.reason for event in task.events.all()] == [
        "", "edited:details", "edited:budget", "edited:when", "edited:place",
    ]  # fmt: skip


def test_a_task_does_not_move_to_another_city() -> None:
    make_city("kazan", name_ru="Казань", name_en="Kazan", bounds=(48.9, 55.6, 49.3, 55.9))
    task = post_task()
    refused(task, task.customer, "place", city="kazan", lon=49.1, lat=55.75, address="Кремль")


def test_only_the_customer_changes_only_an_open_task() -> None:
    task = post_task()
    assert refused(task, make_customer(), "details", PolicyDenied, title="Чужое задание").status == 404
    Task.objects.filter(pk=task.pk).update(status="assigned")
    assert refused(task, task.customer, "details", PolicyDenied, title="Поздно").code == "task_not_editable"
    Task.objects.filter(pk=task.pk).update(status="open")
    refused(task, task.customer, "category", category="courier")
    refused(task, task.customer, "details", title="")


def test_the_page_of_a_change(client: Client) -> None:
    task = post_task()
    sign_in(client, task.customer)
    assert f"/tasks/{task.pk}/edit/budget/" in client.get(f"/tasks/{task.pk}/edit/").content.decode()
    page = client.get(f"/tasks/{task.pk}/edit/details/").content.decode()
    assert task.title in page
    wrong = client.post(f"/tasks/{task.pk}/edit/details/", {"title": "лю", "details": "останется"})
    assert wrong.status_code == 422
    assert "останется" in wrong.content.decode()
    saved = client.post(f"/tasks/{task.pk}/edit/details/", {"title": "Повесить три люстры", "details": ""})
    assert saved.headers["Location"] == f"/tasks/{task.pk}/"
    when = client.get(f"/tasks/{task.pk}/edit/when/").content.decode()
    chosen = [tag for tag in re.findall(r"<input[^>]*>", when) if " checked" in tag]
    assert any('value="evening"' in tag for tag in chosen), chosen
    for part in ("when", "budget", "place"):
        assert client.get(f"/en/tasks/{task.pk}/edit/{part}/").status_code == 200
    assert client.get(f"/tasks/{task.pk}/edit/category/").status_code == 404
    stranger = sign_in(Client(), make_customer())
    assert stranger.get(f"/tasks/{task.pk}/edit/").status_code == 404
    assert stranger.get(f"/tasks/{task.pk}/edit/details/").status_code == 404
    assert stranger.post(f"/tasks/{task.pk}/edit/details/", {"title": "Чужое задание"}).status_code == 404
    assert Client().get(f"/tasks/{task.pk}/edit/details/").status_code == 302


def test_posting_again_by_a_button(client: Client) -> None:
    task = post_task()
    response = sign_in(client, task.customer).post(f"/tasks/{task.pk}/again/")
    assert response.status_code == 302
    assert client.get(response.headers["Location"], follow=True).redirect_chain[-1][0].endswith("/when/")
    assert sign_in(Client(), make_customer()).post(f"/tasks/{task.pk}/again/").status_code == 404


def test_old_drafts_of_visitors_are_forgotten_with_their_photos(
    clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    before = stored_files()
    old, owned = write_draft(), write_draft(owner=make_customer())
    add_photo(draft=old, source=picture())
    clock.advance(days=31)
    fresh = write_draft()
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old_drafts() == 1
    assert {draft.pk for draft in TaskDraft.objects.all()} == {owned.pk, fresh.pk}
    assert stored_files() == before
    assert now() - fresh.changed_at < timedelta(minutes=1)
