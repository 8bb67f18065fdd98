"""Real threads on real connections: twenty clicks, rival sweepers, a storm of events. One charge, one state."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import selectors, services
from payments.events.inbox import handle_due, poll, receive
from payments.intents import services as engine
from payments.intents.states import STEPS
from payments.jobs import poll_events
from payments.models import Entry, Intent, ProcessorEvent
from payments.stripe_gateway import payments as gateway
from payments.stripe_gateway.events import EventHint
from payments.topups import booking
from tests.payments.factories import person
from tests.payments.intents.flows import FLOWS, SUM, Flow
from tests.payments.topups.steps import begin_page, by_page, keep_card
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def andrey(transactional_db: None) -> User:
    return person()


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    def run(job: Callable[[], Any]) -> Any:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def click(user_id: int, card_id: int, operation: str) -> str:
    intent = services.top_up(user_id=user_id, amount=SUM, operation=operation, card_id=card_id)
    return str(services.carry_out(intent_id=intent.pk).status)


def test_twenty_identical_clicks_are_one_charge(simulator: Simulator, andrey: User) -> None:
    card = keep_card(simulator, andrey)
    answers = at_once([lambda: click(andrey.pk, card.pk, "the-same-click")] * 20)
    assert set(answers) <= {"created", "settled"}
    assert Intent.objects.filter(kind="top_up_card").count() == 1
    assert [row["amount"] for row in simulator.dump()["charge"]].count(SUM.minor) == 1
    assert selectors.wallet_balance(andrey.pk) == SUM + Money(10_000)


def test_twenty_clicks_in_the_browser_open_one_page(simulator: Simulator, andrey: User) -> None:
    form = {"operation": uuid4().hex, "preset": "100000", "other": "", "card": "new", "back": ""}
    sums = [str(value.minor) for value in selectors.presets(user_id=andrey.pk, city_id=None, at=datetime.now(UTC))]
    form["preset"] = sums[-1]

    def press() -> int:
        browser = Client()
        browser.force_login(andrey)
        return int(browser.post("/wallet/top-up/", form).status_code)

    assert set(at_once([press] * 20)) == {302}
    assert len(simulator.dump()["checkout.session"]) == 1


@pytest.mark.books_differ
def test_control_without_operation_and_claim_the_clicks_charge_more_than_once(
    simulator: Simulator, andrey: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = keep_card(simulator, andrey)
    keyed = gateway.charge_saved_card
    monkeypatch.setattr(gateway, "charge_saved_card", lambda **call: keyed(**{**call, "key": uuid4().hex}))
    monkeypatch.setattr(engine, "_claim", lambda intent_id: Intent.objects.get(pk=intent_id))
    at_once([lambda: click(andrey.pk, card.pk, "the-same-click")] * 5)
    assert [row["amount"] for row in simulator.dump()["charge"]].count(SUM.minor) > 1


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_ten_sweepers_finish_an_intent_once(simulator: Simulator, andrey: User, flow: Flow) -> None:
    intent = flow.begin(simulator, andrey)
    before_it = selectors.wallet_balance(andrey.pk).minor
    at_once([lambda: engine.perform(intent_id=intent.pk)] * 5)
    flow.finish(simulator, intent)
    at_once([lambda: engine.look_again(intent_id=intent.pk)] * 10)
    assert Intent.objects.get(pk=intent.pk).status == "settled"
    assert (len(flow.at_processor(simulator, intent)), flow.booked(intent)) == (1, 1)
    assert selectors.wallet_balance(andrey.pk).minor == before_it + flow.moves


def everything_happens(simulator: Simulator) -> User:
    """A declined try and a paid page, a kept card charged, a return, a chargeback: no event has been followed yet."""
    someone = person()
    with unfollowed():
        view = begin_page(someone, Money(300_000), keep_card=True)
        simulator.pay(view.action_url, "4000000000009995")
        simulator.pay(view.action_url)
        services.see_how_it_stands(user_id=someone.pk, intent_id=view.id)
        other = begin_page(someone, Money(50_000))
        simulator.pay(other.action_url)
        intent = services.return_top_up(
            user_id=someone.pk, top_up_id=view.id, amount=Money(40_000), operation=uuid4().hex
        )
        services.carry_out(intent_id=intent.pk)
        charge = next(row for row in simulator.dump()["charge"] if row["amount"] == 50_000)
        simulator.decide(simulator.dispute(charge["id"]), won=False)
    return someone


@contextmanager
def unfollowed() -> Any:
    yield
    ProcessorEvent.objects.all().delete()


def hints(simulator: Simulator) -> list[EventHint]:
    return [
        EventHint(row["id"], row["type"], row["data"]["object"].get("id", ""), "", datetime.fromtimestamp(row["created"], UTC))
        for row in simulator.events()
    ]  # fmt: skip


def storm(simulator: Simulator, seed: int) -> None:
    """Every event one to five times, in any order, while four workers follow them."""
    chance = random.Random(seed)
    deliveries = [hint for hint in hints(simulator) for _i in range(chance.randint(1, 5))]
    chance.shuffle(deliveries)
    quarters = [deliveries[i::4] for i in range(4)]

    def worker(mine: list[EventHint]) -> None:
        for hint in mine:
            receive(hint)
            if chance.random() < 0.3:
                handle_due(limit=3)
        handle_due()

    at_once([lambda mine=mine: worker(mine) for mine in quarters])
    handle_due()


def state_of(someone: User) -> tuple[Any, ...]:
    intents = Intent.objects.filter(user=someone).order_by("pk").values_list("kind", "status")
    entries = Entry.objects.filter(postings__account__owner=someone).order_by("kind").values_list("kind", flat=True)
    return (selectors.wallet_balance(someone.pk), selectors.debt_of(someone.pk), [*intents], sorted(entries))


@pytest.mark.parametrize("seed", range(6))
def test_a_storm_of_events_ends_in_one_state(simulator: Simulator, andrey: User, seed: int) -> None:
    someone = everything_happens(simulator)
    storm(simulator, seed)
    balance, debt, intents, entries = state_of(someone)
    assert {status for _kind, status in intents} == {"settled"}
    assert entries == ["chargeback", "top_up", "top_up", "top_up_refund"]
    assert (balance, debt) == (Money(260_000), Money(0))
    assert not ProcessorEvent.objects.filter(handled_at=None).exists()


@pytest.mark.books_differ
def test_control_without_the_state_and_the_entrys_key_a_storm_books_twice(
    simulator: Simulator, andrey: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "STEPS", {name: frozenset(Intent.Status.values) for name in STEPS})
    real = booking.book
    monkeypatch.setattr(booking, "book", lambda **entry: real(**{**entry, "operation": uuid4().hex}))
    view = begin_page(andrey, Money(50_000))
    simulator.pay(view.action_url)
    intent = Intent.objects.get(pk=view.id)
    at_once([lambda: engine._settle(intent.pk, engine.handler_of(intent.kind), _seen(intent))] * 4)
    assert selectors.wallet_balance(andrey.pk) > Money(50_000)


def _seen(intent: Intent) -> Any:
    return engine.handler_of(intent.kind).look_up(intent)


def test_without_any_delivery_the_poller_finds_what_happened(simulator: Simulator, andrey: User) -> None:
    view = begin_page(andrey, SUM)
    simulator.pay(view.action_url)
    poll_events()
    assert Intent.objects.get(pk=view.id).status == "settled"


def test_events_three_days_late_change_nothing(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, SUM)
    late = hints(simulator)
    simulator.advance(days=3)
    for hint in late:
        receive(hint)
    handle_due()
    assert selectors.wallet_balance(andrey.pk) == SUM
    assert Entry.objects.filter(operation=f"intent:{view.id}").count() == 1


def test_an_event_that_cannot_be_followed_now_is_followed_later(simulator: Simulator, andrey: User, clock: Any) -> None:
    view = begin_page(andrey, SUM)
    simulator.pay(view.action_url)
    poll()
    simulator.fault("error_before", path="/v1/*", count=-1)
    handle_due()
    assert ProcessorEvent.objects.filter(handled_at=None).exists()
    simulator.clear_faults()
    clock.advance(minutes=2)
    handle_due()
    assert not ProcessorEvent.objects.filter(handled_at=None).exists()
    assert Intent.objects.get(pk=view.id).status == "settled"
