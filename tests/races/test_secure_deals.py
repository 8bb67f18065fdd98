"""Rivals for held money at the same moment: one end of the deal, every kopeck in one place, no deadlock."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from marketplace.kit.money import Money
from payments import services as payments
from payments.intents import services as intents
from payments.models import Entry, Intent, SecureDeal
from payments.secure_deals.books import held_for
from payments.secure_deals.jobs import drive_secure_deals
from payments.secure_deals.services import settling
from payments.secure_deals.services.chargebacks import note_dispute
from tasks_app import services
from tasks_app.models import Assignment
from tests.journeys import steps as life
from tests.races.test_rivals import at_once
from tests.secure_deals import steps
from tests.secure_deals.conftest import simulator  # noqa: F401  the fixture
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)


def guarded(act: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return run


def test_accepting_offering_a_part_cancelling_and_the_bank_at_once(simulator: Simulator) -> None:  # noqa: F811
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    life.finish(deal)
    dispute = simulator.dispute(simulator.dump()["charge"][0]["id"])
    at_once(
        [
            lambda: life.accept(deal),
            lambda: services.offer_part(assignment_id=deal.pk, by=deal.customer, amount=Money(1_000), reason="Мало"),
            lambda: life.dispute(deal),
            lambda: note_dispute(dispute_id=dispute),
            lambda: note_dispute(dispute_id=dispute),
            drive_secure_deals,
        ]
    )
    steps.settle()
    money = SecureDeal.objects.get()
    assert money.status == "charged_back"
    assert Entry.objects.filter(kind="chargeback").count() == 1
    assert held_for(money).minor == 0
    assert Assignment.objects.get(pk=deal.pk).status in ("accepted", "disputed")
    sent = sum(row["amount"] - row["amount_reversed"] for row in simulator.dump().get("transfer", []))
    assert sent == 0


def test_two_payments_of_rival_responses_settle_at_once(simulator: Simulator) -> None:  # noqa: F811
    task = steps.secure_task()
    deals = [steps.opened(steps.response(task)) for _rival in range(2)]
    begun = [payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page") for deal in deals]
    for intent in begun:
        simulator.pay(intent.details["action_url"])
    at_once([lambda pk=intent.pk: intents.look_again(intent_id=pk) for intent in begun for _twice in range(2)])
    steps.settle()
    states = sorted(SecureDeal.objects.values_list("status", "outcome"))
    assert states == [("held", ""), ("settled", "not_chosen")]
    assert Assignment.objects.count() == 1
    assert steps.books()["held_deals"] == 230_000
    assert [row["amount"] for row in simulator.dump()["refund"]] == [230_000]


def test_many_drivers_send_the_money_once(simulator: Simulator) -> None:  # noqa: F811
    deal = steps.held(simulator)
    life.accept(life.finish(deal))
    steps.account(simulator, deal.executor)
    at_once([drive_secure_deals for _driver in range(6)])
    assert Intent.objects.filter(kind="deal_transfer").count() == 1
    intent = Intent.objects.get(kind="deal_transfer")
    at_once([lambda: intents.perform(intent_id=intent.pk) for _worker in range(4)])
    steps.settle()
    assert [row["amount"] for row in simulator.dump()["transfer"]] == [218_500]


def test_control_without_the_guard_a_paid_deal_is_paid_again(
    simulator: Simulator,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Take away the comparison of what has moved with what was decided, and driving again begins a second transfer."""
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    life.accept(life.finish(deal))
    steps.settle()
    blind = lambda _deal: settling.Moved(sent=0, returned=0, in_motion=False)  # noqa: E731
    monkeypatch.setattr(settling, "moved", blind)
    SecureDeal.objects.update(status="settling")
    drive_secure_deals()
    assert Intent.objects.filter(kind="deal_transfer").count() == 2
