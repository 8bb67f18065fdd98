"""The line of a deal through the API: the same rules, codes and sentences as the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.accounts.services import issue_device_token
from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from tasks_app.models import Response
from tests.journeys import steps

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


def phone_of(person: User) -> Call:
    """A phone app signed in as the person: call(method, path, body, key)."""
    _device, token = issue_device_token(user=person, name="Телефон")
    client = Client(headers={"Authorization": f"Bearer {token}"})

    def call(method: str, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return getattr(client, method)(
            f"/api/v1{path}", body if body is not None else {}, content_type="application/json", headers=headers
        )

    return call


SENT = {"message": "Приеду. Мой телефон 8 916 123-45-67", "price_minor": 230_000}


def test_the_whole_line() -> None:
    task, man = steps.post_task(), steps.executor()
    executor, customer = phone_of(man), phone_of(task.customer)
    sent = executor("post", f"/tasks/{task.pk}/responses", SENT, key="action-0001").json()
    listed = customer("get", f"/tasks/{task.pk}/responses").json()["responses"]
    assert [row["id"] for row in listed] == [sent["id"]]
    assert "123-45-67" not in listed[0]["message"]
    assert sum(fact["points"] for fact in listed[0]["facts"]) == listed[0]["points"]
    assert customer("get", f"/responses/{sent['id']}").json()["seen_at"] is None
    assert customer("post", f"/responses/{sent['id']}/open").json()["seen_at"] is not None
    deal = customer("post", f"/responses/{sent['id']}/choose").json()
    assert (deal["side"], deal["contacts"]["phone"], deal["place"]["flat"]) == ("customer", man.phone, "кв. 7")
    for step in ("on-the-way", "start", "done"):
        assert executor("post", f"/deals/{deal['id']}/{step}").status_code == 200
    assert customer("post", f"/deals/{deal['id']}/accept").json()["status"] == "accepted"
    assert customer("get", "/my/tasks?tab=ended").json()["tasks"][0]["status"] == "closed"
    assert executor("get", "/my/responses?tab=chosen").json()["responses"][0]["id"] == sent["id"]


def test_sending_needs_a_key_and_the_same_key_charges_once() -> None:
    task, man = steps.post_task(), steps.executor()
    executor = phone_of(man)
    assert executor("post", f"/tasks/{task.pk}/responses", SENT).json()["code"] == "idempotency_key_missing"
    assert not Response.objects.exists()
    too_long = executor("post", f"/tasks/{task.pk}/responses", SENT, key="k" * 65)
    assert too_long.json()["code"] == "idempotency_key_missing"
    assert not Response.objects.exists()
    answers = [executor("post", f"/tasks/{task.pk}/responses", SENT, key="action-0001") for _i in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (Response.objects.count(), wallet_balance(man.pk)) == (1, Money(88_000))


def test_a_refusal_has_a_code_and_a_sentence_and_may_be_tried_again() -> None:
    task, man = steps.post_task(), steps.executor(money=Money(0))
    executor = phone_of(man)
    refused = executor("post", f"/tasks/{task.pk}/responses", SENT, key="action-0001")
    assert (refused.status_code, refused.json()["code"]) == (402, "insufficient_funds")
    assert refused.json()["message"]
    steps.payments.grant_promotion(user_id=man.pk, amount=Money(50_000), operation="x", why="welcome")
    assert executor("post", f"/tasks/{task.pk}/responses", SENT, key="action-0001").status_code == 201


def test_cancelling_follows_its_preview() -> None:
    deal = steps.assigned()
    executor, customer = phone_of(deal.executor), phone_of(deal.customer)
    shown = executor("get", f"/deals/{deal.pk}/cancellation-preview").json()
    outcomes = {choice["code"]: choice["outcome"] for choice in shown["choices"]}
    assert (shown["fee_minor"], outcomes["cannot_come"], outcomes["customer_asked"]) == (12_000, "stays", "returns")
    cancelled = executor("post", f"/deals/{deal.pk}/cancel", {"reason": "customer_asked"}).json()
    assert (cancelled["status"], cancelled["contacts"], cancelled["place"]) == ("cancelled", None, None)
    body = {"reason": "plans_changed", "at_fault": "customer"}
    assert customer("post", f"/deals/{deal.pk}/cancellation-answer", body).json()["cancellation"]["fault"] == "customer"


def test_strangers_get_nothing() -> None:
    deal = steps.assigned()
    stranger = phone_of(steps.executor())
    for method, path in (
        ("get", f"/deals/{deal.pk}"),
        ("get", f"/deals/{deal.pk}/cancellation-preview"),
        ("post", f"/deals/{deal.pk}/start"),
        ("post", f"/deals/{deal.pk}/accept"),
        ("get", f"/responses/{deal.response_id}"),
        ("post", f"/responses/{deal.response_id}/choose"),
        ("post", f"/responses/{deal.response_id}/withdraw"),
    ):
        assert stranger(method, path).status_code == 404, path
    assert stranger("get", f"/tasks/{deal.task_id}/responses").json() == {"responses": []}
    assert Client().get(f"/api/v1/deals/{deal.pk}").status_code == 401
    deal.refresh_from_db()
    assert deal.status == "assigned"
