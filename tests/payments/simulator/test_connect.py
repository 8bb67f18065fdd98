"""Connected accounts: onboarding, transfers, reversals, payouts; and disputes on what was paid."""

from typing import Any

import pytest
import stripe

from tests.payments.simulator.test_paying import pay
from tests.simulator import RunningSimulator

SITE = {"return_url": "https://site.test/back", "refresh_url": "https://site.test/again"}


def new_account(client: stripe.StripeClient) -> stripe.Account:
    return client.v1.accounts.create({
        "controller": {"stripe_dashboard": {"type": "express"}, "fees": {"payer": "application"}, "losses": {"payments": "application"}},
        "country": "RU", "email": "executor@site.test", "capabilities": {"transfers": {"requested": True}},
    })  # fmt: skip


def link(client: stripe.StripeClient, account: str) -> str:
    return client.v1.account_links.create({"account": account, "type": "account_onboarding", **SITE}).url  # type: ignore[typeddict-item]


@pytest.fixture
def executor(client: stripe.StripeClient, stripe_simulator: RunningSimulator) -> str:
    account = new_account(client).id
    stripe_simulator.onboard(link(client, account))
    return account


def test_an_account_grows_able_to_be_paid(client: stripe.StripeClient, stripe_simulator: RunningSimulator) -> None:
    account = new_account(client)
    assert (account.details_submitted, account.payouts_enabled) == (False, False)
    assert account.requirements is not None
    assert "external_account" in (account.requirements.currently_due or [])
    page = link(client, account.id)
    assert stripe_simulator.visit(page, first_name="Иван", do="submit")[0] == 400
    assert stripe_simulator.visit(page, do="later")[1] == "https://site.test/back"
    stripe_simulator.settings(checked_after=60)
    assert stripe_simulator.onboard(page) == "https://site.test/back"
    checking = client.v1.accounts.retrieve(account.id)
    assert (checking.details_submitted, checking.payouts_enabled) == (True, False)
    assert checking.requirements is not None
    assert checking.requirements.pending_verification == ["individual.verification.document"]
    assert stripe_simulator.visit(page)[1] == "https://site.test/again", "a link serves once"
    stripe_simulator.advance(seconds=60)
    ready = client.v1.accounts.retrieve(account.id)
    assert ready.payouts_enabled
    assert ready.capabilities is not None
    assert ready.capabilities.transfers == "active"
    assert [event["account"] for event in stripe_simulator.events("account.updated")] == [account.id] * 2


def test_an_account_whose_identity_is_not_confirmed_is_asked_for_a_document(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator
) -> None:  # fmt: skip
    account = new_account(client).id
    stripe_simulator.onboard(link(client, account), birth="1902-01-01")
    asked = client.v1.accounts.retrieve(account)
    assert asked.requirements is not None
    assert asked.requirements.currently_due == ["individual.verification.document"]
    assert not asked.payouts_enabled
    stripe_simulator.onboard(link(client, account), document="valid")
    assert client.v1.accounts.retrieve(account).payouts_enabled


def test_a_transfer_out_of_a_charge_never_exceeds_it(client: stripe.StripeClient, executor: str) -> None:
    charge = str(pay(client, "pm_card_visa").latest_charge)
    out: Any = {"currency": "rub", "destination": executor, "source_transaction": charge}
    transfer = client.v1.transfers.create(out | {"amount": 100000, "transfer_group": "deal-1"})
    with pytest.raises(stripe.InvalidRequestError, match="must not exceed"):
        client.v1.transfers.create(out | {"amount": 50001})
    reversal = client.v1.transfers.reversals.create(transfer.id, {"amount": 40000})
    assert reversal.transfer == transfer.id
    with pytest.raises(stripe.InvalidRequestError, match="greater than unreversed"):
        client.v1.transfers.reversals.create(transfer.id, {"amount": 60001})
    balance = client.v1.balance.retrieve(options={"stripe_account": executor})
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, 60000)
    assert [found.id for found in client.v1.transfers.list({"transfer_group": "deal-1"}).data] == [transfer.id]


def test_a_transfer_from_the_balance_needs_available_money(
    client: stripe.StripeClient, executor: str, stripe_simulator: RunningSimulator
) -> None:
    pay(client, "pm_card_visa")
    params: Any = {"amount": 100000, "currency": "rub", "destination": executor}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.transfers.create(params)
    assert refused.value.code == "balance_insufficient"
    stripe_simulator.advance(days=2)
    assert client.v1.transfers.create(params).amount == 100000


def test_an_account_that_is_not_ready_gets_no_transfer(
    client: stripe.StripeClient, executor: str, stripe_simulator: RunningSimulator
) -> None:
    charge = str(pay(client, "pm_card_visa").latest_charge)
    stripe_simulator.restrict(executor)
    params: Any = {"amount": 100000, "currency": "rub", "destination": executor, "source_transaction": charge}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.transfers.create(params)
    assert refused.value.code == "insufficient_capabilities_for_transfer"
    stripe_simulator.restrict(executor, None)
    client.v1.transfers.create(params)


@pytest.mark.parametrize("bank, status", [("000123456789", "paid"), ("000111111113", "failed")])
def test_a_payout_arrives_or_comes_back(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator, bank: str, status: str
) -> None:
    account = new_account(client).id
    stripe_simulator.onboard(link(client, account), bank=bank)
    charge = str(pay(client, "pm_card_bypassPending").latest_charge)
    client.v1.transfers.create(
        {"amount": 100000, "currency": "rub", "destination": account, "source_transaction": charge}
    )
    there: Any = {"stripe_account": account}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payouts.create({"amount": 100001, "currency": "rub"}, there)
    payout = client.v1.payouts.create({"amount": 100000, "currency": "rub"}, there)
    stripe_simulator.advance(days=1)
    after = client.v1.payouts.retrieve(payout.id, options=there)
    assert after.status == status
    left = client.v1.balance.retrieve(options=there).available[0].amount
    assert left == (0 if status == "paid" else 100000)
    assert stripe_simulator.events(f"payout.{status}")[0]["account"] == account


def test_a_dispute_takes_the_money_until_it_is_won(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator
) -> None:
    stripe_simulator.settings(settle_after=0, fee_share=0, fee_fixed=0)
    intent = pay(client, "pm_card_createDispute")
    stripe_simulator.advance(seconds=1)
    dispute = client.v1.disputes.list({"payment_intent": intent.id}).data[0]
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", "fraudulent", 150000)
    assert client.v1.balance.retrieve().available[0].amount == -1500
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_disputed"
    client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": True})
    stripe_simulator.advance(seconds=1)
    assert client.v1.disputes.retrieve(dispute.id).status == "won"
    assert client.v1.balance.retrieve().available[0].amount == 148500
    kinds = [event["type"] for event in stripe_simulator.events() if ".dispute." in event["type"]]
    assert kinds == [
        "charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.updated", "charge.dispute.updated",
        "charge.dispute.funds_reinstated", "charge.dispute.closed",
    ]  # fmt: skip
