"""A process may die between any two lines: then the sweeper finishes, and the money moves once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from marketplace.accounts.models import User
from marketplace.kit import states
from payments import selectors
from payments.intents import services as engine
from payments.intents.handlers import handler_of
from payments.models import Intent
from payments.stripe_gateway import payments as gateway
from tests.conftest import Clock
from tests.payments.intents.flows import FLOWS, Flow
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Nothing of ours catches it, as nothing catches a kill."""


def before(target: Any, name: str) -> Callable[[pytest.MonkeyPatch, Intent], None]:
    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    return lambda patch, intent: patch.setattr(target, name, die)


def after(target: Any, name: str) -> Callable[[pytest.MonkeyPatch, Intent], None]:
    real = getattr(target, name)

    def finish_and_die(*args: object, **kwargs: object) -> None:
        real(*args, **kwargs)
        raise Killed

    return lambda patch, intent: patch.setattr(target, name, finish_and_die)


def in_handler(name: str, *, late: bool) -> Callable[[pytest.MonkeyPatch, Intent], None]:
    def put(patch: pytest.MonkeyPatch, intent: Intent) -> None:
        handler = type(handler_of(intent.kind))
        (after if late else before)(handler, name)(patch, intent)

    return put


SEAMS = {
    "before the claim": before(engine, "_claim"),
    "after the claim": after(engine, "_claim"),
    "before the call": in_handler("call", late=False),
    "after the call": in_handler("call", late=True),
    "before the second transaction": before(engine, "_settle"),
    "before the entry": in_handler("book", late=False),
    "after the entry": in_handler("book", late=True),
    "before the step": before(states, "step"),
    "after the step": after(states, "step"),
    "before what follows": in_handler("after", late=False),
    "after what follows": in_handler("after", late=True),
    "after the second transaction": after(engine, "_settle"),
}


@contextmanager
def dying(seam: str, intent: Intent) -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        SEAMS[seam](patch, intent)
        yield patch


def carry_out(simulator: Simulator, intent: Intent) -> None:
    try:
        engine.perform(intent_id=intent.pk)
    except Killed:
        pass


def later(clock: Clock) -> None:
    """The lease of the dead one runs out, and sweeps go by."""
    for _i in range(2):
        clock.advance(seconds=engine.LEASE.total_seconds() + 60)
        engine.sweep()


@pytest.mark.parametrize("seam", SEAMS)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_killed_in_any_seam_the_money_moves_once(
    simulator: Simulator, andrey: User, clock: Clock, flow: Flow, seam: str
) -> None:
    intent = flow.begin(simulator, andrey)
    before_it = selectors.wallet_balance(andrey.pk).minor
    with dying(seam, intent):
        carry_out(simulator, intent)
    clock.advance(seconds=engine.LEASE.total_seconds() + 1)
    flow.finish(simulator, intent)
    with dying(seam, intent):  # a page is killed once more, when it was paid
        if flow.name == "page":
            carry_out(simulator, intent)
    later(clock)
    intent.refresh_from_db()
    assert intent.status == "settled"
    assert len(flow.at_processor(simulator, intent)) == 1
    assert flow.booked(intent) == 1
    assert selectors.wallet_balance(andrey.pk).minor == before_it + flow.moves


@pytest.mark.books_differ
def test_control_without_the_key_a_crash_charges_twice(
    simulator: Simulator, andrey: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = FLOWS[1]
    intent = flow.begin(simulator, andrey)
    keyed = gateway.charge_saved_card
    monkeypatch.setattr(gateway, "charge_saved_card", lambda **call: keyed(**{**call, "key": uuid4().hex}))
    with dying("after the call", intent):
        carry_out(simulator, intent)
    later(clock)
    assert len(flow.at_processor(simulator, intent)) == 2


def test_a_key_older_than_a_day_is_looked_up_and_not_sent_again(
    simulator: Simulator, andrey: User, clock: Clock
) -> None:
    flow = FLOWS[1]
    intent = flow.begin(simulator, andrey)
    with dying("after the call", intent):
        carry_out(simulator, intent)
    clock.advance(hours=25)
    simulator.advance(hours=25)
    engine.sweep()
    intent.refresh_from_db()
    assert intent.status == "settled"
    assert len(flow.at_processor(simulator, intent)) == 1


@pytest.mark.books_differ
def test_control_a_key_sent_again_after_a_day_charges_twice(
    simulator: Simulator, andrey: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = FLOWS[1]
    intent = flow.begin(simulator, andrey)
    with dying("after the call", intent):
        carry_out(simulator, intent)
    clock.advance(hours=25)
    simulator.advance(hours=25)
    monkeypatch.setattr(engine, "KEY_HOLDS", engine.KEY_HOLDS * 100)
    engine.sweep()
    assert len(flow.at_processor(simulator, intent)) == 2


def test_what_never_reached_the_processor_is_failed_after_a_day_and_not_tried_again(
    simulator: Simulator, andrey: User, clock: Clock
) -> None:
    flow = FLOWS[1]
    intent = flow.begin(simulator, andrey)
    with dying("before the call", intent):
        carry_out(simulator, intent)
    clock.advance(hours=25)
    simulator.advance(hours=25)
    engine.sweep()
    intent.refresh_from_db()
    assert (intent.status, intent.refusal_code) == ("failed", "never_reached")
    assert flow.at_processor(simulator, intent) == []
