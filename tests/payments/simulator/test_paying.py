"""Cards and payment intents, driven by the official client."""

from typing import Any

import pytest
import stripe

from tests.simulator import RunningSimulator


def pay(client: stripe.StripeClient, token: str, **more: Any) -> stripe.PaymentIntent:
    params: Any = {"amount": 150000, "currency": "rub", "payment_method": token, "confirm": True, **more}
    params["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
    return client.v1.payment_intents.create(params)


def test_a_good_card_pays_and_the_money_waits_on_the_balance(client: stripe.StripeClient) -> None:
    intent = pay(client, "pm_card_visa", expand=["latest_charge.balance_transaction"])
    assert (intent.status, intent.amount_received) == ("succeeded", 150000)
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert charge.paid
    booked = charge.balance_transaction
    assert isinstance(booked, stripe.BalanceTransaction)
    assert (booked.amount, booked.fee, booked.net, booked.status) == (150000, 4380, 145620, "pending")
    balance = client.v1.balance.retrieve()
    assert balance.pending[0].amount == 145620
    assert balance.available[0].amount == 0


@pytest.mark.live_stripe
@pytest.mark.parametrize(
    "token, code, decline",
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
        ("pm_card_chargeCustomerFail", "card_declined", "generic_decline"),
        ("pm_card_radarBlock", "card_declined", "fraudulent"),
    ],
)
def test_a_declined_card_says_why_and_moves_no_money(
    client: stripe.StripeClient, token: str, code: str, decline: str | None
) -> None:
    with pytest.raises(stripe.CardError) as refused:
        pay(client, token)
    error = refused.value.error
    assert error is not None
    assert (refused.value.http_status, error.code, error.decline_code) == (402, code, decline)
    intent = client.v1.payment_intents.retrieve(error.payment_intent.id)  # type: ignore[union-attr]
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.code == code
    assert client.v1.charges.retrieve(str(intent.latest_charge)).status == "failed"
    assert client.v1.balance_transactions.list({"source": str(intent.latest_charge)}).data == []


@pytest.mark.live_stripe
def test_a_refund_cannot_exceed_the_charge(client: stripe.StripeClient) -> None:
    intent = pay(client, "pm_card_visa")
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 100000})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 50001})
    client.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert again.value.code == "charge_already_refunded"
    assert sum(refund.amount for refund in client.v1.refunds.list({"payment_intent": intent.id}).data) == 150000


def test_a_page_to_pay_on_leads_through_the_banks_check(
    stripe_simulator: RunningSimulator, client: stripe.StripeClient
) -> None:
    session = client.v1.checkout.sessions.create({
        "mode": "payment", "success_url": "https://site.test/done?s={CHECKOUT_SESSION_ID}", "cancel_url": "https://site.test/back", "locale": "ru",
        "line_items": [{"quantity": 1, "price_data": {"currency": "rub", "unit_amount": 200000, "product_data": {"name": "Пополнение"}}}],
        "payment_intent_data": {"metadata": {"operation": "top-up-1"}},
    })  # fmt: skip
    assert session.payment_intent is None
    assert session.url
    _, _, page = stripe_simulator.visit(session.url)
    assert "Оплатить" in page
    assert stripe_simulator.pay(session.url, "4000000000009995") == ""
    assert stripe_simulator.pay(session.url, "4000002760003184", confirm=False) == ""
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert stripe_simulator.pay(session.url, "4000002760003184") == f"https://site.test/done?s={session.id}"
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (paid.status, paid.payment_status) == ("complete", "paid")
    assert isinstance(paid.payment_intent, stripe.PaymentIntent)
    assert paid.payment_intent.metadata.to_dict() == {"operation": "top-up-1"}
    kinds = [event["type"] for event in stripe_simulator.events()]
    assert kinds[-3:] == ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def test_a_card_refused_after_the_banks_check_says_why_on_the_page(
    stripe_simulator: RunningSimulator, client: stripe.StripeClient
) -> None:
    product: Any = {"currency": "rub", "unit_amount": 150000, "product_data": {"name": "Пополнение"}}
    session = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": product}],
            "success_url": "https://site.test/",
            "locale": "ru",
        }
    )
    assert session.url
    assert "Банк отклонил карту." not in stripe_simulator.visit(session.url)[2]
    assert stripe_simulator.pay(session.url, "4000008400001629") == ""
    assert "Банк отклонил карту." in stripe_simulator.visit(session.url)[2]


def test_a_card_is_kept_and_charged_without_its_owner(
    stripe_simulator: RunningSimulator, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({"email": "a@b.test"})
    session = client.v1.checkout.sessions.create(
        {
            "mode": "setup",
            "currency": "rub",
            "customer": customer.id,
            "success_url": "https://site.test/",
            "locale": "en",
        }
    )
    assert session.url
    assert stripe_simulator.pay(session.url, "4000002500003155") == "https://site.test/"
    card = client.v1.payment_methods.list({"customer": customer.id}).data[0]
    intent = pay(client, card.id, customer=customer.id, off_session=True)
    assert intent.status == "succeeded"


def test_a_refused_card_is_not_kept_and_the_page_stays_open(
    stripe_simulator: RunningSimulator, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({})
    params: Any = {
        "mode": "setup",
        "allowed_payment_method_types": ["card"],
        "customer": customer.id,
        "success_url": "https://site.test/",
    }
    session = client.v1.checkout.sessions.create({**params, "expand": ["setup_intent.payment_method"]})
    assert session.url
    assert isinstance(session.setup_intent, stripe.SetupIntent)
    assert stripe_simulator.pay(session.url, "4000000000000002") == ""
    assert stripe_simulator.pay(session.url, "4000002500003155", confirm=False) == ""
    stands = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (stands.status, stands.payment_status) == ("open", "no_payment_required")
    assert isinstance(stands.setup_intent, stripe.SetupIntent)
    assert stands.setup_intent.status == "requires_payment_method"
    assert not client.v1.customers.payment_methods.list(customer.id).data
    assert not stripe_simulator.dump()["charge"]


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "currency"),
        ({"payment_intent_data": {"metadata": {"a": "b"}}}, "payment_intent_data"),
        ({"subscription_data": {"metadata": {"a": "b"}}}, "subscription_data"),
        ({"success_url": "no-address"}, "success_url"),
    ],
    ids=["lines", "payment", "subscription", "address"],
)
def test_a_page_that_only_keeps_a_card_takes_nothing_to_pay_for(
    client: stripe.StripeClient, wrong: Any, param: str
) -> None:
    params: Any = {
        "mode": "setup",
        "allowed_payment_method_types": ["card"],
        "success_url": "https://site.test/",
    }
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create({**params, **wrong})
    assert refused.value.param == param
    assert not client.v1.checkout.sessions.list().data


def test_the_same_key_gives_the_same_answer(client: stripe.StripeClient) -> None:
    params: Any = {"amount": 150000, "currency": "rub"}
    first, again = (client.v1.payment_intents.create(params, {"idempotency_key": "one"}) for _ in range(2))
    assert first.id == again.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create(params | {"amount": 1}, {"idempotency_key": "one"})


def test_unknown_parameters_and_wrong_keys_are_refused(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator
) -> None:
    unknown: Any = {"colour": "red"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.create(unknown)
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "colour")
    status, _, _ = stripe_simulator.request("GET", "/v1/balance", headers={"authorization": "Bearer sk_test_other"})
    assert status == 401


@pytest.mark.parametrize("mode", ["drop_before", "drop_after", "error_before", "error_after"])
def test_a_fault_hits_before_or_after_the_effect(
    stripe_simulator: RunningSimulator, client: stripe.StripeClient, mode: str
) -> None:
    stripe_simulator.fault(mode, method="POST", path="/v1/payment_intents")
    with pytest.raises(stripe.StripeError):
        client.v1.payment_intents.create({"amount": 150000, "currency": "rub"}, {"idempotency_key": "one"})
    assert len(stripe_simulator.dump()["payment_intent"]) == (1 if mode.endswith("after") else 0)
    client.v1.payment_intents.create({"amount": 150000, "currency": "rub"}, {"idempotency_key": "one"})
    assert [intent["idempotency_key"] for intent in stripe_simulator.dump()["payment_intent"]] == ["one"]
