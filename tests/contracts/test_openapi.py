"""The API's document is a promise: it changes only together with its snapshot, which a reviewer sees.

Renew it with: manage.py export_openapi_schema --api marketplace.api.api --indent 1 --sorted --output docs/openapi.json
"""

import json
from pathlib import Path

import pytest
from django.test import Client

from marketplace.api import api

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def document() -> dict[str, dict[str, dict[str, object]]]:
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))  # type: ignore[no-any-return]


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


@pytest.mark.django_db
def test_the_api_answers_in_the_language_asked_for(client: Client) -> None:
    russian = client.get("/api/v1/wallet").json()
    english = client.get("/api/v1/wallet", headers={"accept-language": "en"}).json()
    assert (russian["code"], english["code"]) == ("not_signed_in", "not_signed_in")
    assert english["message"] == "Sign in first."
    assert russian["message"] != english["message"]
