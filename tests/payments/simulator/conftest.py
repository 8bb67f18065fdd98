"""The official client, pointed at the simulator."""

import pytest
import stripe

from tests.simulator import RunningSimulator


@pytest.fixture
def client(stripe_simulator: RunningSimulator) -> stripe.StripeClient:
    return stripe_simulator.client()
