"""Choosing by paying: nothing is chosen before the money has come, and money that cannot choose goes back by itself."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from marketplace.kit.errors import DomainError, PolicyDenied
from marketplace.kit.money import Money
from payments import services as payments
from payments.errors import AmountDiffers
from payments.intents.services import look_again
from payments.models import Entry, Intent, SavedCard, SecureDeal
from payments.secure_deals.jobs import drive_secure_deals
from payments.secure_deals.services.chargebacks import note_dispute
from payments.stripe_gateway import payments as gateway
from tasks_app import services
from tasks_app.models import Assignment, Response
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.payments.topups.steps import keep_card
from tests.people import sign_in
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def test_paying_chooses_the_response_and_the_money_is_held(simulator: Simulator) -> None:
    response = steps.response()
    deal = steps.opened(response)
    assert (deal.status, deal.paid, deal.executor_gets) == ("awaiting_payment", Money(230_000), Money(218_500))
    assert not Assignment.objects.exists()
    steps.pay(simulator, deal)
    assert (deal.status, Response.objects.get(pk=response.pk).status) == ("held", "accepted")
    assert Assignment.objects.get().pk == deal.assignment_id

    assert steps.books()["held_deals"] == 230_000
    assert steps.books()["clearing"] == -230_000


def test_a_task_with_a_secure_deal_is_not_chosen_without_paying(simulator: Simulator) -> None:
    response = steps.response()
    with pytest.raises(DomainError) as refusal:
        services.choose_response(response_id=response.pk, by=response.task.customer)
    assert refusal.value.code == "payment_needed"
    assert not Assignment.objects.exists()


def test_a_deal_without_it_goes_on_as_before(simulator: Simulator) -> None:
    deal = life.finished()
    assert deal.status == "accepted"
    assert not SecureDeal.objects.exists()
    assert not Intent.objects.exists()


def test_switched_on_when_choosing_the_customer_bears_the_commission(simulator: Simulator) -> None:
    deal = steps.opened(steps.response(steps.task_with_commission()))
    assert (deal.paid, deal.executor_gets) == (Money(241_500), Money(230_000))
    assert steps.pay(simulator, deal).status == "held"


def test_a_card_that_needs_3d_secure_pays_after_the_confirmation(simulator: Simulator) -> None:
    deal = steps.pay(simulator, steps.opened(steps.response()), "4000002760003184")
    assert deal.status == "held"


def test_a_declined_card_changes_nothing_and_another_still_works(simulator: Simulator) -> None:
    deal = steps.opened(steps.response())
    assert steps.pay(simulator, deal, "4000000000009995").status == "awaiting_payment"
    assert not Entry.objects.filter(kind="deal_payment").exists()
    assert steps.pay(simulator, deal).status == "held"


def test_unpaid_for_half_an_hour_it_expires_and_nothing_has_changed(simulator: Simulator, clock: Clock) -> None:
    response = steps.response()
    deal = steps.opened(response)
    clock.advance(minutes=31)
    drive_secure_deals()
    deal.refresh_from_db()
    assert (deal.status, Response.objects.get(pk=response.pk).status) == ("expired", "sent")
    with pytest.raises(PolicyDenied):
        payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
    again = steps.opened(response)
    assert again.pk != deal.pk
    assert steps.pay(simulator, again).status == "held"


def test_paid_after_the_half_hour_it_goes_straight_back(simulator: Simulator, clock: Clock) -> None:
    deal = steps.opened(steps.response())
    intent = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
    clock.advance(minutes=31)
    drive_secure_deals()
    simulator.pay(intent.details["action_url"])
    steps.settle()
    deal.refresh_from_db()
    assert (deal.status, deal.outcome) == ("settled", "not_chosen")
    assert "held_deals" not in steps.books()
    assert simulator.dump()["refund"][0]["amount"] == 230_000
    assert not Assignment.objects.exists()


def test_withdrawn_while_the_customer_pays_everything_goes_back(simulator: Simulator) -> None:
    response = steps.response()
    deal = steps.opened(response)
    services.withdraw_response(response_id=response.pk, by=response.executor)
    steps.pay(simulator, deal)
    assert (deal.status, deal.outcome, deal.to_customer) == ("settled", "not_chosen", Money(230_000))
    assert "response_not_standing" in [event.reason for event in deal.events.all()]
    assert not Assignment.objects.exists()


def test_of_two_paid_responses_one_is_chosen_and_the_other_goes_back(simulator: Simulator) -> None:
    task = steps.secure_task()
    first, second = steps.opened(steps.response(task)), steps.opened(steps.response(task))
    steps.pay(simulator, first)
    steps.pay(simulator, second)
    assert (first.status, second.status, second.outcome) == ("held", "settled", "not_chosen")
    assert Assignment.objects.get().pk == first.assignment_id
    assert steps.books()["held_deals"] == 230_000


def test_the_same_operation_is_the_same_deal_and_twice_pressed_the_same_page(simulator: Simulator) -> None:
    response = steps.response()
    deal = steps.opened(response, "one-click")
    assert steps.opened(response, "one-click").pk == steps.opened(response, "another-click").pk == deal.pk
    first = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
    again = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
    assert first.pk == again.pk
    assert len(simulator.dump()["checkout.session"]) == 1


def test_nobody_else_opens_or_pays(simulator: Simulator) -> None:
    response = steps.response()
    with pytest.raises(DomainError):
        services.open_secure_deal(response_id=response.pk, by=response.executor, operation="not-mine")
    deal = steps.opened(response)
    with pytest.raises(PolicyDenied):
        payments.pay_deal(deal_id=deal.pk, user_id=response.executor_id, method="page")
    assert not Intent.objects.exists()


def test_who_changes_to_a_card_leaves_no_page_open(simulator: Simulator) -> None:
    card = kept_card(simulator)
    deal = steps.opened(steps.response(steps.secure_task(by=card.user)))
    page = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
    paid = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="card", card_id=card.pk)
    page.refresh_from_db()
    assert (page.status, paid.status) == ("cancelled", "settled")
    assert [row["status"] for row in simulator.dump()["checkout.session"] if row["id"] == page.processor_id] == [
        "expired"
    ]


def test_a_page_paid_a_moment_before_is_not_paid_again_by_card(simulator: Simulator) -> None:
    card = kept_card(simulator)
    deal = steps.opened(steps.response(steps.secure_task(by=card.user)))
    page = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
    simulator.pay(page.details["action_url"], steps.GOOD)
    with pytest.raises(PolicyDenied):
        payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="card", card_id=card.pk)
    deal.refresh_from_db()
    assert deal.status == "held"
    assert Intent.objects.filter(kind="deal_payment").count() == 1


def kept_card(simulator: Simulator) -> SavedCard:
    """Of a customer who has topped up a wallet once."""
    return keep_card(simulator, life.customer())


@pytest.mark.parametrize("method", ["page", "card"])
@pytest.mark.parametrize("took", [1, 229_999, 230_001], ids=["less", "a-kopeck-less", "more"])
def test_another_sum_than_was_asked_for_is_refused_and_nothing_has_changed(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, method: str, took: int
) -> None:
    response = steps.response()
    card = keep_card(simulator, response.task.customer) if method == "card" else None
    entries = Entry.objects.count()
    deal = steps.opened(response)
    real = gateway.payment_state
    told: Any = lambda row: replace(real(row), received=Money(took))  # noqa: E731
    monkeypatch.setattr(gateway, "payment_state", told)
    if card is not None:
        with pytest.raises(AmountDiffers):
            payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="card", card_id=card.pk)
    else:
        intent = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
        simulator.pay(intent.details["action_url"])
        with pytest.raises(AmountDiffers):
            look_again(intent_id=intent.pk)
    deal.refresh_from_db()
    assert (deal.status, deal.payment_id, Entry.objects.count()) == ("awaiting_payment", None, entries)
    assert Intent.objects.get(kind="deal_payment").status in ("created", "waiting")
    assert not Assignment.objects.exists()
    monkeypatch.undo()
    intent = Intent.objects.get(kind="deal_payment")
    steps.settle()
    assert (Intent.objects.get(pk=intent.pk).status, steps.books()["held_deals"]) == ("settled", 230_000)


@pytest.mark.parametrize(("began", "reads"), [("ru", "en"), ("en", "ru")], ids=["ru-en", "en-ru"])
def test_who_changes_the_language_meanwhile_comes_back_to_it(simulator: Simulator, began: str, reads: str) -> None:
    deal = steps.opened(steps.response())
    intent = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page", language=began)
    browser = sign_in(Client(), deal.customer)
    prefix = {"ru": "", "en": "/en"}
    browser.get(f"{prefix[began]}/secure-deals/{deal.pk}/payment/")
    browser.get(f"{prefix[reads]}/secure-deals/{deal.pk}/payment/")
    returned = urlsplit(simulator.pay(intent.details["action_url"]))
    assert returned.path.startswith(f"{prefix[began]}/secure-deals/")
    came = browser.get(f"{returned.path}?{returned.query}")
    assert came.headers["Location"] == f"{prefix[reads]}/secure-deals/{deal.pk}/payment/?from=processor"
    # And whoever chose no other language is led nowhere.
    other = sign_in(Client(), deal.customer)
    assert "/secure-deals/" not in other.get(f"{returned.path}?{returned.query}").headers.get("Location", "")


def test_a_page_in_another_language_takes_the_place_of_the_first(simulator: Simulator) -> None:
    deal = steps.opened(steps.response())
    first = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page", language="ru")
    again = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page", language="ru")
    second = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page", language="en")
    assert (again.pk, second.pk != first.pk) == (first.pk, True)
    assert Intent.objects.get(pk=first.pk).status == "cancelled"
    assert simulator.pay(first.details["action_url"]) == ""
    assert "/en/secure-deals/" in simulator.pay(second.details["action_url"])
    steps.settle()
    deal.refresh_from_db()
    assert (deal.status, steps.books()["held_deals"]) == ("held", 230_000)


@pytest.mark.parametrize("taken_back", [pytest.param(False, id="held"), pytest.param(True, id="taken-back")])
def test_the_deals_page_says_that_money_is_held_only_while_it_is(taken_back: bool, simulator: Simulator) -> None:
    deal = steps.opened(steps.response())
    steps.pay(simulator, deal)
    browser = sign_in(Client(), deal.customer)
    came = browser.get(f"/secure-deals/{deal.pk}/payment/")
    if taken_back:
        note_dispute(dispute_id=simulator.dispute(simulator.dump()["charge"][0]["id"]))
    page = browser.get(came.headers["Location"]).content.decode()
    assert ("Договорились. Деньги зарезервированы" in page) is not taken_back
    assert ("оплату отозвал банк" in page) is taken_back
    assert "Договорились. Деньги зарезервированы" not in browser.get(came.headers["Location"]).content.decode()
