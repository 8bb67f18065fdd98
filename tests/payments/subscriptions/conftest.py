"""A verified executor, a tariff with a month, the running simulator and a test clock that moves together with ours."""

from collections.abc import Iterator
from typing import Any

import pytest

from payments.ledger.reconciliation import mismatches
from payments.reconciliation.lines import copy_lines
from tests.conftest import Clock
from tests.payments.factories import tariff
from tests.payments.subscriptions.steps import Life
from tests.simulator import Simulator


@pytest.fixture
def simulator(stripe_simulator: Simulator, settings: Any) -> Iterator[Simulator]:
    settings.STRIPE_SECRET_KEY = stripe_simulator.key
    settings.STRIPE_API_BASE = stripe_simulator.base
    yield stripe_simulator
    stripe_simulator.clear_faults()


@pytest.fixture
def life(request: pytest.FixtureRequest, simulator: Simulator, clock: Clock) -> Iterator[Life]:
    """Whatever happened, our books, the processor's and what people were given agree at the end."""
    transactional = "transactional_db" in request.fixturenames
    request.getfixturevalue("transactional_db" if transactional else "db")
    tariff(12_000)
    made = Life(simulator, clock)
    yield made
    simulator.clear_faults()
    copy_lines(all_of_them=True)
    found = [mismatch for mismatch in mismatches() if "response" not in mismatch.check]
    assert bool(found) == made.books_differ, found
