"""A visitor of the demo lets time pass: for every process, at the simulated processor too, and nowhere but in the demo."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from frontend.demo import passing
from marketplace.accounts.models import ExecutorProfile, User
from marketplace.kit import clock, jobs
from marketplace.kit.clock import now
from marketplace.kit.demo_clock import LOOK_EVERY, DemoClock, demo_clock, install
from marketplace.notifications.models import Notification
from payments import services as payments
from payments.events.inbox import handle_due, poll
from payments.models import ProcessorCustomer, SavedCard, Subscription
from payments.subscriptions import services as subscriptions
from tasks_app.tracking.jobs import make_days
from tasks_app.tracking.partitions import partition_days
from tests.conftest import ROOT
from tests.payments.factories import person, tariff
from tests.payments.subscriptions.steps import again, subscribe
from tests.payments.subscriptions.steps import jobs as sweep
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db
NEAR = timedelta(seconds=30)


@pytest.fixture
def demo(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Demo mode with a clock of its own; the jobs that would be sent out of turn."""
    settings.DEMO, settings.DEMO_CLOCK_FILE = True, str(tmp_path / "demo" / "clock")
    sent: list[str] = []
    monkeypatch.setattr(jobs, "_send", lambda name, args, countdown=None: sent.append(name))
    install()
    yield sent
    clock.use_source(None)


@pytest.fixture
def cards(stripe_simulator: Simulator, settings: Any) -> Simulator:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = stripe_simulator.key, stripe_simulator.base
    return stripe_simulator


def ahead() -> timedelta:
    return now() - datetime.now(UTC)


def press(client: Client, period: str) -> None:
    assert client.post("/demo/time/", {"period": period}).headers["Location"] == "/demo/#time"


def test_a_day_passes_here_elsewhere_and_at_the_processor(client: Client, demo: list[str], cards: Simulator) -> None:
    press(client, "day")
    assert abs(ahead() - timedelta(days=1)) < NEAR
    assert abs(cards.control("GET", "health")["now"] - now().timestamp()) < NEAR.seconds
    seen = subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); from marketplace.kit.clock import now; print(now().isoformat())"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "marketplace.settings", "DEMO": "1", "DEMO_CLOCK_FILE": str(demo_clock()._file)},
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert abs(datetime.fromisoformat(seen.stdout.strip()) - now()) < timedelta(minutes=5)


def test_periods_add_up_and_a_process_that_looked_before_sees_it_a_second_later(
    client: Client, demo: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    beat = [100.0]
    monkeypatch.setattr("marketplace.kit.demo_clock.time.monotonic", lambda: beat[0])
    other = DemoClock(demo_clock()._file)
    assert other.passed() == timedelta()
    press(client, "three-days")
    press(client, "day")
    assert (demo_clock().passed(), other.passed()) == (timedelta(days=4), timedelta())
    beat[0] += LOOK_EVERY
    assert other.passed() == timedelta(days=4)


def test_what_a_library_dated_by_the_machine_is_read_by_the_demos_clock(demo: list[str]) -> None:
    before = datetime.now(UTC) - timedelta(minutes=5)
    demo_clock().advance(timedelta(days=3))
    after = datetime.now(UTC) + timedelta(minutes=5)
    assert clock.of_machine(before) == before
    assert clock.of_machine(after) == after + timedelta(days=3)
    demo_clock()._file.write_text("86400\n", encoding="ascii")  # as an earlier release wrote it
    assert DemoClock(demo_clock()._file).of_machine(before) == before + timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(datetime(2026, 12, 22, 9, tzinfo=UTC), datetime(2027, 1, 22, 11, tzinfo=UTC), id="over-the-year"),
        pytest.param(
            datetime(2027, 1, 31, 9, tzinfo=UTC), datetime(2027, 2, 28, 11, tzinfo=UTC), id="to-a-short-month"
        ),
    ],
)
def test_a_month_is_the_calendars_and_the_hours_in_which_cards_are_charged(start: datetime, end: datetime) -> None:
    assert start + passing.PERIODS["month"][1](start) == end


def test_the_rare_jobs_are_sent_at_once_and_positions_have_their_days(client: Client, demo: list[str]) -> None:
    press(client, "month")
    assert {"tasks_app.tracking.make_days", "payments.age_secure_deals", "trust.reveal_due_reviews"} <= set(demo)
    assert not {"fraud.retrain", "payments.handle_events"} & set(demo)
    make_days()
    assert now().date() in partition_days()


def test_the_page_says_what_time_it_is_and_offers_more(client: Client, demo: list[str]) -> None:
    assert "впереди календаря" not in client.get("/demo/").content.decode()
    press(client, "three-days")
    page = client.get("/demo/").content.decode()
    assert "на 3 дня впереди календаря" in page
    assert all(words in page for words in ("Прошёл день", "Прошло три дня", "Прошёл месяц"))
    assert "3 days ahead" in client.get("/en/demo/").content.decode()


def test_outside_the_demo_no_time_passes(client: Client, demo: list[str], cards: Simulator, settings: Any) -> None:
    settings.DEMO = False
    assert client.post("/demo/time/", {"period": "day"}).status_code == 404
    nothing_passed(cards)


@pytest.mark.parametrize("period", ["", "year"])
def test_only_the_offered_periods_pass(client: Client, demo: list[str], cards: Simulator, period: str) -> None:
    assert client.post("/demo/time/", {"period": period}).status_code == 404
    assert client.get("/demo/time/").status_code == 405
    nothing_passed(cards)


def test_another_site_cannot_let_it_pass(demo: list[str], cards: Simulator) -> None:
    assert Client(enforce_csrf_checks=True).post("/demo/time/", {"period": "day"}).status_code == 403
    nothing_passed(cards)


def test_stripes_own_time_is_left_alone(client: Client, demo: list[str], settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_own", ""
    assert client.post("/demo/time/", {"period": "day"}).status_code == 404
    assert "в самом Stripe" in client.get("/demo/").content.decode()
    assert abs(ahead()) < NEAR


def test_without_the_simulators_answer_nothing_passes(client: Client, demo: list[str], settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_simulator", "http://127.0.0.1:9"
    assert client.post("/demo/time/", {"period": "day"}).status_code == 503
    assert (abs(ahead()) < NEAR, demo) == (True, [])


def test_a_simulator_left_behind_catches_up(client: Client, demo: list[str], cards: Simulator) -> None:
    demo_clock().advance(timedelta(days=5))
    press(client, "day")
    assert abs(cards.control("GET", "health")["now"] - now().timestamp()) < NEAR.seconds


def nothing_passed(cards: Simulator) -> None:
    assert abs(ahead()) < NEAR
    assert abs(cards.control("GET", "health")["now"] - now().timestamp()) < NEAR.seconds


def subscriber(cards: Simulator) -> tuple[User, Subscription]:
    """A verified executor without a free day, with a month paid by a card that works."""
    tariff(12_000)
    executor = person()
    ExecutorProfile.objects.create(user=executor, verification="verified", verified_at=now())
    trial = payments.start_trial(user_id=executor.pk)
    type(trial).objects.update(started_at=now() - timedelta(days=9), ends_at=now() - timedelta(days=8))
    return executor, subscribe(executor, keep_card(cards, executor, "pm_card_visa"))


def keep_card(cards: Simulator, owner: User, kind: str) -> SavedCard:
    """The site's customers live by the simulator's own time, without a test clock."""
    client = cards.client()
    if not ProcessorCustomer.objects.filter(user=owner).exists():
        ProcessorCustomer.objects.create(user=owner, processor_id=client.v1.customers.create().id)
    customer = ProcessorCustomer.objects.get(user=owner).processor_id
    kept = client.v1.payment_methods.attach(kind, {"customer": customer})
    return SavedCard.objects.create(
        user=owner, processor_id=kept.id, brand="visa", last4=kept.card.last4, exp_month=12, exp_year=2034
    )


def the_jobs_come() -> None:
    """A minute of the beat."""
    for _round in range(2):
        poll()
        handle_due()
        sweep()


def news(kind: str) -> int:
    return Notification.objects.filter(kind=f"subscription_{kind}").count()


def test_a_subscription_renews_by_the_demos_clock(client: Client, demo: list[str], cards: Simulator) -> None:
    _executor, mine = subscriber(cards)
    first = mine.period_end
    assert first is not None
    press(client, "month")
    the_jobs_come()
    mine = again(mine)
    assert mine.status == "active"
    assert mine.period_end is not None
    assert mine.period_end > first


def test_a_card_that_stopped_paying_owes_the_month_has_its_grace_and_ends(
    client: Client, demo: list[str], cards: Simulator
) -> None:
    executor, mine = subscriber(cards)
    subscriptions.change_card(
        subscription_id=mine.pk, by=executor, card=keep_card(cards, executor, "pm_card_chargeCustomerFail")
    )
    the_jobs_come()
    press(client, "month")
    the_jobs_come()
    mine = again(mine)
    assert (mine.status, news("unpaid")) == ("past_due", 1)
    assert mine.grace_until is not None
    assert mine.grace_until > now()
    for _day in range(2):
        press(client, "day")
        the_jobs_come()
    assert (again(mine).status, news("grace_ends")) == ("past_due", 1)
    press(client, "day")
    the_jobs_come()
    assert (again(mine).status, again(mine).end_reason, news("ended_unpaid")) == ("ended", "unpaid", 1)
