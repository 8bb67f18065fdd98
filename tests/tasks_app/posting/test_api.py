"""A phone app writes and publishes a task over the API."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marketplace.accounts.models import User
from marketplace.accounts.services import make_person
from marketplace.accounts.services.devices import issue_device_token
from marketplace.kit.clock import now
from tasks_app.models import Task, TaskDraft
from tests.factories import add_question, make_category, make_city, make_customer
from tests.steps import post_task, write_draft
from tests.tasks_app.posting.test_photos import picture

pytestmark = pytest.mark.django_db


class App:
    """A phone app signed in as somebody."""

    def __init__(self, person: User) -> None:
        _device, token = issue_device_token(user=person, name="phone")
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None, key: str = "", **more: Any) -> Any:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1{path}", headers=headers, **data, **more)

    def put(self, path: str, body: Any) -> Any:
        return self.call("PUT", path, body)


@pytest.fixture
def app() -> App:
    make_city()
    add_question(make_category())
    return App(make_customer())


def test_the_catalogue_is_open_to_everybody(client: Client) -> None:
    make_city()
    add_question(make_category())
    english = {"Accept-Language": "en"}
    groups = client.get("/api/v1/categories", headers=english).json()
    assert groups[0]["categories"][0]["name"] == "Electrician"
    assert client.get("/api/v1/categories/electrician", headers=english).json()["questions"][0]["options"][0] == {
        "key": "concrete", "name": "concrete",
    }  # fmt: skip
    assert client.get("/api/v1/categories/search", {"q": "люстра"}).json()[0]["slug"] == "electrician"
    assert client.get("/api/v1/cities").json()[0]["slug"] == "moscow"
    assert client.get("/api/v1/categories/nonsense").status_code == 404


def test_an_app_writes_and_publishes_a_task(app: App) -> None:
    started = app.call("POST", "/drafts", {"text": "повесить люстру", "category": "electrician"})
    assert started.status_code == 201
    path = f"/drafts/{started.json()['id']}"
    assert started.json()["missing"] == "questions"
    app.put(f"{path}/questions", {"walls": "brick"})
    app.put(f"{path}/details", {"title": "Повесить люстру", "details": "Потолок бетонный"})
    app.put(f"{path}/place", {"city": "moscow", "address": "Арбат 5", "flat": "7"})
    day = (now() + timedelta(days=1)).date().isoformat()
    app.put(f"{path}/when", {"day": day, "slot": "evening"})
    last = app.put(f"{path}/budget", {"budget": "fixed", "price": 2500})
    assert last.json()["missing"] is None
    photo = app.client.post(
        f"/api/v1{path}/photos", {"photo": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")}, headers=app.headers
    )
    assert photo.status_code == 201
    published = app.call("POST", f"{path}/publish", key="publish-0001")
    assert published.status_code == 201
    task = published.json()
    assert (task["status"], task["price"], task["answers"]) == (
        "open", {"minor": 250_000, "currency": "RUB"}, {"walls": "brick"},
    )  # fmt: skip
    assert len(task["photos"]) == 1
    assert app.call("POST", f"{path}/publish", key="publish-0001").json() == task
    assert app.call("POST", f"{path}/publish", key="publish-0002").json()["id"] == task["id"]
    assert Task.objects.count() == 1


def test_a_category_without_questions_misses_none(app: App) -> None:
    draft = app.call("POST", "/drafts", {"category": make_category("plumber").slug}).json()
    assert draft["missing"] == "details"


def test_publishing_needs_a_key_and_a_phone() -> None:
    person = make_person(name="Пётр", email="petr@example.org")
    draft, app = write_draft(owner=person), App(person)
    assert app.call("POST", f"/drafts/{draft.public_id}/publish").status_code == 400
    refused = app.call("POST", f"/drafts/{draft.public_id}/publish", key="publish-0001")
    assert (refused.status_code, refused.json()["code"]) == (403, "phone_not_confirmed")
    assert not Task.objects.exists()


def test_a_refusal_names_the_field_and_says_a_sentence(app: App) -> None:
    draft = app.call("POST", "/drafts", {"category": "electrician"}).json()
    refused = app.put(f"/drafts/{draft['id']}/budget", {"budget": "fixed", "price": -5})
    assert refused.status_code == 422
    assert refused.json() == {
        "code": "invalid_input", "field": "price", "message": "The price must be at least ₽50.",
    }  # fmt: skip
    unfinished = app.call("POST", f"/drafts/{draft['id']}/publish", key="publish-0001")
    assert (unfinished.status_code, unfinished.json()["code"], unfinished.json()["field"]) == (
        422, "draft_incomplete", "questions",
    )  # fmt: skip


def test_a_foreign_draft_or_task_is_not_found(app: App) -> None:
    stranger = make_customer()
    draft, task = write_draft(owner=stranger), post_task(by=stranger)
    for method, path in (
        ("GET", f"/drafts/{draft.public_id}"),
        ("DELETE", f"/drafts/{draft.public_id}"),
        ("GET", f"/own-tasks/{task.pk}"),
    ):
        assert app.call(method, path).status_code == 404
    assert app.call("POST", f"/drafts/{draft.public_id}/publish", key="publish-0001").status_code == 404
    assert app.call("POST", f"/own-tasks/{task.pk}/copy", key="copy-0001").status_code == 404
    assert app.put(f"/drafts/{draft.public_id}/details", {"title": "Чужое задание"}).status_code == 404
    draft.refresh_from_db()
    assert draft.data["details"]["title"] == "Повесить люстру и два бра"


def test_a_visitors_draft_is_not_open_to_an_app(app: App) -> None:
    assert app.call("GET", f"/drafts/{write_draft().public_id}").status_code == 404


def test_an_app_changes_an_open_task_part_by_part() -> None:
    owner = make_customer()
    task, own = post_task(by=owner), App(owner)
    path = f"/own-tasks/{task.pk}"
    day = (now() + timedelta(days=2)).date().isoformat()
    own.put(f"{path}/details", {"title": "Повесить люстру", "details": "И два бра"})
    own.put(f"{path}/place", {"city": "moscow", "address": "Арбат 5", "flat": "7"})
    own.put(f"{path}/when", {"day": day, "slot": "morning"})
    changed = own.put(f"{path}/budget", {"budget": "range", "price": 2000, "price_high": 3000}).json()
    assert (changed["title"], changed["details"], changed["flat"]) == ("Повесить люстру", "И два бра", "7")
    assert (changed["price"]["minor"], changed["price_high"]["minor"]) == (200_000, 300_000)
    assert changed["starts_at"].startswith(day)
    assert changed["version"] == task.version + 4


def test_photos_of_an_open_task_come_and_go() -> None:
    owner = make_customer()
    task, own = post_task(by=owner), App(owner)
    path = f"/own-tasks/{task.pk}"
    added = own.client.post(
        f"/api/v1{path}/photos", {"photo": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")}, headers=own.headers
    )
    assert added.status_code == 201
    assert [photo["id"] for photo in own.call("GET", path).json()["photos"]] == [added.json()["id"]]
    assert own.call("DELETE", f"{path}/photos/{added.json()['id']}").status_code == 204
    assert own.call("GET", path).json()["photos"] == []
    assert own.call("DELETE", f"{path}/photos/{uuid4()}").status_code == 404


def test_a_refused_change_names_the_field_and_changes_nothing(app: App) -> None:
    owner = make_customer()
    task, own = post_task(by=owner), App(owner)
    before = own.call("GET", f"/own-tasks/{task.pk}").json()
    refused = own.put(f"/own-tasks/{task.pk}/budget", {"budget": "fixed", "price": -5})
    assert (refused.status_code, refused.json()["field"]) == (422, "price")
    assert own.put(f"/own-tasks/{task.pk}/details", {"title": ""}).status_code == 422
    assert app.put(f"/own-tasks/{task.pk}/details", {"title": "Чужой рукой"}).status_code == 404
    Task.objects.filter(pk=task.pk).update(status="cancelled")
    assert own.put(f"/own-tasks/{task.pk}/details", {"title": "Поздно"}).status_code == 409
    Task.objects.filter(pk=task.pk).update(status="open")
    assert own.call("GET", f"/own-tasks/{task.pk}").json() == before


def test_a_task_is_copied_once_a_key(app: App) -> None:
    owner = make_customer()
    task, own = post_task(by=owner), App(owner)
    first = own.call("POST", f"/own-tasks/{task.pk}/copy", key="copy-0001").json()
    assert own.call("POST", f"/own-tasks/{task.pk}/copy", key="copy-0001").json() == first
    assert first["missing"] == "when"
    assert TaskDraft.objects.filter(owner=owner, task=None).count() == 1


def test_drafts_are_deleted(app: App) -> None:
    draft = app.call("POST", "/drafts", {"category": "electrician"}).json()
    assert app.call("DELETE", f"/drafts/{draft['id']}").status_code == 204
    assert app.call("GET", f"/drafts/{draft['id']}").status_code == 404
    assert app.call("GET", f"/drafts/{uuid4()}").status_code == 404


def test_addresses_are_found_both_ways(client: Client) -> None:
    city = make_city()
    found = client.get("/api/v1/geocode", {"q": "арбат 5", "city": "moscow"}).json()
    assert found[0]["address"] == "улица Арбат, 5"
    near = client.get("/api/v1/geocode/reverse", {"lon": found[0]["longitude"], "lat": found[0]["latitude"]}).json()
    assert near["address"] == "улица Арбат, 5"
    assert client.get("/api/v1/geocode/reverse", {"lon": 0, "lat": 0}).status_code == 404
    assert client.get("/api/v1/geocode", {"q": "арбат", "city": "atlantis"}).status_code == 404
    assert client.get("/api/v1/geocode/reverse", {"lon": "nan", "lat": city.centre.y}).status_code == 422


@pytest.mark.parametrize("body", [None, [], "x", {"title": {"a": 1}}, {"title": "а\0бвгде"}, {"title": "\ud800" * 9}])
def test_malformed_bodies_are_refused_not_crashed(app: App, body: Any) -> None:
    draft = app.call("POST", "/drafts", {"category": "electrician"}).json()
    assert app.put(f"/drafts/{draft['id']}/details", body).status_code in (200, 400, 422)
