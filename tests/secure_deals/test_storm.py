"""Every event of deals, their disputes and executors' accounts, one to five times, in any order, to four workers at once."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from marketplace.kit.money import Money
from payments import selectors
from payments import services as payments
from payments.events.inbox import handle_due, receive
from payments.models import Chargeback, Entry, Intent, Payout, ProcessorEvent, SecureDeal
from payments.stripe_gateway.events import EventHint
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)


def paid_unseen(simulator: Simulator) -> SecureDeal:
    """Paid on the processor's page by somebody who never came back; nothing of it was heard here."""
    deal = steps.opened(steps.response())
    intent = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
    simulator.pay(intent.details["action_url"])
    return deal


def everything_happens(simulator: Simulator) -> dict[str, int]:
    """One deal paid out to the bank, one paid, one that the bank took back and keeps, one that it gave back."""
    done = steps.held(simulator)
    steps.account(simulator, done.executor)
    life.accept(life.finish(done))
    steps.settle()
    simulator.advance(days=10)
    paid, lost, won = (paid_unseen(simulator) for _deal in range(3))
    charges = {row["metadata"].get("operation", ""): row["id"] for row in simulator.dump()["charge"]}
    for deal, wins in ((lost, False), (won, True)):
        simulator.decide(simulator.dispute(charges[f"deal:{deal.pk}:pay:1"]), won=wins)
    ProcessorEvent.objects.all().delete()
    return {"done": steps.money_of(done).pk, "paid": paid.pk, "lost": lost.pk, "won": won.pk}


def at_once(jobs: list[Callable[[], Any]]) -> None:
    def run(job: Callable[[], Any]) -> Any:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(run, jobs))


def storm(simulator: Simulator, seed: int, clock: Clock) -> None:
    chance = random.Random(seed)
    hints = [
        EventHint(
            row["id"], row["type"], row["data"]["object"].get("id", ""), row.get("account") or "",
            datetime.fromtimestamp(row["created"], UTC),
        )
        for row in simulator.events() for _again in range(chance.randint(1, 5))
    ]  # fmt: skip
    chance.shuffle(hints)

    def worker(mine: list[EventHint]) -> None:
        for hint in mine:
            receive(hint)
            if chance.random() < 0.3:
                handle_due(limit=3)
        handle_due()

    at_once([lambda mine=hints[i::4]: worker(mine) for i in range(4)])  # type: ignore[misc]
    for _later in range(3):
        clock.advance(minutes=2)
        handle_due()


@pytest.mark.parametrize("seed", range(3))
def test_a_storm_of_events_leaves_each_deal_in_its_one_state(simulator: Simulator, clock: Clock, seed: int) -> None:
    numbers = everything_happens(simulator)
    storm(simulator, seed, clock)
    states = {name: SecureDeal.objects.get(pk=pk).status for name, pk in numbers.items()}
    assert states == {"done": "settled", "paid": "held", "lost": "charged_back", "won": "held"}
    assert {row.status for row in Intent.objects.filter(subject__startswith="deal:")} == {"settled"}
    assert sorted(Chargeback.objects.values_list("status", flat=True)) == ["lost", "won"]
    assert Entry.objects.filter(kind="deal_payment").count() == 4
    assert steps.books()["held_deals"] == 2 * 230_000
    customers = SecureDeal.objects.values_list("customer_id", flat=True)
    assert {selectors.debt_of(pk) for pk in customers} == {Money(0)}
    assert Payout.objects.filter(status="paid").count() == len(simulator.dump()["payout"])
    assert not ProcessorEvent.objects.filter(handled_at=None).exists()
