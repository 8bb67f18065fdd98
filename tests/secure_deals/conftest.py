"""Card payments switched on, against the running simulator."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator import Simulator


@pytest.fixture
def simulator(stripe_simulator: Simulator, settings: Any) -> Iterator[Simulator]:
    settings.STRIPE_SECRET_KEY = stripe_simulator.key
    settings.STRIPE_API_BASE = stripe_simulator.base
    yield stripe_simulator
    stripe_simulator.clear_faults()
