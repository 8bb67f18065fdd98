"""Each answer has every field that is never null in the official client's types, no field that they do not know, and the right kinds."""

import json
from typing import Any

import pytest
import stripe

from tests.contracts import stripe_client as known
from tests.simulator import RunningSimulator

SITE = "https://site.test/"
LISTS = (
    "/v1/accounts", "/v1/balance_transactions", "/v1/charges", "/v1/checkout/sessions", "/v1/customers", "/v1/disputes", "/v1/events",
    "/v1/invoice_payments", "/v1/invoiceitems", "/v1/invoices", "/v1/payment_intents", "/v1/payment_methods", "/v1/payouts", "/v1/prices",
    "/v1/products", "/v1/refunds", "/v1/setup_intents", "/v1/subscriptions?status=all", "/v1/test_helpers/test_clocks", "/v1/transfers",
    "/v1/webhook_endpoints",
)  # fmt: skip
EXPANDED = (
    "/v1/charges?expand[]=data.balance_transaction&expand[]=data.refunds&expand[]=data.customer",
    "/v1/payment_intents?expand[]=data.latest_charge.balance_transaction&expand[]=data.payment_method",
    "/v1/checkout/sessions?expand[]=data.line_items&expand[]=data.payment_intent&expand[]=data.subscription.latest_invoice",
    "/v1/invoices?expand[]=data.payments&expand[]=data.customer", "/v1/subscriptions?status=all&expand[]=data.default_payment_method",
    "/v1/transfers?expand[]=data.destination&expand[]=data.source_transaction",
)  # fmt: skip


class Everything:
    """A little of all that the simulator can do, through the client."""

    def __init__(self, simulator: RunningSimulator) -> None:
        self.simulator = simulator
        self.client = simulator.client()
        self.cards()
        self.pages()
        self.executor = self.connect()
        self.subscriptions()

    def pay(self, token: str, **more: Any) -> stripe.PaymentIntent:
        params: Any = {
            "amount": 150000,
            "currency": "rub",
            "payment_method": token,
            "confirm": True,
            "return_url": SITE,
            **more,
        }
        return self.client.v1.payment_intents.create(params)

    def cards(self) -> None:
        v1 = self.client.v1
        v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
        paid = self.pay("pm_card_visa")
        v1.refunds.create({"payment_intent": paid.id, "amount": 1000, "metadata": {"a": "b"}})
        self.pay("pm_card_authenticationRequired")
        held = self.pay("pm_card_visa", capture_method="manual")
        v1.payment_intents.capture(held.id, {"amount_to_capture": 100000})
        v1.payment_intents.cancel(self.pay("pm_card_visa", capture_method="manual").id)
        with pytest.raises(stripe.CardError):
            self.pay("pm_card_chargeDeclined")
        disputed = self.pay("pm_card_createDispute")
        v1.disputes.close(v1.disputes.list({"payment_intent": disputed.id}).data[0].id)
        for token in ("pm_card_visa", "pm_card_authenticationRequired"):
            customer = v1.customers.create({"email": "a@b.test"})
            v1.setup_intents.create(
                {"customer": customer.id, "payment_method": token, "confirm": True, "return_url": SITE}
            )

    def pages(self) -> None:
        customer = self.client.v1.customers.create({"name": "Иван"}).id
        price: Any = {"currency": "rub", "unit_amount": 50000, "product_data": {"name": "Пополнение"}}
        common: Any = {"success_url": SITE, "customer": customer}
        for kind in (
            {"mode": "payment", "line_items": [{"quantity": 1, "price_data": price}]},
            {"mode": "setup", "currency": "rub"},
            {
                "mode": "subscription",
                "line_items": [{"quantity": 1, "price_data": {**price, "recurring": {"interval": "month"}}}],
            },
        ):
            params: Any = {**common, **kind}
            session = self.client.v1.checkout.sessions.create(params)
            assert self.simulator.pay(str(session.url))
        session = self.client.v1.checkout.sessions.create({**common, "mode": "setup", "currency": "rub"})
        self.client.v1.checkout.sessions.expire(session.id)

    def connect(self) -> str:
        v1 = self.client.v1
        wanted: Any = {
            "controller": {"stripe_dashboard": {"type": "express"}},
            "country": "RU",
            "capabilities": {"transfers": {"requested": True}},
        }
        account = v1.accounts.create(wanted).id
        v1.accounts.create({"type": "standard", "country": "DE"})
        link = v1.account_links.create(
            {"account": account, "type": "account_onboarding", "return_url": SITE, "refresh_url": SITE}
        )
        self.simulator.onboard(link.url)
        charge = str(self.pay("pm_card_bypassPending").latest_charge)
        transfer = v1.transfers.create(
            {"amount": 100000, "currency": "rub", "destination": account, "source_transaction": charge}
        )
        v1.transfers.reversals.create(transfer.id, {"amount": 1000})
        there: Any = {"stripe_account": account}
        v1.payouts.create({"amount": 5000, "currency": "rub"}, there)
        self.simulator.fail_payout(v1.payouts.create({"amount": 6000, "currency": "rub"}, there).id)
        self.simulator.advance(days=1)
        return account

    def subscriptions(self) -> None:
        v1 = self.client.v1
        clock = v1.test_helpers.test_clocks.create({"frozen_time": 1_790_000_000}).id
        made: Any = {
            "email": "s@b.test",
            "payment_method": "pm_card_visa",
            "invoice_settings": {"default_payment_method": "pm_card_visa"},
            "test_clock": clock,
        }
        customer = v1.customers.create(made).id
        price = v1.prices.create(
            {
                "currency": "rub",
                "unit_amount": 99000,
                "recurring": {"interval": "month"},
                "product_data": {"name": "Подписка"},
            }
        ).id
        subscription = v1.subscriptions.create({"customer": customer, "items": [{"price": price}]})
        v1.subscriptions.create({"customer": customer, "items": [{"price": price}], "trial_period_days": 5})
        v1.invoice_items.create({"customer": customer, "amount": 700, "currency": "rub", "description": "Разовое"})
        bad = v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer}).id
        v1.test_helpers.test_clocks.advance(clock, {"frozen_time": 1_790_000_000 + 40 * 86400})
        v1.subscriptions.update(
            subscription.id, {"default_payment_method": bad, "pause_collection": {"behavior": "void"}}
        )
        v1.test_helpers.test_clocks.advance(clock, {"frozen_time": 1_790_000_000 + 80 * 86400})
        v1.subscriptions.cancel(subscription.id)
        invoice = v1.invoices.create({"customer": customer, "currency": "rub"}).id
        v1.invoice_items.create({"customer": customer, "invoice": invoice, "pricing": {"price": self.once()}})
        v1.invoices.finalize_invoice(invoice)
        v1.invoices.void_invoice(invoice)

    def once(self) -> str:
        return self.client.v1.prices.create(
            {"currency": "rub", "unit_amount": 7000, "product_data": {"name": "Разовое"}}
        ).id

    def read(self, path: str, account: str = "") -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.simulator.key}", **({"stripe-account": account} if account else {})}
        status, _, text = self.simulator.request("GET", path, headers=headers)
        assert status == 200, text
        found: dict[str, Any] = json.loads(text)
        return found


@pytest.fixture(scope="module")
def everything(_stripe_simulator: RunningSimulator) -> Everything:
    _stripe_simulator.reset()
    return Everything(_stripe_simulator)


def checked(answer: dict[str, Any]) -> list[str]:
    kind = known.resources()[answer["object"]]
    return known.object_problems(answer, kind, answer["object"])


@pytest.mark.parametrize("path", LISTS + EXPANDED)
def test_lists_and_what_is_in_them(everything: Everything, path: str) -> None:
    answer = everything.read(path + ("&" if "?" in path else "?") + "limit=100")
    accounts = everything.read(path + ("&" if "?" in path else "?") + "limit=100", everything.executor)["data"]
    assert answer["data"] or accounts, "nothing to check"
    assert (answer["object"], answer["url"]) == ("list", path.partition("?")[0])
    assert sorted({problem for item in [*answer["data"], *accounts] for problem in checked(item)}) == []


def test_single_objects(everything: Everything) -> None:
    transfer = everything.read("/v1/transfers")["data"][0]["id"]
    paths = ["/v1/balance", "/v1/account", f"/v1/accounts/{everything.executor}", f"/v1/transfers/{transfer}/reversals"]
    answers = [everything.read(path) for path in paths]
    answers[-1:] = answers[-1]["data"]
    link = everything.client.v1.accounts.login_links.create(everything.executor)
    assert known.object_problems(link.to_dict(), stripe.LoginLink, "login_link") == []
    assert [problem for answer in answers for problem in checked(answer)] == []


def test_every_event_carries_a_whole_object_of_its_kind(everything: Everything) -> None:
    events = everything.simulator.events()
    assert len({event["type"] for event in events}) > 40
    assert (
        sorted({f"{event['type']}: {problem}" for event in events for problem in checked(event["data"]["object"])})
        == []
    )


def test_the_types_of_events_are_stripes(everything: Everything) -> None:
    known_types = set(known.nested_words(stripe.Event.__annotations__["type"]))
    assert {event["type"] for event in everything.simulator.events()} - known_types == set()


def test_errors_have_the_fields_of_the_clients_error_object(everything: Everything) -> None:
    with pytest.raises(stripe.CardError) as refused:
        everything.pay("pm_card_chargeDeclinedInsufficientFunds")
    body = refused.value.json_body
    assert isinstance(body, dict)
    assert set(body["error"]) - set(stripe.ErrorObject.__annotations__) == set()
    assert body["error"]["type"] == "card_error"


def test_the_check_itself_finds_a_missing_an_unknown_and_a_wrong_field(everything: Everything) -> None:
    charge = everything.read("/v1/charges")["data"][0]
    assert checked(charge) == []
    assert checked({name: value for name, value in charge.items() if name != "paid"}) == ["charge: no paid"]
    assert checked(charge | {"colour": 1}) == ["charge: colour is unknown to Stripe"]
    assert checked(charge | {"amount": "1"}) == ["charge.amount: '1' is not <class 'int'>"]
