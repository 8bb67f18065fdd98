"""U+0000 cannot be kept in a text: whatever carries it is refused at the edge, with a sentence and without an effect."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.accounts.services import issue_device_token
from marketplace.chat import services as chat
from marketplace.chat.models import Message, Thread
from marketplace.trust.models import Album, Review
from tasks_app import services as tasks
from tasks_app.models import Response
from tests.journeys import steps
from tests.people import sign_in

pytestmark = pytest.mark.django_db
BAD = "а\x00б"


def app_of(person: User) -> Client:
    _device, token = issue_device_token(user=person, name="Телефон")
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


def send(client: Client, path: str, body: Any, method: str = "POST") -> Any:
    headers = {"Idempotency-Key": "a-key-of-mine"}
    return client.generic(method, f"/api/v1{path}", json.dumps(body), "application/json", headers=headers)


def refused_at(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.content
    said = answer.json()
    assert said["code"] == "invalid_request"
    assert {line["reason"] for line in said["details"]} == {"В тексте есть знак, который нельзя сохранить."}
    return [line["field"] for line in said["details"]]


@pytest.fixture
def thread() -> Thread:
    response = steps.respond(steps.post_task())
    return chat.open_thread(response_id=response.pk, by=response.task.customer)


def test_a_message_with_it_is_refused_and_not_written(thread: Thread) -> None:
    path = f"/threads/{thread.pk}/messages"
    assert refused_at(send(app_of(thread.customer), path, {"text": BAD, "client_id": "phone-0001"})) == ["text"]
    body = {"text": "Здравствуйте", "client_id": f"phone-{BAD}"}
    assert refused_at(send(app_of(thread.customer), path, body)) == ["client_id"]
    assert not Message.objects.exists()


def test_a_response_with_it_is_refused_and_costs_nothing() -> None:
    task, man = steps.post_task(), steps.executor()
    body = {"message": BAD, "price_minor": 200_000}
    assert refused_at(send(app_of(man), f"/tasks/{task.pk}/responses", body)) == ["message"]
    assert not Response.objects.exists()
    assert send(app_of(man), f"/tasks/{task.pk}/responses", {**body, "message": "Приеду"}).status_code == 201


def test_a_review_and_an_album_with_it_are_refused() -> None:
    deal = steps.finish(steps.assigned())
    tasks.accept_work(assignment_id=deal.pk, by=deal.customer)
    body = {"stars": 5, "criteria": {}, "text": BAD}
    assert refused_at(send(app_of(deal.customer), f"/deals/{deal.pk}/review", body)) == ["text"]
    assert refused_at(send(app_of(deal.executor), "/portfolio/albums", {"title": BAD})) == ["title"]
    assert (Review.objects.count(), Album.objects.count()) == (0, 0)


def test_the_place_inside_lists_and_objects_is_named_and_nothing_is_replaced() -> None:
    man = steps.executor()
    app = app_of(man)
    before = app.get("/api/v1/me/executor").json()
    point = {"longitude": 37.6, "latitude": 55.7, "radius_m": 3000, "label": BAD}
    body = {**before, "points": [point]}
    assert refused_at(send(app, "/me/executor", body, "PUT")) == ["points.0.label"]
    assert app.get("/api/v1/me/executor").json() == before


def test_who_calls_is_asked_before_the_body_is_read(thread: Thread) -> None:
    answer = send(Client(), f"/threads/{thread.pk}/messages", {"text": BAD, "client_id": "phone-0001"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_query_and_an_address_with_it_are_refused_in_json(client: Client) -> None:
    assert refused_at(client.get("/api/v1/categories/search", {"q": BAD})) == ["q"]
    nowhere = client.get("/api/v1/categories/a%00b")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "no_such_operation")


def test_a_text_that_only_speaks_of_it_is_kept(thread: Thread) -> None:
    body = {"text": r"В JSON это \u0000", "client_id": "phone-0001"}
    assert send(app_of(thread.customer), f"/threads/{thread.pk}/messages", body).status_code == 200
    assert Message.objects.get().text == r"В JSON это \u0000"


def test_a_form_of_a_page_with_it_is_not_read_and_nothing_is_written(thread: Thread) -> None:
    page = sign_in(Client(raise_request_exception=False), thread.customer)
    answer = page.post(f"/threads/{thread.pk}/", {"text": BAD})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/html")
    assert not Message.objects.exists()
    assert page.get("/feed/", {"city": BAD}).status_code == 400
    assert page.get("/c/a%00b/").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("ru", "сломалось"), ("en", "broke")])
def test_what_breaks_under_the_api_is_said_in_json_logged_and_undone(
    thread: Thread, language: str, word: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(**_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("marketplace.chat.services.notify", break_down)
    app = app_of(thread.customer)
    with caplog.at_level(logging.ERROR, logger="django.request"):
        answer = app.post(
            f"/api/v1/threads/{thread.pk}/messages", {"text": "Здравствуйте", "client_id": "phone-0001"},
            content_type="application/json", headers={"Accept-Language": language},
        )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert word in answer.json()["message"]
    assert "a fault of ours" not in answer.content.decode()
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["a fault of ours"]
    assert not Message.objects.exists()


def test_a_body_too_large_for_the_api_is_refused_in_json(thread: Thread) -> None:
    body = {"text": "я" * 3_000_000, "client_id": "phone-0001"}
    answer = send(app_of(thread.customer), f"/threads/{thread.pk}/messages", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")
    assert not Message.objects.exists()
