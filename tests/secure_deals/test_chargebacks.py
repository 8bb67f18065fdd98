"""The customer's bank takes the money back: held money covers it; paid money is fetched back as far as it goes."""

import random
from typing import Any

import pytest

from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import selectors
from payments import services as payments
from payments.events.inbox import handle_due, receive
from payments.intents.services import sweep
from payments.models import Chargeback, Entry, Intent, ProcessorEvent, SecureDeal
from payments.secure_deals.jobs import send_chargeback_evidence
from payments.secure_deals.services.chargebacks import note_dispute, take_back_again
from payments.stripe_gateway.errors import Unavailable
from payments.stripe_gateway.events import hint_of
from payments.topups.chargebacks import follow_dispute
from tasks_app.models import Assignment
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def disputed(simulator: Simulator) -> str:
    found = simulator.dispute(simulator.dump()["charge"][0]["id"])
    note_dispute(dispute_id=found)
    return found


def paid_out(simulator: Simulator) -> Assignment:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    life.accept(life.finish(deal))
    steps.settle()
    return deal


def test_while_held_the_held_money_covers_it_and_both_hear_of_it(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    found = disputed(simulator)
    note_dispute(dispute_id=found)
    money = steps.money_of(deal)
    assert money.status == "charged_back"
    assert steps.books() == {"revenue": 12_000}
    assert Entry.objects.filter(kind="chargeback").count() == 1
    assert set(Notification.objects.filter(kind__startswith="deal_charged_back").values_list("user_id", flat=True)) == {
        deal.customer_id,
        deal.executor_id,
    }


def test_the_bank_hears_what_we_know_once(simulator: Simulator) -> None:
    steps.held(simulator)
    disputed(simulator)
    assert send_chargeback_evidence() == 1
    assert send_chargeback_evidence() == 0
    assert Chargeback.objects.get().evidence_at is not None
    (row,) = simulator.dump()["dispute"]
    assert row["status"] == "under_review"


def test_won_while_held_the_deal_goes_on(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    found = disputed(simulator)
    simulator.decide(found, won=True)
    note_dispute(dispute_id=found)
    assert steps.money_of(deal).status == "held"
    assert steps.books()["held_deals"] == 230_000
    steps.account(simulator, deal.executor)
    life.accept(life.finish(deal))
    steps.settle()
    assert steps.money_of(deal).status == "settled"


def test_what_is_decided_meanwhile_waits_for_the_bank(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    found = disputed(simulator)
    life.accept(life.finish(deal))
    steps.settle()
    assert steps.money_of(deal).status == "charged_back"
    assert not simulator.dump().get("transfer")
    simulator.decide(found, won=True)
    note_dispute(dispute_id=found)
    steps.settle()
    assert steps.money_of(deal).status == "settled"
    assert simulator.dump()["transfer"][0]["amount"] == 218_500


def test_paid_out_it_is_taken_back_from_the_executors_account(simulator: Simulator) -> None:
    deal = paid_out(simulator)
    disputed(simulator)
    steps.settle()
    assert simulator.dump()["transfer"][0]["amount_reversed"] == 218_500
    # The bank took 230,000 of it all; 218,500 came back, the commission is the platform's loss.
    assert steps.books() == {"costs": -11_500, "revenue": 23_500}
    assert Notification.objects.filter(user_id=deal.executor_id, kind="deal_money_taken_back").exists()


def test_sent_without_an_answer_before_the_bank_took_it_the_transfer_is_found_and_taken_back(
    simulator: Simulator,
) -> None:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    simulator.fault("drop_after", method="POST", path="/v1/transfers", count=2)
    life.accept(life.finish(deal))
    sweep()
    assert Intent.objects.get(kind="deal_transfer").status == "created"
    assert len(simulator.dump()["transfer"]) == 1
    disputed(simulator)
    steps.settle()
    assert Intent.objects.get(kind="deal_transfer").status == "settled"
    assert simulator.dump()["transfer"][0]["amount_reversed"] == simulator.dump()["transfer"][0]["amount"]
    assert selectors.account_total("receivables").minor == 0


def test_what_the_account_no_longer_holds_is_owed(simulator: Simulator, clock: Clock) -> None:
    deal = paid_out(simulator)
    simulator.advance(days=10)  # the money has gone to the executor's bank
    disputed(simulator)
    steps.settle()
    assert steps.books()["receivables"] == -218_500
    money = SecureDeal.objects.get()
    assert money.status == "charged_back"
    take_back_again(deal_id=money.pk)
    assert len(list(selectors.movements_of_deal(money, deal.executor_id))) == 1


def test_won_after_it_was_taken_back_the_executor_is_paid_again(simulator: Simulator) -> None:
    deal = paid_out(simulator)
    found = disputed(simulator)
    steps.settle()
    simulator.decide(found, won=True)
    note_dispute(dispute_id=found)
    steps.settle()
    assert steps.money_of(deal).status == "settled"
    sent = sum(row["amount"] - row["amount_reversed"] for row in simulator.dump()["transfer"])
    assert sent == 218_500
    assert "receivables" not in steps.books()
    assert "held_deals" not in steps.books()


def test_lost_the_deal_stays_taken_back(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    found = disputed(simulator)
    simulator.decide(found, won=False)
    note_dispute(dispute_id=found)
    assert (steps.money_of(deal).status, Chargeback.objects.get().status) == ("charged_back", "lost")
    life.cancel(deal)
    steps.settle()
    assert not simulator.dump().get("refund")


def taken_before_anything_is_known(simulator: Simulator) -> tuple[SecureDeal, str]:
    """The customer has paid and never came back, the bank has taken it: no event has been followed yet."""
    deal = steps.opened(steps.response())
    intent = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
    simulator.pay(intent.details["action_url"])
    return deal, simulator.dispute(simulator.dump()["charge"][0]["id"])


def follow(hints: list[dict[str, Any]]) -> None:
    for hint in hints:
        receive(hint_of(hint))
        handle_due()
    handle_due()


@pytest.mark.parametrize("won", [True, False], ids=["won", "lost"])
def test_heard_of_before_the_payment_it_is_the_deals_affair_and_not_the_wallets(
    simulator: Simulator, won: bool
) -> None:
    deal, found = taken_before_anything_is_known(simulator)
    follow(simulator.events("charge.dispute.created"))
    deal.refresh_from_db()
    assert (deal.status, selectors.debt_of(deal.customer_id), steps.books()) == (
        "charged_back", Money(0), {"revenue": 12_000},
    )  # fmt: skip
    assert selectors.wallet_balance(deal.customer_id) == Money(0)
    simulator.decide(found, won=won)
    follow(simulator.events())
    deal.refresh_from_db()
    assert deal.status == ("held" if won else "charged_back")
    assert steps.books().get("held_deals", 0) == (230_000 if won else 0)


@pytest.mark.parametrize("seed", range(4))
def test_events_of_a_disputed_deal_in_any_order_end_in_one_state(simulator: Simulator, seed: int) -> None:
    deal, found = taken_before_anything_is_known(simulator)
    simulator.decide(found, won=False)
    chance = random.Random(seed)
    hints = [hint for hint in simulator.events() for _again in range(chance.randint(1, 3))]
    chance.shuffle(hints)
    follow(hints)
    deal.refresh_from_db()
    assert (deal.status, Chargeback.objects.get().status) == ("charged_back", "lost")
    assert (steps.books(), selectors.debt_of(deal.customer_id)) == ({"revenue": 12_000}, Money(0))
    assert not ProcessorEvent.objects.filter(handled_at=None).exists()


def test_while_the_payment_cannot_be_booked_the_dispute_waits(simulator: Simulator) -> None:
    deal, found = taken_before_anything_is_known(simulator)
    simulator.fault("error_before", path="/v1/checkout/sessions/*", count=-1)
    before = Entry.objects.count()
    with pytest.raises(Unavailable):
        note_dispute(dispute_id=found)
    with pytest.raises(Unavailable):
        follow_dispute(found)
    assert (Entry.objects.count(), Chargeback.objects.count()) == (before, 0)
    assert selectors.debt_of(deal.customer_id) == Money(0)
    simulator.clear_faults()
    assert note_dispute(dispute_id=found) is not None


@pytest.mark.books_differ
def test_control_believing_the_customers_name_first_it_would_be_the_wallets_debt(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal, found = taken_before_anything_is_known(simulator)
    monkeypatch.setattr("payments.topups.chargebacks.disputed_payment", lambda payment_id: None)
    follow_dispute(found)
    assert selectors.debt_of(deal.customer_id) == Money(230_000)
    with pytest.raises(ValueError, match="another matter"):
        note_dispute(dispute_id=found)
