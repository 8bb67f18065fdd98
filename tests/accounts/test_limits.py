"""How often a visitor may upload and look addresses up: a sentence and 429 beyond it; without counters reads go on."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from redis.exceptions import RedisError

from marketplace.accounts import limits
from tasks_app.models import TaskDraft, TaskPhoto
from tests.factories import make_category, make_city, make_customer
from tests.people import sign_in
from tests.steps import write_draft
from tests.tasks_app.posting.test_photos import picture, stored_files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    settings.RULES = {**settings.RULES, "visitor_photos_per_hour": 2, "visitor_addresses_per_minute": 3}


@pytest.fixture
def no_counters(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_more: Any) -> None:
        raise RedisError

    monkeypatch.setattr(limits.cache, "add", away, raising=False)


def find(client: Client) -> int:
    return client.get("/post/addresses/", {"city": "moscow", "address": "Тверская"}).status_code


def visitors_draft(client: Client) -> TaskDraft:
    """A draft written in this browser by nobody who is known."""
    make_city()
    client.post("/post/", {"category": make_category().slug})
    draft = TaskDraft.objects.get()
    written = write_draft()
    draft.data = written.data
    draft.save()
    written.delete()
    return draft


def upload(client: Client, draft: TaskDraft) -> Any:
    file = SimpleUploadedFile("lamp.jpg", picture(), "image/jpeg")
    return client.post(f"/post/{draft.public_id}/photos/", {"photos": file})


def test_a_visitor_looks_up_so_many_addresses_a_minute(client: Client, clock: Any) -> None:
    make_city()
    clock.freeze()
    assert [find(client) for _i in range(4)] == [200, 200, 200, 429]
    refused = client.get("/post/addresses/", {"city": "moscow", "address": "Тверская"})
    assert "Слишком много запросов" in refused.content.decode()
    api = client.get("/api/v1/geocode", {"city": "moscow", "q": "Тверская"})
    assert (api.status_code, api.json()["code"]) == (429, "too_many_requests")
    clock.advance(minutes=1)
    assert find(client) == 200


def test_people_who_are_signed_in_are_not_counted(client: Client) -> None:
    make_city()
    sign_in(client, make_customer())
    assert {find(client) for _i in range(5)} == {200}


def test_a_visitor_uploads_so_many_photos_an_hour(client: Client, clock: Any) -> None:
    clock.freeze()
    draft = visitors_draft(client)
    assert [upload(client, draft).status_code for _i in range(2)] == [302, 302]
    files = stored_files()
    refused = upload(client, draft)
    assert refused.status_code == 429
    assert "Слишком много запросов" in refused.content.decode()
    assert (TaskPhoto.objects.count(), stored_files()) == (2, files)
    clock.advance(hours=1)
    assert upload(client, draft).status_code == 302


def test_without_counters_addresses_are_found_and_nothing_is_uploaded(client: Client, no_counters: None) -> None:
    draft = visitors_draft(client)
    assert {find(client) for _i in range(5)} == {200}
    assert upload(client, draft).status_code == 503
    assert not TaskPhoto.objects.exists()
