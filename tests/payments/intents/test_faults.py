"""The processor misbehaves in every way it can, at every call that moves money: the money moves once, or not at all."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from marketplace.accounts.models import User
from payments import selectors
from payments.intents import services as engine
from payments.models import Intent
from payments.stripe_gateway import client as connection
from tests.conftest import Clock
from tests.payments.intents.flows import FLOWS, Flow
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db

FAULTS: dict[str, dict[str, Any]] = {
    "error before": {"mode": "error_before"},
    "error after": {"mode": "error_after"},
    "error after, kept under the key": {"mode": "error_after", "kept": True},
    "dropped before": {"mode": "drop_before"},
    "dropped after": {"mode": "drop_after"},
    "later than we wait": {"mode": "delay", "seconds": 0.6},
    "too many requests": {"mode": "429"},
    "the same key at work": {"mode": "409"},
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same client, waiting for less."""
    monkeypatch.setattr(connection, "TIMEOUT_SECONDS", 0.25)
    monkeypatch.setattr(connection, "RETRIES", 0)
    connection._client.cache_clear()
    yield
    connection._client.cache_clear()


def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "TIMEOUT_SECONDS", 10)
    connection._client.cache_clear()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_under_every_fault_the_money_moves_once(
    simulator: Simulator, andrey: User, clock: Clock, monkeypatch: pytest.MonkeyPatch, flow: Flow, fault: str
) -> None:
    patient(monkeypatch)
    intent = flow.begin(simulator, andrey)
    before_it = selectors.wallet_balance(andrey.pk).minor
    monkeypatch.setattr(connection, "TIMEOUT_SECONDS", 0.25)
    connection._client.cache_clear()
    simulator.fault(method="POST", path=flow.path, count=2, **FAULTS[fault])
    for _try in range(3):
        engine.perform(intent_id=intent.pk)
        clock.advance(seconds=40)
    simulator.clear_faults()
    patient(monkeypatch)
    if "seconds" in FAULTS[fault]:
        time.sleep(2 * FAULTS[fault]["seconds"])  # the late ones are still at work, under our key
    engine.sweep()
    flow.finish(simulator, intent)
    clock.advance(seconds=60)
    engine.sweep()
    intent.refresh_from_db()
    assert intent.status == "settled"
    assert len(flow.at_processor(simulator, intent)) == 1
    assert flow.booked(intent) == 1
    assert selectors.wallet_balance(andrey.pk).minor == before_it + flow.moves


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_while_the_processor_is_away_nothing_is_thought_failed(
    simulator: Simulator, andrey: User, clock: Clock, monkeypatch: pytest.MonkeyPatch, flow: Flow
) -> None:
    patient(monkeypatch)
    intent = flow.begin(simulator, andrey)
    simulator.fault("drop_before", path="*", count=-1)
    for _hour in range(3):
        engine.sweep()
        clock.advance(hours=1)
    assert Intent.objects.get(pk=intent.pk).status == "created"
    simulator.clear_faults()
    engine.sweep()
    flow.finish(simulator, intent)
    clock.advance(minutes=11)
    engine.sweep()
    assert Intent.objects.get(pk=intent.pk).status == "settled"
