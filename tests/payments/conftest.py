"""After every test that moves money at the simulator the books are compared: processor, intents, journal, people."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test.utils import override_settings

from marketplace.accounts.models import User
from payments.events.inbox import handle_due, poll
from payments.intents.services import sweep
from payments.ledger.reconciliation import mismatches
from payments.reconciliation.checks import compare_with_processor
from payments.reconciliation.lines import copy_lines
from tests.payments.factories import person
from tests.simulator import Simulator


@pytest.fixture
def simulator(stripe_simulator: Simulator, settings: Any) -> Iterator[Simulator]:
    """Card payments switched on, against the running simulator."""
    settings.STRIPE_SECRET_KEY = stripe_simulator.key
    settings.STRIPE_API_BASE = stripe_simulator.base
    yield stripe_simulator
    stripe_simulator.clear_faults()


@pytest.fixture(autouse=True)
def _the_books_agree(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that damages the books on purpose is marked `books_differ`."""
    data = request.node.get_closest_marker("django_db")
    if data is None or "stripe_simulator" not in request.fixturenames:
        yield
        return
    # Asked for here, so that both are still there when the books are read.
    running: Simulator = request.getfixturevalue("stripe_simulator")
    request.getfixturevalue("transactional_db" if data.kwargs.get("transaction") else "db")
    yield
    if request.node.get_closest_marker("books_differ") is None:
        running.clear_faults()
        with override_settings(STRIPE_SECRET_KEY=running.key, STRIPE_API_BASE=running.base):
            assert differences() == []


def differences() -> list[str]:
    """What does not agree once everything that is known to have happened was followed."""
    for _again in range(2):
        poll()
        handle_due()
        sweep()
    copy_lines(all_of_them=True)
    found = [*mismatches(), *compare_with_processor()]
    return [f"{one.check}: {one.subject}: {one.detail}" for one in found if one.check != "each response was charged"]


@pytest.fixture
def andrey(db: None) -> User:
    """Somebody with a wallet."""
    return person()
