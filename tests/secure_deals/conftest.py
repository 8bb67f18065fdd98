"""Card payments switched on, against the running simulator; after each test the four-way count is equal."""

from collections.abc import Iterator
from typing import Any

import pytest

from payments.ledger.reconciliation import mismatches
from payments.reconciliation.lines import copy_lines
from tests.simulator import Simulator


@pytest.fixture
def simulator(
    db: None, request: pytest.FixtureRequest, stripe_simulator: Simulator, settings: Any
) -> Iterator[Simulator]:
    """A control does damage on purpose: its count is not asked."""
    settings.STRIPE_SECRET_KEY = stripe_simulator.key
    settings.STRIPE_API_BASE = stripe_simulator.base
    yield stripe_simulator
    stripe_simulator.clear_faults()
    if "control" not in request.node.name and request.node.get_closest_marker("books_differ") is None:
        copy_lines(all_of_them=True)
        assert list(mismatches()) == []
