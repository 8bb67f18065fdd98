"""What the API says to a call of the wrong shape: by the person's language, and never before it knows who calls."""

import json
import re
from typing import Any, get_args
from uuid import uuid4

import pytest
from django.test import Client
from pydantic_core.core_schema import ErrorType

from marketplace.kit.shape_words import reason_for
from payments.models import Charge
from tasks_app.models import Response
from tests.journeys import steps
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def send(client: Client, task_id: int, body: Any, **headers: str) -> Any:
    return client.post(
        f"/api/v1/tasks/{task_id}/responses", json.dumps(body), content_type="application/json", headers=headers
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", {"Это поле нужно.", "Нужно целое число."}),
        ("en", {"This is needed.", "A whole number is expected."}),
    ],
)
def test_each_wrong_field_has_a_sentence_in_the_readers_language(language: str, words: set[str]) -> None:
    task, man = steps.post_task(), steps.executor()
    refused = send(
        sign_in(Client(), man), task.pk, {"price_minor": "x"},
        **{"Idempotency-Key": "a-key-of-mine", "Accept-Language": language},
    )  # fmt: skip
    assert refused.status_code == 422
    assert {line["reason"] for line in refused.json()["details"]} == words


def test_refused_fields_have_the_names_of_the_document() -> None:
    task, man = steps.post_task(), steps.executor()
    app = sign_in(Client(), man)
    point = {"longitude": "east", "latitude": 55.7, "radius_m": 3000, "label": "Дом"}
    answers = [
        send(app, task.pk, {"price_minor": "x"}, **{"Idempotency-Key": "a-key-of-mine"}),
        app.put(f"/api/v1/drafts/{uuid4()}/photos/order", '"x"', content_type="application/json"),
        app.put("/api/v1/me/executor", json.dumps({"points": [point]}), content_type="application/json"),
        app.get("/api/v1/my/responses", {"tab": "nonsense"}),
        app.get("/api/v1/location-days/nonsense"),
    ]
    assert [{line["field"] for line in answer.json()["details"]} for answer in answers] == [
        {"message", "price_minor"}, {"body"}, {"points.0.longitude"}, {"tab"}, {"day"},
    ]  # fmt: skip


def test_numbers_of_a_limit_are_named() -> None:
    task, man = steps.post_task(), steps.executor()
    body = {"message": "я" * 4001, "price_minor": 0}
    refused = send(sign_in(Client(), man), task.pk, body, **{"Idempotency-Key": "a-key-of-mine"})
    assert {line["reason"] for line in refused.json()["details"]} == {
        "Не больше знаков, чем 4000.", "Должно быть больше, чем 0.",
    }  # fmt: skip


def test_no_kind_of_error_speaks_english_to_a_russian_reader(in_russian: None) -> None:
    numbers = {"min_length": 1, "max_length": 2, "gt": 0, "ge": 1, "lt": 2, "le": 3}
    for kind in get_args(ErrorType):
        words = reason_for({"type": kind, "ctx": numbers})
        assert re.search("[а-я]", words), (kind, words)
        assert "%(" not in words
    assert reason_for({"type": "string_too_long", "ctx": {}}) == reason_for({"type": "unheard_of"})


def test_who_calls_is_asked_before_the_key() -> None:
    task, man = steps.post_task(), steps.executor()
    body = {"message": "Приеду", "price_minor": 200_000}
    assert send(Client(), task.pk, body).status_code == 401
    missing = send(sign_in(Client(), man), task.pk, body)
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency_key_missing")
    assert not Response.objects.exists()
    assert not Charge.objects.exists()
    assert send(sign_in(Client(), man), task.pk, body, **{"Idempotency-Key": "a-key-of-mine"}).status_code == 201
