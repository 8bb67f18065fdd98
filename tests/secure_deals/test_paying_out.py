"""From the accepted work to the executor's account: commissions, accounts that are not ready, failures and repeats."""

import pytest

from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import selectors
from payments.models import Entry, Intent, Payout, PayoutAccount, SecureDeal
from payments.payouts import services as payouts
from payments.secure_deals.jobs import drive_secure_deals
from tasks_app.assignments.jobs import accept_due
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def told(user_id: int) -> list[str]:
    return list(Notification.objects.filter(user_id=user_id).order_by("pk").values_list("kind", flat=True))


def test_accepted_work_is_paid_less_the_commission(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    account = steps.account(simulator, deal.executor)
    life.accept(life.finish(deal))
    steps.settle()
    money = steps.money_of(deal)
    assert (money.status, money.outcome, money.to_executor) == ("settled", "accepted", Money(218_500))
    (transfer,) = simulator.dump()["transfer"]
    assert (transfer["amount"], transfer["destination"]) == (218_500, account)
    assert steps.books() == {"clearing": -11_500, "revenue": 11_500 + 12_000}
    assert "deal_paid_out" in told(deal.executor_id)


@pytest.mark.parametrize(
    ("payer", "pays", "gets"),
    [("customer", 241_500, 230_000), ("executor", 230_000, 218_500), ("both", 235_750, 224_250)],
)
def test_the_commission_is_borne_as_the_tariff_says(simulator: Simulator, payer: str, pays: int, gets: int) -> None:
    deal = steps.held(simulator, steps.response(steps.secure_task(payer=payer)))
    steps.account(simulator, deal.executor)
    life.accept(life.finish(deal))
    steps.settle()
    assert simulator.dump()["charge"][0]["amount"] == pays
    assert simulator.dump()["transfer"][0]["amount"] == gets
    assert steps.books()["clearing"] == -11_500


def test_terms_are_frozen_when_the_payment_begins(simulator: Simulator) -> None:
    response = steps.response()
    deal = steps.opened(response)
    steps.Tariff.objects.update(commission_bp=1500)
    steps.pay(simulator, deal)
    assert deal.executor_gets == Money(218_500)


def test_money_waits_for_the_account_and_is_paid_when_it_is_ready(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    life.accept(life.finish(deal))
    steps.settle()
    money = steps.money_of(deal)
    assert (money.status, selectors.waits_for(money)) == ("settling", "account")
    assert not simulator.dump().get("transfer")
    assert {"payout_account_needed", "deal_waits_for_account"} <= set(told(deal.executor_id))
    steps.account(simulator, deal.executor)
    drive_secure_deals()
    steps.settle()
    assert steps.money_of(deal).status == "settled"
    assert "payout_account_ready" in told(deal.executor_id)


def test_three_days_of_silence_after_done_pay_too(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    life.finish(deal)
    clock.advance(hours=71)
    accept_due()
    assert steps.money_of(deal).status == "held"
    clock.advance(hours=2)
    accept_due()
    steps.settle()
    money = steps.money_of(deal)
    assert (money.status, money.outcome) == ("settled", "accepted_by_time")


def test_a_restricted_account_stops_the_money_and_says_what_is_missing(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator)
    account = steps.account(simulator, deal.executor)
    simulator.restrict(account)
    payouts.refresh_by_account(account_id=account)
    shown = selectors.payout_account(deal.executor_id)
    assert shown.status == "restricted"
    assert shown.missing
    life.accept(life.finish(deal))
    steps.settle()
    assert steps.money_of(deal).status == "settling"
    clock.advance(days=4)
    assert payouts.remind_of_accounts() == 1
    assert payouts.remind_of_accounts() == 0
    assert "payout_account_asks" in told(deal.executor_id)
    simulator.restrict(account, None)
    payouts.refresh_by_account(account_id=account)
    steps.settle()
    assert steps.money_of(deal).status == "settled"


def test_a_failed_payout_is_told_in_words(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    link = payouts.start_onboarding(user_id=deal.executor_id, return_url="http://x/", refresh_url="http://x/")
    simulator.onboard(link, bank="000111111113")
    payouts.refresh_account(user_id=deal.executor_id)
    life.accept(life.finish(deal))
    steps.settle()
    simulator.advance(days=10)
    account = PayoutAccount.objects.get(user=deal.executor_id)
    payouts.refresh_payouts(account_id=account.processor_id)
    payout = Payout.objects.get()
    assert (payout.status, payout.amount) == ("failed", Money(218_500))
    assert "payout_failed" in told(deal.executor_id)
    (row,) = selectors.payouts_page(user_id=deal.executor_id).rows
    assert row.why


def test_a_refused_transfer_is_tried_again_as_a_new_one(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator)
    account = steps.account(simulator, deal.executor)
    simulator.restrict(account)  # we do not know yet
    life.accept(life.finish(deal))
    steps.settle()
    money = steps.money_of(deal)
    assert (money.status, Intent.objects.filter(kind="deal_transfer", status="failed").count()) == ("settling", 1)
    assert Entry.objects.filter(kind="deal_transfer").count() == 0
    simulator.restrict(account, None)
    clock.advance(hours=2)
    steps.settle()
    assert steps.money_of(deal).status == "settled"
    assert sum(row["amount"] for row in simulator.dump()["transfer"]) == 218_500


def test_without_commission_everything_goes_to_the_executor(simulator: Simulator) -> None:
    deal = steps.held(simulator, steps.response(steps.secure_task(bp=0)))
    steps.account(simulator, deal.executor)
    life.accept(life.finish(deal))
    steps.settle()
    assert simulator.dump()["transfer"][0]["amount"] == 230_000
    assert SecureDeal.objects.get().status == "settled"
