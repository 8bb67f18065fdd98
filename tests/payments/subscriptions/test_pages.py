"""What the subscription's page knows before any webhook or job: whoever opens it reads how it stands now."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.payments.subscriptions.steps import Life, again, booked, jobs, subscribe
from tests.payments.subscriptions.test_life import failing
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def test_a_bill_paid_on_the_processors_page_is_seen_when_the_person_comes_back(life: Life) -> None:
    mine, executor = failing(life)
    assert mine.status == "past_due"
    browser = sign_in(Client(), executor)
    address = f"/wallet/subscriptions/{mine.pk}/"
    assert "не оплачена" in browser.get(address).content.decode()
    assert (again(mine).status, booked()) == ("past_due", 149_000)
    life.simulator.pay(again(mine).action_url, "5555555555554444")
    page = browser.get(address).content.decode()
    assert "не оплачена" not in page
    assert (again(mine).status, booked()) == ("active", 298_000)


def test_the_bills_own_page_leads_back_in_the_readers_language(life: Life) -> None:
    mine, executor = failing(life)
    assert 'class="back"' not in life.simulator.visit(mine.action_url)[2]
    life.simulator.settings(site="https://poruchi.test/wallet/subscriptions/?from=bill")
    link = 'href="https://poruchi.test/wallet/subscriptions/?from=bill"'
    assert link in life.simulator.visit(mine.action_url)[2]
    life.simulator.pay(mine.action_url, "5555555555554444")
    assert link in life.simulator.visit(mine.action_url)[2]
    browser = sign_in(Client(), executor)
    browser.get("/en/wallet/subscriptions/")
    back = browser.get("/wallet/subscriptions/?from=bill")
    assert back.headers["Location"] == "/en/wallet/subscriptions/?from=bill"


def test_a_silent_processor_leaves_the_page_of_an_unpaid_bill_as_it_was(life: Life) -> None:
    mine, executor = failing(life)
    life.simulator.fault("error_before", path="/v1/*", count=50)
    page = sign_in(Client(), executor).get(f"/wallet/subscriptions/{mine.pk}/")
    assert page.status_code == 200
    assert "не оплачена" in page.content.decode()
    life.simulator.clear_faults()
    assert again(mine).status == "past_due"


def test_the_free_time_is_as_long_at_the_processor_as_the_rule_says(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.RULES, "trial_hours", 72)
    executor = life.executor(had_trial=False)
    mine = subscribe(executor, life.card(executor))
    jobs()
    assert (mine.on_trial, mine.period_end) == (True, life.start + timedelta(hours=72))
