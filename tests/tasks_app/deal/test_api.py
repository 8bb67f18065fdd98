"""The line of a deal through the API: the same rules, codes and sentences as the pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.accounts.services import issue_device_token
from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from tasks_app import services
from tasks_app.assignments.selectors.deals import deals_by_task
from tasks_app.models import Assignment, Response
from tests.conftest import Clock
from tests.factories import make_category
from tests.journeys import steps
from tests.people import sign_in

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
    ended = customer("get", "/my/tasks?tab=ended").json()["tasks"][0]
    assert (ended["status"], ended["deal_id"]) == ("closed", deal["id"])
    assert executor("get", "/my/responses?tab=chosen").json()["responses"][0]["id"] == sent["id"]


def test_the_deal_is_found_from_everything_that_led_to_it() -> None:
    response = steps.respond(steps.post_task())
    other = steps.respond(response.task)
    executor, customer = phone_of(response.executor), phone_of(response.task.customer)
    before = [
        executor("get", f"/responses/{response.pk}").json()["deal_id"],
        customer("get", f"/own-tasks/{response.task_id}").json()["deal_id"],
        customer("get", "/my/tasks").json()["tasks"][0]["deal_id"],
        *executor("get", "/deals").json()["deals"],
    ]
    assert before == [None] * 3
    deal = steps.choose(response)
    found = {
        executor("get", f"/responses/{response.pk}").json()["deal_id"],
        executor("get", "/my/responses?tab=chosen").json()["responses"][0]["deal_id"],
        customer("get", f"/own-tasks/{response.task_id}").json()["deal_id"],
        customer("get", "/my/tasks?tab=active").json()["tasks"][0]["deal_id"],
    }
    assert found == {deal.pk}
    listed = customer("get", f"/tasks/{response.task_id}/responses").json()["responses"]
    assert {row["id"]: row["deal_id"] for row in listed} == {response.pk: deal.pk, other.pk: None}
    (line,) = executor("get", "/deals").json()["deals"]
    assert (line["id"], line["side"], line["other_name"]) == (deal.pk, "executor", deal.customer.public_name)
    assert customer("get", "/deals").json()["deals"][0]["side"] == "customer"
    assert phone_of(other.executor)("get", "/deals").json() == {"deals": [], "next_key": None}


def test_a_task_leads_to_its_standing_deal_and_not_to_the_cancelled_one() -> None:
    task = steps.post_task()
    first, second = steps.respond(task), steps.respond(task)
    cancelled = steps.choose(first)
    customer = phone_of(task.customer)
    services.cancel_assignment(assignment_id=cancelled.pk, by=task.customer, reason="plans_changed")
    task.refresh_from_db()
    assert customer("get", f"/own-tasks/{task.pk}").json()["deal_id"] == cancelled.pk
    assert deals_by_task([task.pk]) == {task.pk: cancelled.pk}
    Assignment.objects.create(
        task=task, response=second, customer=task.customer, executor=second.executor,
        window_start=cancelled.window_start, window_end=cancelled.window_end,
        chosen_at=cancelled.chosen_at - timedelta(days=1),
    )  # fmt: skip
    assert customer("get", f"/own-tasks/{task.pk}").json()["deal_id"] == second.assignment.pk


def test_deals_come_by_pages_and_by_tab(clock: Clock) -> None:
    man = steps.executor(money=Money(1_000_000))
    made = []
    for _i in range(21):
        clock.advance(minutes=1)
        made.append(steps.choose(steps.respond(steps.post_task(), by=man)).pk)
    executor = phone_of(man)
    first = executor("get", "/deals").json()
    rest = executor("get", f"/deals?after={first['next_key']}").json()
    assert [row["id"] for row in first["deals"] + rest["deals"]] == made[::-1]
    assert rest["next_key"] is None
    executor("post", f"/deals/{made[0]}/cancel", {"reason": "customer_asked"})
    assert [row["id"] for row in executor("get", "/deals?tab=ended").json()["deals"]] == [made[0]]
    assert executor("get", "/deals?after=nonsense").json()["field"] == "after"


def test_the_stops_of_a_route_are_told_with_the_place_and_to_nobody_before() -> None:
    stops = [{"address": "Тверская 38", "note": "спросить Канарейкина"}]
    task = steps.post_task(category=make_category("courier", place="route"), place={"points": stops})
    response = steps.respond(task)
    executor = phone_of(response.executor)
    before = [
        executor("get", path).content.decode() for path in (f"/tasks/{task.pk}", f"/responses/{response.pk}", "/feed")
    ]
    assert not any("Канарейкин" in text for text in before)
    deal = steps.choose(response)
    (stop,) = executor("get", f"/deals/{deal.pk}").json()["place"]["further"]
    kept = task.points.get()
    assert stop == {"address": kept.address, "note": kept.note, "point": [kept.point.x, kept.point.y]}
    assert "Канарейкин" not in executor("get", "/deals").content.decode()
    page = sign_in(Client(), response.executor).get(f"/deals/{deal.pk}/").content.decode()
    assert f"→ {kept.address} ({kept.note})" in page
    services.cancel_assignment(assignment_id=deal.pk, by=deal.customer, reason="plans_changed")
    assert executor("get", f"/deals/{deal.pk}").json()["place"] is None


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
