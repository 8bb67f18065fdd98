"""A verified executor, a tariff with a month, the running simulator and a test clock that moves together with ours."""

import pytest

from tests.conftest import Clock
from tests.payments.factories import tariff
from tests.payments.subscriptions.steps import Life
from tests.simulator import Simulator


@pytest.fixture
def life(request: pytest.FixtureRequest, simulator: Simulator, clock: Clock) -> Life:
    """The books are compared with the processor's after every test (tests/payments/conftest.py)."""
    transactional = "transactional_db" in request.fixturenames
    request.getfixturevalue("transactional_db" if transactional else "db")
    tariff(12_000)
    return Life(simulator, clock)
