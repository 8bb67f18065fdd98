"""What is known besides positions is read from rows, whole, and as it was known at the moment: what comes later changes
nothing."""

from datetime import timedelta

import pytest

from fraud import services
from fraud.evidence.recompute_deal import recompute_deal
from fraud.features.context import COLUMNS
from fraud.models import Score
from fraud.scoring.context import context_of
from marketplace.accounts.models import User
from marketplace.chat import services as chat
from tasks_app import selectors as tasks
from tasks_app import services as tasks_services
from tasks_app.models import Assignment, Cancellation
from tests.conftest import Clock
from tests.fraud.tracks import DAY
from tests.journeys import steps

NOON = DAY - timedelta(hours=12)
CALLED_OFF = DAY + timedelta(hours=13.2)


def written(deal: Assignment, by: User, text: str, number: int) -> None:
    thread = chat.open_thread(response_id=deal.response_id, by=deal.customer)
    chat.send_message(thread_id=thread.pk, by=by, text=text, client_id=f"c-{number}")


@pytest.fixture
def deal(db: None, clock: Clock) -> Assignment:
    """These two have one accepted deal and one cancelled; now another, with a contact in the chat before the choice."""
    clock.freeze(NOON - timedelta(days=9))
    executor, customer = steps.executor(), steps.customer()
    steps.finished(steps.post_task(by=customer), by=executor)
    steps.cancel(steps.assigned(steps.post_task(by=customer), by=executor))
    clock.freeze(NOON - timedelta(hours=1))
    response = steps.respond(steps.post_task(by=customer), by=executor)
    thread = chat.open_thread(response_id=response.pk, by=customer)
    chat.send_message(thread_id=thread.pk, by=executor, text="Мой номер +7 916 123-45-67", client_id="c-0")
    clock.freeze(NOON)
    chosen = steps.choose(response)
    Assignment.objects.filter(pk=chosen.pk).update(
        window_start=DAY + timedelta(hours=14), window_end=DAY + timedelta(hours=17)
    )
    chosen.refresh_from_db()
    return chosen


def known(cancellation: Cancellation, *, hours: float) -> dict[str, float]:
    """As the live path reads it; one statement over the rows says the same."""
    as_of = DAY + timedelta(hours=hours)
    told = context_of(tasks.cancelled_assignment(cancellation.pk), as_of=as_of)
    sql = recompute_deal(cancellation_id=cancellation.pk, as_of=as_of)
    assert {name: sql[name] for name in COLUMNS if sql[name] is not None} == pytest.approx(told)
    return told


def test_every_column_is_known_from_rows(deal: Assignment, clock: Clock) -> None:
    clock.freeze(CALLED_OFF)
    cancellation = steps.cancel(deal, reason="agreed")
    told = known(cancellation, hours=17)
    assert set(told) == set(COLUMNS)
    assert told == pytest.approx({
        "by_customer": 1, "reason_vague": 1, "reason_no_show": 0, "price_minor": 230_000, "fee_minor": 12_000,
        "pair_deals": 2, "pair_cancellations": 1, "executor_cancel_share": 2 / 12, "customer_cancel_share": 2 / 12,
        "contacts_in_chat": 1, "silent_after": 1, "reposted": 0, "other_job_near": 0,
    })  # fmt: skip


def test_each_column_follows_its_row(deal: Assignment, clock: Clock) -> None:
    clock.freeze(DAY + timedelta(hours=9))
    written(deal, deal.customer, "Ждём вас в два часа", 1)
    near = steps.assigned(steps.post_task(), by=deal.executor)
    window = {"window_start": deal.window_start, "window_end": deal.window_end}
    Assignment.objects.filter(pk=near.pk).update(**window)
    clock.freeze(CALLED_OFF)
    cancellation = steps.cancel(deal, by=deal.executor, reason="no_access")
    clock.advance(hours=1)
    steps.post_task(by=deal.customer)
    told = known(cancellation, hours=17)
    assert (told["by_customer"], told["reason_vague"], told["reason_no_show"]) == (0, 0, 1)
    assert (told["silent_after"], told["reposted"], told["other_job_near"]) == (0, 1, 1)
    assert told["executor_cancel_share"] == pytest.approx(2 / 13)


def test_what_comes_later_changes_no_column(deal: Assignment, clock: Clock) -> None:
    clock.freeze(DAY + timedelta(hours=9))
    near = steps.assigned(steps.post_task(), by=deal.executor)
    Assignment.objects.filter(pk=near.pk).update(window_start=deal.window_start, window_end=deal.window_end)
    clock.freeze(CALLED_OFF)
    cancellation = steps.cancel(deal, reason="agreed")
    before = known(cancellation, hours=17)

    clock.freeze(DAY + timedelta(hours=17.5))
    steps.cancel(near)
    steps.cancel(steps.assigned(steps.post_task(by=deal.customer), by=deal.executor))
    again = steps.assigned(steps.post_task(), by=deal.executor)
    Assignment.objects.filter(pk=again.pk).update(window_start=deal.window_start, window_end=deal.window_end)
    tasks_services.answer_cancellation(
        cancellation_id=cancellation.pk, by=deal.executor, reason="no_access", at_fault="customer"
    )
    written(deal, deal.customer, "Спасибо, всё получилось", 2)
    assert known(cancellation, hours=17) == before
    later = known(cancellation, hours=19)
    assert (later["reposted"], later["silent_after"]) == (1, 0), "the same rows do count once their time has come"


def test_without_a_conversation_silence_is_unknown(db: None, clock: Clock) -> None:
    clock.freeze(NOON)
    cancellation = steps.cancel(steps.assigned())
    told = known(cancellation, hours=17)
    assert "silent_after" not in told
    assert told["contacts_in_chat"] == 0
    assert told["customer_cancel_share"] == pytest.approx(0.1)


def test_the_live_score_keeps_them_for_learning(deal: Assignment, clock: Clock) -> None:
    clock.freeze(CALLED_OFF)
    cancellation = steps.cancel(deal)
    services.collect_due_evidence()
    measures = Score.objects.get(cancellation=cancellation, moment="cancellation", role="shadow").measures
    assert set(COLUMNS) <= set(measures)
