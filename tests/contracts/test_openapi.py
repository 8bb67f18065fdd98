"""The API's document is a promise: it changes only together with its snapshot, which a reviewer sees.

Renew it with: manage.py export_openapi_schema --api marketplace.api.api --indent 1 --sorted --output docs/openapi.json
"""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from marketplace.api import api

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def document() -> Any:
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


def test_the_document_is_the_one_in_the_snapshot() -> None:
    known, present = json.loads(SNAPSHOT.read_text()), document()
    assert sorted(present["paths"]) == sorted(known["paths"])
    for path, operations in present["paths"].items():
        assert operations == known["paths"][path], path
    assert present["components"] == known["components"]


@pytest.mark.django_db
def test_the_document_is_served(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Poruchi"


def test_every_operation_has_a_summary_and_its_own_id() -> None:
    operations = [op for path in document()["paths"].values() for op in path.values()]
    assert [op["operationId"] for op in operations if not op.get("summary")] == []
    ids = [op["operationId"] for op in operations]
    assert len(ids) == len(set(ids))


def test_every_operation_says_how_it_refuses() -> None:
    found = document()
    operations = [op for path in found["paths"].values() for op in path.values()]
    assert [op["operationId"] for op in operations if "4XX" not in op["responses"]] == []
    assert found["components"]["schemas"]["Refusal"]["required"] == ["code", "message"]


def test_every_operation_that_asks_for_a_key_says_so() -> None:
    """Read from the code: what calls `operation_key`, itself, through `@idempotent` or through `effect_once`."""
    asking = {
        (method.upper(), path)
        for path, view in _operations()
        for operation in view.operations
        for method in operation.methods
        if _asks(operation)
    }
    saying = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in document()["paths"].items()
        for method, op in operations.items()
        if any(parameter["name"] == "Idempotency-Key" for parameter in op["parameters"])
    }
    assert saying
    assert {(method, re.sub(r"\w+:", "", path)) for method, path in asking} == saying


def _asks(operation: Any) -> bool:
    code = inspect.getsource(operation.view_func)
    return "operation_key" in code or "effect_once" in code or hasattr(operation, "_run_decorators")


def _operations() -> Iterator[tuple[str, Any]]:
    for router in api._get_bound_routers():
        yield from router.path_operations.items()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "auth/code", "{not json", 400, "unreadable"),
        ("DELETE", "auth/code", "", 405, "method_not_allowed"),
        ("GET", "nothing/here", "", 404, "no_such_operation"),
        ("GET", "threads/abc/messages", "", 404, "no_such_operation"),
        ("GET", "categories/nonsense", "", 404, "not_found"),
    ],
    ids=["no JSON", "method", "address", "part of an address", "object"],
)
def test_whatever_is_refused_has_a_code_and_a_sentence(
    client: Client, method: str, path: str, body: str, status: int, code: str
) -> None:
    answer = client.generic(method, f"/api/v1/{path}", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


@pytest.mark.django_db
def test_pages_keep_their_own_words_for_what_is_not_there(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_the_api_answers_in_the_language_asked_for(client: Client) -> None:
    russian = client.get("/api/v1/wallet").json()
    english = client.get("/api/v1/wallet", headers={"accept-language": "en"}).json()
    assert (russian["code"], english["code"]) == ("not_signed_in", "not_signed_in")
    assert english["message"] == "Sign in first."
    assert russian["message"] != english["message"]
