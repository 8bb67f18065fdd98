"""Webhooks: signed so that the official client believes them, tried again, and befallen by every fault of a network."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

from tests.simulator import WEBHOOK_SECRET, RunningSimulator


class Listener:
    """A site that takes deliveries, and can refuse the first few."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.refuse = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                listener.taken.append((body, self.headers["Stripe-Signature"]))
                refused = len(listener.taken) <= listener.refuse
                self.send_response(503 if refused else 200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def wait(self, count: int) -> list[stripe.Event]:
        until(lambda: len(self.taken) >= count)
        return [stripe.Webhook.construct_event(body, signature, WEBHOOK_SECRET) for body, signature in self.taken]


def until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def listener(stripe_simulator: RunningSimulator) -> Iterator[Listener]:
    made = Listener()
    stripe_simulator.webhook(made.url)
    stripe_simulator.settings(retry_pace=0.02)
    yield made
    made.server.shutdown()
    made.server.server_close()


def new_customer(client: stripe.StripeClient) -> str:
    return client.v1.customers.create({"email": "a@b.test"}).id


def test_a_delivery_carries_a_signature_that_the_client_accepts(
    client: stripe.StripeClient, listener: Listener
) -> None:
    customer = new_customer(client)
    event = listener.wait(1)[0]
    assert (event.type, event.data.object["id"]) == ("customer.created", customer)
    body, signature = listener.taken[0]
    for other in ("whsec_other", ""):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body, signature, other)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body.replace("customer", "customer2"), signature, WEBHOOK_SECRET)


def test_a_refused_delivery_is_tried_again(
    client: stripe.StripeClient, listener: Listener, stripe_simulator: RunningSimulator
) -> None:
    listener.refuse = 3
    new_customer(client)
    events = listener.wait(4)
    assert len({event.id for event in events}) == 1
    until(lambda: stripe_simulator.dump()["deliveries"][0]["state"] == "delivered")
    delivered = stripe_simulator.dump()["deliveries"]
    assert [(row["state"], row["attempts"]) for row in delivered] == [("delivered", 4)]
    assert client.v1.events.retrieve(events[0].id).pending_webhooks == 0


def test_a_duplicated_delivery_comes_twice(
    client: stripe.StripeClient, listener: Listener, stripe_simulator: RunningSimulator
) -> None:
    stripe_simulator.fault("webhook_duplicate", types="customer.*", times=3)
    new_customer(client)
    assert len({event.id for event in listener.wait(3)}) == 1


def test_a_lost_delivery_never_comes_but_the_event_can_be_read(
    client: stripe.StripeClient, listener: Listener, stripe_simulator: RunningSimulator
) -> None:
    stripe_simulator.fault("webhook_lose", types="customer.created", count=1)
    lost = new_customer(client)
    found = new_customer(client)
    assert [event.data.object["id"] for event in listener.wait(1)] == [found]
    assert {event.data.object["id"] for event in client.v1.events.list({"type": "customer.created"}).data} == {
        lost,
        found,
    }


def test_late_and_reordered_deliveries_are_overtaken(
    client: stripe.StripeClient, listener: Listener, stripe_simulator: RunningSimulator
) -> None:
    stripe_simulator.fault("webhook_late", types="customer.created", count=1, seconds=0.5)
    late, early = new_customer(client), new_customer(client)
    assert [event.data.object["id"] for event in listener.wait(2)] == [early, late]


def test_an_endpoint_hears_only_what_it_asked_for(
    client: stripe.StripeClient, stripe_simulator: RunningSimulator
) -> None:
    endpoint = client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["product.created"]})
    assert str(endpoint.secret).startswith("whsec_")
    new_customer(client)
    client.v1.products.create({"name": "Ремонт"})
    assert [row["endpoint"] for row in stripe_simulator.dump()["deliveries"]] == [endpoint.id]
