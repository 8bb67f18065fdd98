"""Every call that moves money or time, failing before and after its effect; crashes at the seams; webhooks lost, doubled, late."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

from marketplace.accounts.models import User
from payments.events import inbox
from payments.models import Entry, ProcessorEvent, SavedCard, Subscription, SubscriptionCall, SubscriptionPayment
from payments.stripe_gateway import client as gateway
from payments.stripe_gateway.events import hint_of
from payments.subscriptions import calls, outcomes, talking
from payments.subscriptions import services as subscriptions
from payments.subscriptions.following import carry_out
from tests.payments.subscriptions.steps import Life, again, booked, jobs, subscribe, unanswered
from tests.payments.subscriptions.test_life import month

pytestmark = pytest.mark.django_db
MODES = ("error_before", "error_after", "drop_before", "drop_after", "delay", "429", "409")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A call is given up after a short while, so that a delay is one beyond the time-out."""
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.6)
    gateway._client.cache_clear()
    yield
    gateway._client.cache_clear()


def round_again(life: Life, rounds: int = 6) -> None:
    """The faults are over; the sweeps come round with their growing pauses."""
    life.simulator.clear_faults()
    for _ in range(rounds):
        life.live(minutes=7)


@pytest.mark.parametrize("mode", MODES)
def test_beginning_by_card_survives_every_fault_and_is_charged_once(life: Life, impatient: None, mode: str) -> None:
    executor = life.executor()
    card = life.card(executor)
    life.simulator.fault(mode, method="POST", path="/v1/subscriptions", count=2, seconds=1.0)
    mine = subscribe(executor, card)
    round_again(life)
    assert (again(mine).status, life.charges(), booked(), unanswered(mine)) == ("active", [149_000], 149_000, 0)


@pytest.mark.parametrize("mode", MODES)
def test_a_refund_survives_every_fault_and_is_paid_once(life: Life, impatient: None, mode: str) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    life.simulator.fault(mode, method="POST", path="/v1/refunds", count=2, seconds=1.0)
    subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    jobs()
    round_again(life)
    assert [refund["amount"] for refund in life.simulator.dump()["refund"]] == [149_000]
    assert booked("subscription_refund") == -149_000


@pytest.mark.parametrize("mode", ["error_after", "drop_after", "drop_before"])
def test_a_pause_and_its_end_survive_faults_with_the_time_kept(life: Life, mode: str) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    life.live(days=10)
    life.simulator.fault(mode, method="POST", path="/v1/subscriptions/*", count=2)
    left = again(mine).paid_until - life.clock.now()
    subscriptions.pause(subscription_id=mine.pk, by=executor)
    jobs()
    round_again(life)
    life.live(days=40)
    assert life.charges() == [149_000]
    subscriptions.resume(subscription_id=mine.pk, by=executor)
    end = life.clock.now() + left
    jobs()
    assert (again(mine).period_end, unanswered(mine)) == (end, 0)
    remote = life.client.v1.subscriptions.retrieve(mine.processor_id)
    assert remote.trial_end == int(end.timestamp())


def test_who_resumes_during_an_outage_longer_than_the_time_left_is_resumed_all_the_same(life: Life) -> None:
    """Else it stood active here and paused there, without a bill, until somebody noticed."""
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    life.live(days=20)
    subscriptions.pause(subscription_id=mine.pk, by=executor)
    jobs()
    subscriptions.resume(subscription_id=mine.pk, by=executor)
    assert unanswered(mine) == 1
    life.pass_time(days=15)  # and no job runs
    jobs()
    remote = life.client.v1.subscriptions.retrieve(mine.processor_id)
    assert (unanswered(mine), remote.pause_collection, again(mine).status) == (0, None, "active")
    life.live(days=31)
    assert life.charges() == [149_000, 149_000]
    assert (again(mine).status, booked()) == ("active", 298_000)


class Killed(BaseException):
    """The process is gone: nothing after this line runs."""


@pytest.mark.parametrize("seam", ["before the call", "after the call", "while settling"])
def test_a_crash_at_a_seam_is_finished_by_the_sweep(life: Life, seam: str, monkeypatch: pytest.MonkeyPatch) -> None:
    executor = life.executor()
    card = life.card(executor)
    real_say, real_apply = talking.say, outcomes.apply

    def dies(*args: Any, **more: Any) -> Any:
        if seam == "after the call":
            real_say(*args, **more)
        raise Killed

    with monkeypatch.context() as broken:
        if seam == "while settling":
            broken.setattr(outcomes, "apply", dies)
        else:
            broken.setattr(talking, "say", dies)
        with pytest.raises(Killed):
            subscribe(executor, card)
    assert (talking.say, outcomes.apply) == (real_say, real_apply)
    mine = Subscription.objects.get()
    life.live(minutes=2)
    assert (again(mine).status, life.charges(), booked()) == ("active", [149_000], 149_000)


def dies_while_settling(monkeypatch: pytest.MonkeyPatch, executor: User, card: SavedCard) -> None:
    """The processor has done it, and we never wrote it down."""

    def dies(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(outcomes, "apply", dies)
        with pytest.raises(Killed):
            subscribe(executor, card)


@pytest.mark.books_differ
def test_control_with_a_new_key_each_time_a_crash_would_charge_twice(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = itertools.count()
    real = talking._begin_card
    monkeypatch.setattr(talking, "_begin_card", lambda call, key: real(call, f"{key}:{next(fresh)}"))
    executor = life.executor()
    card = life.card(executor)
    dies_while_settling(monkeypatch, executor, card)
    life.pass_time(minutes=2)
    calls.sweep_calls()
    assert life.charges() == [149_000, 149_000]


def test_a_key_older_than_a_day_is_looked_up_and_not_repeated(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    executor = life.executor()
    card = life.card(executor)
    dies_while_settling(monkeypatch, executor, card)
    life.live(hours=26)
    mine = Subscription.objects.get()
    assert (mine.status, life.charges(), SubscriptionCall.objects.get().status) == ("active", [149_000], "done")


def storm(life: Life, seed: int) -> None:
    """Everything that happened, in a wild order, each hint one to five times."""
    dice = random.Random(seed)
    events = [event for event in life.simulator.events() for _ in range(dice.randint(1, 5))]
    dice.shuffle(events)
    for event in events:
        inbox.receive(hint_of(event))
        if dice.random() < 0.3:
            inbox.handle_due()
    inbox.handle_due()


@pytest.mark.parametrize("seed", range(3))
def test_hints_in_any_order_and_number_come_to_the_same_end(life: Life, seed: int) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    life.pass_time(days=month(life.start).days, hours=2)
    storm(life, seed)
    assert (again(mine).status, booked()) == ("active", 298_000)
    assert Entry.objects.filter(kind="subscription").count() == SubscriptionPayment.objects.count() == 2
    storm(life, seed + 100)
    assert booked() == 298_000


def test_without_any_webhook_the_poller_finds_it(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor)
    life.simulator.pay(mine.action_url)
    assert again(mine).status == "pending"
    inbox.poll()
    inbox.handle_due()
    assert again(mine).status == "active"
    assert ProcessorEvent.objects.exists()


def test_without_webhooks_and_poller_the_sweep_finds_it(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor)
    life.simulator.pay(mine.action_url)
    life.live(minutes=2)
    assert again(mine).status == "active"


def test_a_silent_processor_leaves_what_is_paid_in_force_and_ends_what_is_over(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    subscriptions.cancel(subscription_id=mine.pk, by=executor)
    jobs()
    life.pass_time(days=month(life.start).days, hours=2)
    life.simulator.fault("drop_before", path="/v1/*", count=500)
    jobs()
    assert again(mine).status == "ended"
    round_again(life, 2)
    assert carry_out(subscription_id=mine.pk).status == "ended"
