"""The life of a subscription, moved by a test clock and by the simulator's own time."""

import time
from typing import Any

import pytest
import stripe

from tests.simulator import RunningSimulator

DAY = 86400
START = 1_790_000_000  # 2026-09-21


class World:
    """A customer with a card, a monthly price, and a clock that moves."""

    def __init__(self, client: stripe.StripeClient, *, clock: bool = True) -> None:
        self.client = client
        self.now = START
        self.clock = client.v1.test_helpers.test_clocks.create({"frozen_time": START}).id if clock else ""
        self.customer = client.v1.customers.create(
            {"email": "a@b.test", **({"test_clock": self.clock} if clock else {})}
        ).id
        self.card = self.keep("pm_card_visa")
        product = client.v1.products.create({"name": "Ремонт, Казань"})
        self.price = self.new_price(product.id, 99000)
        self.product = product.id

    def new_price(self, product: str, amount: int) -> str:
        params: Any = {"product": product, "unit_amount": amount, "currency": "rub", "recurring": {"interval": "month"}}
        return self.client.v1.prices.create(params).id

    def keep(self, token: str) -> str:
        return self.client.v1.payment_methods.attach(token, {"customer": self.customer}).id

    def subscribe(self, **more: Any) -> stripe.Subscription:
        params: Any = {
            "customer": self.customer,
            "items": [{"price": self.price}],
            "default_payment_method": self.card,
            **more,
        }
        return self.client.v1.subscriptions.create(params)

    def advance(self, days: float) -> None:
        self.now += int(days * DAY)
        clocks = self.client.v1.test_helpers.test_clocks
        clocks.advance(self.clock, {"frozen_time": self.now})
        while clocks.retrieve(self.clock).status == "advancing":
            time.sleep(1)

    def again(self, subscription: stripe.Subscription) -> stripe.Subscription:
        return self.client.v1.subscriptions.retrieve(subscription.id)

    def invoices(self, subscription: stripe.Subscription) -> list[stripe.Invoice]:
        return list(reversed(self.client.v1.invoices.list({"subscription": subscription.id}).data))


@pytest.fixture
def world(client: stripe.StripeClient) -> World:
    return World(client)


def period(subscription: stripe.Subscription) -> tuple[int, int]:
    item = subscription["items"]["data"][0]
    return item["current_period_start"], item["current_period_end"]


def test_a_subscription_is_paid_and_renews_every_month(world: World, stripe_simulator: RunningSimulator) -> None:
    subscription = world.subscribe(metadata={"city": "kazan"}, expand=["latest_invoice.payments"])
    assert subscription.status == "active"
    invoice = subscription.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert (invoice.status, invoice.amount_paid, invoice.billing_reason) == ("paid", 99000, "subscription_create")
    assert invoice.parent is not None
    assert invoice.parent.subscription_details is not None
    assert invoice.parent.subscription_details.subscription == subscription.id
    assert invoice.payments is not None
    assert invoice.payments.data[0].payment.payment_intent
    assert period(subscription) == (START, START + 30 * DAY)
    world.advance(30)
    drafted = world.invoices(subscription)[-1]
    assert (drafted.status, drafted.billing_reason) == ("draft", "subscription_cycle")
    world.advance(62)
    assert [(invoice.status, invoice.amount_paid) for invoice in world.invoices(subscription)] == [("paid", 99000)] * 4
    assert period(world.again(subscription))[0] == START + 91 * DAY
    assert len(stripe_simulator.dump()["charge"]) == 4


def test_a_trial_costs_nothing_until_it_ends(world: World, stripe_simulator: RunningSimulator) -> None:
    subscription = world.subscribe(trial_end=START + DAY)
    assert subscription.status == "trialing"
    assert [invoice.total for invoice in world.invoices(subscription)] == [0]
    assert stripe_simulator.dump()["charge"] == []
    world.advance(1.1)
    assert world.again(subscription).status == "active"
    assert [invoice.amount_paid for invoice in world.invoices(subscription)] == [0, 99000]
    assert stripe_simulator.events("customer.subscription.trial_will_end")


@pytest.mark.live_stripe
def test_a_failed_renewal_is_tried_again_and_then_paid(world: World) -> None:
    subscription = world.subscribe(
        trial_end=START + DAY, default_payment_method=world.keep("pm_card_chargeCustomerFail")
    )
    world.advance(1.1)
    owing = world.again(subscription)
    assert owing.status == "past_due"
    invoice = world.invoices(subscription)[-1]
    assert (invoice.status, invoice.attempt_count) == ("open", 1)
    assert invoice.next_payment_attempt is not None
    world.client.v1.subscriptions.update(subscription.id, {"default_payment_method": world.card})
    world.advance(1.1)
    assert world.again(subscription).status == "active"
    assert world.invoices(subscription)[-1].status == "paid"


def test_a_renewal_that_never_succeeds_ends_the_subscription(world: World, stripe_simulator: RunningSimulator) -> None:
    subscription = world.subscribe(
        trial_end=START + DAY, default_payment_method=world.keep("pm_card_chargeCustomerFail")
    )
    world.advance(20)
    ended = world.again(subscription)
    assert ended.status == "canceled"
    assert ended.cancellation_details is not None
    assert ended.cancellation_details.reason == "payment_failed"
    assert world.invoices(subscription)[-1].attempt_count == 5
    assert len(stripe_simulator.events("invoice.payment_failed")) == 5
    assert stripe_simulator.events("customer.subscription.deleted")
    world.advance(60)
    assert len(world.invoices(subscription)) == 2


@pytest.mark.live_stripe
def test_leaving_at_the_end_of_the_period_can_be_taken_back(world: World) -> None:
    subscription = world.subscribe()
    update = world.client.v1.subscriptions.update
    leaving = update(subscription.id, {"cancel_at_period_end": True})
    assert (leaving.status, leaving.cancel_at) == ("active", START + 30 * DAY)
    staying = update(subscription.id, {"cancel_at_period_end": False})
    assert (staying.cancel_at_period_end, staying.cancel_at, staying.canceled_at) == (False, None, None)
    update(subscription.id, {"cancel_at_period_end": True})
    world.advance(31)
    assert world.again(subscription).status == "canceled"
    assert len(world.invoices(subscription)) == 1


@pytest.mark.live_stripe
def test_a_pause_voids_what_it_would_have_cost(world: World) -> None:
    subscription = world.subscribe()
    world.client.v1.subscriptions.update(subscription.id, {"pause_collection": {"behavior": "void"}})
    world.advance(31)
    assert world.again(subscription).status == "active"
    assert world.invoices(subscription)[-1].status == "void"
    world.client.v1.subscriptions.update(subscription.id, {"pause_collection": ""})
    world.advance(31)
    assert world.invoices(subscription)[-1].status == "paid"


def test_time_can_be_kept_by_moving_the_end_of_the_trial(world: World, stripe_simulator: RunningSimulator) -> None:
    subscription = world.subscribe()
    world.advance(10)
    moved: Any = {"trial_end": START + 50 * DAY, "proration_behavior": "none"}
    kept = world.client.v1.subscriptions.update(subscription.id, moved)
    assert (kept.status, period(kept)[1]) == ("trialing", START + 50 * DAY)
    world.advance(41)
    assert world.again(subscription).status == "active"
    assert [charge["amount"] for charge in stripe_simulator.dump()["charge"]] == [99000, 99000]


@pytest.mark.live_stripe
def test_a_new_price_counts_from_the_next_period(world: World) -> None:
    subscription = world.subscribe()
    item = subscription["items"]["data"][0]["id"]
    params: Any = {
        "items": [{"id": item, "price": world.new_price(world.product, 120000)}],
        "proration_behavior": "none",
    }
    world.client.v1.subscriptions.update(subscription.id, params)
    world.advance(31)
    assert [invoice.amount_paid for invoice in world.invoices(subscription)] == [99000, 120000]


def test_a_card_that_asks_for_the_bank_waits_for_its_owner(world: World, stripe_simulator: RunningSimulator) -> None:
    card = world.keep("pm_card_authenticationRequired")
    subscription = world.subscribe(default_payment_method=card, expand=["latest_invoice"])
    assert subscription.status == "incomplete"
    invoice = subscription.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert invoice.hosted_invoice_url
    assert "Pay" in stripe_simulator.visit(invoice.hosted_invoice_url)[2]
    assert stripe_simulator.pay(invoice.hosted_invoice_url, card=card).endswith(
        invoice.hosted_invoice_url.partition("/i/")[2]
    )
    assert world.again(subscription).status == "active"
    assert world.invoices(subscription)[0].status == "paid"


@pytest.mark.live_stripe
def test_a_subscription_that_is_never_paid_for_expires(world: World) -> None:
    subscription = world.subscribe(default_payment_method=world.keep("pm_card_chargeCustomerFail"))
    assert subscription.status == "incomplete"
    world.advance(1)
    assert world.again(subscription).status == "incomplete_expired"
    assert world.invoices(subscription)[0].status == "void"


def test_renewal_by_real_time_needs_no_test_clock(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator
) -> None:
    world = World(client, clock=False)
    subscription = world.subscribe()
    stripe_simulator.advance(days=31.1)
    assert [invoice.status for invoice in world.invoices(subscription)] == ["paid", "paid"]


@pytest.mark.parametrize("number", ["4242424242424242", "4000002760003184"])
@pytest.mark.parametrize("trial", [0, 7])
def test_the_hosted_page_begins_a_subscription(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator, number: str, trial: int
) -> None:
    world = World(client, clock=False)
    data: Any = {"metadata": {"city": "kazan"}, **({"trial_period_days": trial} if trial else {})}
    session = client.v1.checkout.sessions.create({
        "mode": "subscription", "customer": world.customer, "line_items": [{"price": world.price, "quantity": 1}], "subscription_data": data,
        "success_url": "https://site.test/done", "locale": "ru",
    })  # fmt: skip
    assert session.url
    assert stripe_simulator.pay(session.url, "4000000000000002") == ""
    assert stripe_simulator.pay(session.url, number) == "https://site.test/done"
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (done.status, done.payment_status) == ("complete", "no_payment_required" if trial else "paid")
    subscription = done.subscription
    assert isinstance(subscription, stripe.Subscription)
    assert subscription.status == ("trialing" if trial else "active")
    assert subscription.metadata.to_dict() == {"city": "kazan"}
    charges = [charge for charge in stripe_simulator.dump()["charge"] if charge["paid"]]
    assert len(charges) == (0 if trial else 1)
