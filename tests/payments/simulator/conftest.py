"""The official client, pointed at the simulator; or at Stripe itself, for the tests marked `live_stripe` (`make test-live-stripe`)."""

import os
from uuid import uuid4

import pytest
import stripe


@pytest.fixture
def client(request: pytest.FixtureRequest) -> stripe.StripeClient:
    key = os.environ.get("STRIPE_TEST_KEY", "")
    if key and request.node.get_closest_marker("live_stripe"):
        assert key.startswith("sk_test_"), "these tests pay with test cards: give a test key"
        return stripe.StripeClient(key)
    found: stripe.StripeClient = request.getfixturevalue("stripe_simulator").client()
    return found


@pytest.fixture
def key() -> stripe.RequestOptions:
    """An idempotency key that nobody used before."""
    return {"idempotency_key": str(uuid4())}
