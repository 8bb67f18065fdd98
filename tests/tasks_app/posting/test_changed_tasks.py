"""A task changes after somebody has paid to answer it: they are told and may leave with the fee; a deadline is not bought."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marketplace.kit.errors import NotFound, PolicyDenied
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from marketplace.notifications.selectors import render
from payments.selectors import charge_for, wallet_balance
from tasks_app import services
from tasks_app.models import Response, Task, TaskPhoto
from tasks_app.posting.errors import TooManyPhotos
from tests.factories import make_category
from tests.journeys import steps
from tests.people import sign_in
from tests.tasks_app.posting.test_editing import refused, state
from tests.tasks_app.posting.test_photos import picture, stored_files

pytestmark = pytest.mark.django_db
FULL, PAID = Money(100_000), Money(88_000)
OTHER = {
    "when": {"day": "2026-11-25", "slot": "exact", "time": "10:00"},
    "budget": {"budget": "fixed", "price": 1500},
    "place": {"city": "moscow", "address": "Арбат 5"},
}


@pytest.fixture
def answered(clock: Any) -> Response:
    """A task with one response that the customer has opened: no other rule would give its fee back."""
    clock.freeze(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    response = steps.respond(steps.post_task())
    return steps.open_response(response)


def change(task: Task, part: str, **values: Any) -> Task:
    return services.edit_task(task_id=task.pk, by=task.customer, part=part, values=values or OTHER[part])


def told(response: Response) -> list[Notification]:
    return list(Notification.objects.filter(user=response.executor, kind="task_changed").order_by("id"))


@pytest.mark.parametrize(("part", "what"), [("when", "время"), ("budget", "бюджет"), ("place", "место")])
def test_everybody_who_has_responded_is_told_what_changed(
    part: str, what: str, answered: Response, clock: Any, in_russian: None
) -> None:
    change(answered.task, part)
    answered.refresh_from_db()
    assert answered.free_withdrawal_until == clock.now() + timedelta(hours=24)
    (news,) = told(answered)
    text = render(news).text
    assert f"изменил {what}" in text
    assert "22 ноября" in text


@pytest.mark.parametrize("part", ["when", "budget", "place"])
def test_who_withdraws_within_24_hours_gets_the_fee_back(part: str, answered: Response, clock: Any) -> None:
    change(answered.task, part)
    clock.advance(hours=24, seconds=-1)
    for _again in range(2):
        services.withdraw_response(response_id=answered.pk, by=answered.executor)
    charge = charge_for(answered.pk)
    assert charge is not None
    assert (charge.rule, wallet_balance(answered.executor_id)) == ("task_changed", FULL)
    answered.refresh_from_db()
    assert answered.status == "withdrawn"


def test_later_the_fee_stays(answered: Response, clock: Any) -> None:
    change(answered.task, "budget")
    clock.advance(hours=24)
    services.withdraw_response(response_id=answered.pk, by=answered.executor)
    assert wallet_balance(answered.executor_id) == PAID


def test_without_a_change_the_fee_stays(answered: Response) -> None:
    services.withdraw_response(response_id=answered.pk, by=answered.executor)
    assert wallet_balance(answered.executor_id) == PAID


def test_a_clarification_gives_no_way_back(answered: Response) -> None:
    task = answered.task
    change(task, "details", title=task.title, details=f"{task.details}\nЛюстра с пультом.")
    answered.refresh_from_db()
    assert (answered.free_withdrawal_until, told(answered)) == (None, [])
    assert Task.objects.get().edited_at is not None


def test_after_a_response_the_description_is_only_added_to(answered: Response) -> None:
    task = answered.task
    assert "title" in refused(task, task.customer, "details", title="Собрать шкаф", details=task.details).errors  # type: ignore[attr-defined]
    for words in ("", "Совсем другое."):
        refused(task, task.customer, "details", title=task.title, details=words)


def test_saving_the_same_changes_nothing_and_tells_nobody(answered: Response) -> None:
    task = answered.task
    before = state(task)
    change(task, "budget", budget="fixed", price=2500)
    change(task, "details", title=task.title, details=task.details)
    assert state(task) == before
    assert told(answered) == []


def test_each_change_is_told_and_counts_anew(answered: Response, clock: Any) -> None:
    change(answered.task, "budget")
    clock.advance(hours=20)
    change(answered.task, "place")
    answered.refresh_from_db()
    assert answered.free_withdrawal_until == clock.now() + timedelta(hours=24)
    assert len(told(answered)) == 2


def test_who_has_withdrawn_is_left_alone(answered: Response) -> None:
    services.withdraw_response(response_id=answered.pk, by=answered.executor)
    change(answered.task, "budget")
    answered.refresh_from_db()
    assert (answered.free_withdrawal_until, told(answered), wallet_balance(answered.executor_id)) == (None, [], PAID)


def test_a_task_at_any_time_keeps_its_deadline(clock: Any) -> None:
    clock.freeze(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    task = steps.post_task(when={"flexible": True, "day": "", "slot": ""})
    deadline = task.respond_by
    assert deadline == clock.now() + timedelta(days=14)
    clock.advance(days=10)
    change(task, "when", flexible=True)
    change(task, "when", flexible=True, day="2026-12-03", slot="morning")
    task.refresh_from_db()
    assert task.respond_by == deadline
    change(task, "when", day="2026-12-03", slot="exact", time="10:00")
    change(task, "when", flexible=True)
    task.refresh_from_db()
    assert task.respond_by == deadline


def test_a_changed_route_keeps_its_points() -> None:
    first = [{"address": "Арбат 3"}]
    task = steps.post_task(category=make_category("courier", place="route"), place={"points": first})
    stops = [{"address": "Покровка, 5", "lon": 37.65, "lat": 55.76, "note": "вход со двора"}]
    change(task, "place", city="moscow", address="Арбат 5", points=stops)
    assert [(stop.address, stop.note) for stop in task.points.all()] == [("Покровка, 5", "вход со двора")]


def test_the_pages_say_that_and_when_it_was_changed(answered: Response, client: Client) -> None:
    task = answered.task
    change(task, "budget")
    page = sign_in(client, answered.executor).get(f"/tasks/{task.pk}/").content.decode()
    assert "изменено сегодня, 12:00" in page
    own = client.get(f"/responses/{answered.pk}/").content.decode()
    assert "Задание изменилось" in own
    assert "вернётся сразу" in client.get(f"/responses/{answered.pk}/withdraw/").content.decode()
    mine = sign_in(Client(), task.customer).get(f"/tasks/{task.pk}/").content.decode()
    assert "Изменено" in mine
    assert f"/tasks/{task.pk}/edit/" in mine


def test_photos_come_and_go_while_the_task_is_open(django_capture_on_commit_callbacks: Any) -> None:
    before = stored_files()
    task = steps.post_task()
    photo = services.add_task_photo(task_id=task.pk, by=task.customer, source=picture())
    task.refresh_from_db()
    assert (task.photos_count, task.version, photo.position) == (1, 2, 0)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_task_photo(task_id=task.pk, by=task.customer, public_id=photo.public_id)
    task.refresh_from_db()
    assert (task.photos_count, task.version, stored_files()) == (0, 3, before)


def test_photos_of_others_and_of_ended_tasks_stay() -> None:
    task = steps.post_task()
    photo = services.add_task_photo(task_id=task.pk, by=task.customer, source=picture())
    files, before = stored_files(), state(task)
    for by in (steps.customer(), steps.moderator()):
        with pytest.raises(PolicyDenied):
            services.add_task_photo(task_id=task.pk, by=by, source=picture())
        with pytest.raises(PolicyDenied):
            services.delete_task_photo(task_id=task.pk, by=by, public_id=photo.public_id)
    other = steps.post_task(by=task.customer)
    with pytest.raises(NotFound):
        services.delete_task_photo(task_id=other.pk, by=task.customer, public_id=photo.public_id)
    assert state(task) == before
    steps.assigned(task)
    with pytest.raises(PolicyDenied):
        services.delete_task_photo(task_id=task.pk, by=task.customer, public_id=photo.public_id)
    with pytest.raises(PolicyDenied):
        services.add_task_photo(task_id=task.pk, by=task.customer, source=picture())
    assert (TaskPhoto.objects.count(), stored_files()) == (1, files)


def test_an_eleventh_photo_leaves_no_file() -> None:
    task = steps.post_task()
    TaskPhoto.objects.bulk_create(TaskPhoto(task=task, position=place) for place in range(10))
    files, before = stored_files(), state(task)
    with pytest.raises(TooManyPhotos):
        services.add_task_photo(task_id=task.pk, by=task.customer, source=picture())
    assert (stored_files(), state(task)) == (files, before)


def test_the_page_of_photos(client: Client) -> None:
    task = steps.post_task()
    sign_in(client, task.customer)
    sent = client.post(
        f"/tasks/{task.pk}/edit/photos/", {"photos": SimpleUploadedFile("lamp.jpg", picture(), "image/jpeg")}
    )
    assert sent.status_code == 302, sent.content.decode()[:500]
    page = client.get(f"/tasks/{task.pk}/edit/photos/").content.decode()
    photo = TaskPhoto.objects.get()
    assert f"/photos/{photo.public_id}/delete/" in page
    client.post(f"/tasks/{task.pk}/edit/photos/{photo.public_id}/delete/")
    assert not TaskPhoto.objects.exists()
    stranger = sign_in(Client(), steps.customer())
    assert stranger.get(f"/tasks/{task.pk}/edit/photos/").status_code == 404
