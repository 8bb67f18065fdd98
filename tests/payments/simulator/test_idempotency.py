"""Idempotency as documented: the first answer is kept, errors included; what was refused before it ran is not."""

import threading
import time
from typing import Any

import pytest
import stripe

from tests.simulator import RunningSimulator

PAID: Any = {
    "amount": 150000,
    "currency": "rub",
    "confirm": True,
    "payment_method": "pm_card_visa",
    "return_url": "https://site.test/",
}


def test_the_first_answer_comes_back_and_nothing_happens_twice(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator, key: stripe.RequestOptions
) -> None:
    first, again = (client.v1.payment_intents.create(PAID, key) for _ in range(2))
    assert first.to_dict() == again.to_dict()
    assert again.last_response is not None
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert len(stripe_simulator.dump()["charge"]) == 1


def test_a_decline_is_kept_too(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator, key: stripe.RequestOptions
) -> None:
    declined = PAID | {"payment_method": "pm_card_chargeDeclined"}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.create(declined, key)
    assert len(stripe_simulator.dump()["charge"]) == 1


@pytest.mark.live_stripe
def test_what_is_refused_before_it_runs_is_not_kept(client: stripe.StripeClient, key: stripe.RequestOptions) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create(PAID | {"colour": "red"}, key)
    assert client.v1.payment_intents.create(PAID, key).status == "succeeded"


@pytest.mark.live_stripe
def test_a_refusal_after_it_ran_is_kept(client: stripe.StripeClient, key: stripe.RequestOptions) -> None:
    """The refund was too large when it was asked for; the same key keeps saying so."""
    intent = client.v1.payment_intents.create(PAID)
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.refunds.create({"payment_intent": intent.id, "amount": 150001}, key)
    assert refused.value.headers is not None
    assert refused.value.headers["idempotent-replayed"] == "true"


@pytest.mark.live_stripe
def test_a_key_belongs_to_one_endpoint_and_one_set_of_parameters(
    client: stripe.StripeClient, key: stripe.RequestOptions
) -> None:
    client.v1.payment_intents.create(PAID, key)
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        client.v1.payment_intents.create(PAID | {"amount": 150001}, key)
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.customers.create({}, key)


def test_a_key_is_forgotten_after_a_day(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator, key: stripe.RequestOptions
) -> None:
    first = client.v1.payment_intents.create(PAID, key)
    stripe_simulator.advance(hours=23)
    assert client.v1.payment_intents.create(PAID, key).id == first.id
    stripe_simulator.advance(hours=1.1)
    assert client.v1.payment_intents.create(PAID, key).id != first.id


def test_a_second_request_while_the_first_runs_is_a_conflict(
    stripe_simulator: RunningSimulator, key: stripe.RequestOptions
) -> None:
    stripe_simulator.fault("delay", path="/v1/payment_intents", seconds=0.6)
    slow = threading.Thread(target=lambda: stripe_simulator.client().v1.payment_intents.create(PAID, key))
    slow.start()
    time.sleep(0.25)
    with pytest.raises(stripe.StripeError) as conflict:
        stripe_simulator.client().v1.payment_intents.create(PAID, key)
    assert conflict.value.http_status == 409
    slow.join()
    assert len(stripe_simulator.dump()["charge"]) == 1


@pytest.mark.parametrize("mode", ["drop_before", "drop_after", "error_before", "error_after", "429"])
def test_a_key_makes_any_fault_safe_to_repeat(
    stripe_simulator: RunningSimulator, mode: str, key: stripe.RequestOptions
) -> None:
    client = stripe_simulator.client()
    stripe_simulator.fault(mode, method="POST", path="/v1/payment_intents")
    with pytest.raises(stripe.StripeError):
        client.v1.payment_intents.create(PAID, key)
    assert client.v1.payment_intents.create(PAID, key).status == "succeeded"
    assert [(charge["amount"], charge["idempotency_key"]) for charge in stripe_simulator.dump()["charge"]] == [
        (150000, key["idempotency_key"])
    ]


def test_without_a_key_the_same_fault_charges_twice(stripe_simulator: RunningSimulator) -> None:
    """The control: it is the key that protects, not the simulator."""
    client = stripe_simulator.client()
    headers = {"authorization": f"Bearer {stripe_simulator.key}"}
    body = "amount=150000&currency=rub&confirm=true&payment_method=pm_card_visa&return_url=https://site.test/"
    stripe_simulator.fault("error_after", path="/v1/payment_intents")
    statuses = [stripe_simulator.request("POST", "/v1/payment_intents", body, headers)[0] for _ in range(2)]
    assert statuses == [500, 200]
    assert len(client.v1.charges.list().data) == 2


def test_a_kept_500_stays_a_500_as_stripe_documents(
    stripe_simulator: RunningSimulator, key: stripe.RequestOptions
) -> None:
    client = stripe_simulator.client()
    stripe_simulator.fault("error_after", path="/v1/payment_intents", kept=True)
    for _ in range(3):
        with pytest.raises(stripe.APIError):
            client.v1.payment_intents.create(PAID, key)
    assert len(stripe_simulator.dump()["charge"]) == 1
