"""A person's own cases by the API; the desk has none."""

import json
from typing import Any

from django.test import Client

from fraud import services
from fraud.models import Case
from marketplace.accounts.models import User
from marketplace.accounts.services import issue_device_token
from tests.journeys import steps


def phone_of(person: User) -> Client:
    _device, token = issue_device_token(user=person, name="phone")
    return Client(headers={"Authorization": f"Bearer {token}"})


def post(client: Client, path: str, text: str) -> Any:
    return client.post(f"/api/v1{path}", json.dumps({"text": text}), content_type="application/json")


def test_the_executor_reads_answers_and_appeals(case: Case, moderator: User) -> None:
    phone = phone_of(case.executor)
    (shown,) = phone.get("/api/v1/cases").json()
    assert (shown["status"], shown["may_appeal"], shown["holds_refund"]) == ("pending", False, True)
    assert shown["facts_for"][0].startswith("Стоянка")
    assert "score" not in shown
    services.ask_both(case_id=case.pk, by=moderator, question="Как было?")
    inquiry = phone.get(f"/api/v1/cases/{case.pk}").json()["inquiries"][0]
    answered = post(phone, f"/cases/{case.pk}/inquiries/{inquiry['id']}/answer", "Был у соседей.").json()
    assert answered["inquiries"][0]["answer"] == "Был у соседей."
    services.decide_case(case_id=case.pk, by=moderator, outcome="confirmed", reason_code="worked_after", keep_fee=True)
    assert phone.get(f"/api/v1/cases/{case.pk}").json()["may_appeal"] is True
    appealed = post(phone, f"/cases/{case.pk}/appeal", "Не согласен.").json()
    assert (appealed["may_appeal"], appealed["appeal_outcome"]) == (False, "pending")
    assert post(phone, f"/cases/{case.pk}/appeal", "Ещё раз.").status_code == 409


def test_others_find_nothing(case: Case, moderator: User) -> None:
    for person in (case.customer, steps.customer(), moderator):
        client = phone_of(person)
        assert client.get("/api/v1/cases").json() == []
        assert client.get(f"/api/v1/cases/{case.pk}").status_code == 404
        assert post(client, f"/cases/{case.pk}/appeal", "x").status_code == 404
    assert Client().get("/api/v1/cases").status_code == 401


def test_the_customer_reads_the_outcome_but_no_track(case: Case, moderator: User) -> None:
    services.decide_case(
        case_id=case.pk, by=moderator, outcome="confirmed", reason_code="worked_after", strike=True, restrict_days=7
    )
    shown = phone_of(case.customer).get(f"/api/v1/cases/{case.pk}").json()
    assert (shown["outcome"], shown["facts_for"], shown["facts_against"]) == ("confirmed", [], [])
    assert (shown["decision"]["strike"], shown["decision"]["restrict_days"]) == (False, None)
