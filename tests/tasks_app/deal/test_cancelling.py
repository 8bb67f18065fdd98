"""A deal is cancelled: who may, who is at fault, and what becomes of the fee; the preview and the act agree."""

from datetime import timedelta
from typing import Any

import pytest

from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, NotFound, PolicyDenied
from marketplace.kit.money import Money
from payments.fees.selectors import ChargeView
from payments.selectors import charge_for, wallet_balance
from tasks_app import hooks, selectors, services
from tasks_app.assignments.fees import FeeOutcome, cancellation_preview
from tasks_app.assignments.reasons import reasons_of
from tasks_app.assignments.windows import refund_moment
from tasks_app.models import Assignment, Cancellation
from tests.journeys import steps

pytestmark = pytest.mark.django_db
FULL, PAID = Money(100_000), Money(88_000)


def charge(deal: Assignment) -> ChargeView:
    found = charge_for(deal.response_id)
    assert found is not None
    return found


def nothing_was_cancelled(deal: Assignment, status: str = "assigned") -> bool:
    deal = Assignment.objects.select_related("task").get(pk=deal.pk)
    return not Cancellation.objects.exists() and deal.status == status and charge(deal).status == "charged"


@pytest.mark.parametrize("side", ["customer", "executor"])
@pytest.mark.parametrize("stage", ["assigned", "on_the_way", "started"])
def test_either_side_may_cancel_at_each_stage_before_done(side: str, stage: str) -> None:
    deal = steps.assigned()
    if stage == "on_the_way":
        steps.set_off(deal)
    elif stage == "started":
        steps.start(deal)
    cancellation = steps.cancel(deal, by=getattr(deal, side))
    deal = Assignment.objects.select_related("task", "response").get(pk=deal.pk)
    assert (deal.status, deal.task.status, deal.response.status) == ("cancelled", "cancelled", "closed")
    assert (cancellation.by_side, cancellation.stage, cancellation.fault) == (side, stage, "unknown")
    assert charge(deal).status == "refund_pending"


def test_a_dispute_is_not_ended_by_the_one_it_is_about() -> None:
    deal = steps.dispute(steps.finish(steps.assigned()))
    with pytest.raises(PolicyDenied) as refused:
        steps.cancel(deal, by=deal.executor)
    assert refused.value.code == "dispute_stands"
    assert nothing_was_cancelled(deal, "disputed")
    assert (steps.cancel(deal, by=deal.customer).by_side, charge(deal).status) == ("customer", "refund_pending")


@pytest.mark.parametrize(("side", "reason"), [("executor", "cannot_come"), ("customer", "executor_no_show")])
def test_who_has_begun_has_come(side: str, reason: str) -> None:
    deal = steps.assigned()
    steps.start(deal)
    with pytest.raises(InvalidInput):
        steps.cancel(deal, by=getattr(deal, side), reason=reason)
    assert nothing_was_cancelled(deal, "started")
    other = {"executor": deal.customer, "customer": deal.executor}[side]
    cancellation = steps.cancel(deal, by=other)
    with pytest.raises(InvalidInput):
        services.answer_cancellation(
            cancellation_id=cancellation.pk, by=getattr(deal, side), reason=reason, at_fault="nobody"
        )


@pytest.mark.parametrize("done", [True, False])
def test_what_is_done_or_accepted_is_not_cancelled(done: bool) -> None:
    deal = steps.finish(steps.assigned())
    if not done:
        deal = steps.accept(deal)
    with pytest.raises(PolicyDenied):
        steps.cancel(deal)
    assert nothing_was_cancelled(deal, deal.status)


def test_strangers_and_moderators_do_not_cancel_for_others() -> None:
    deal = steps.assigned()
    with pytest.raises(NotFound):
        services.cancel_assignment(assignment_id=deal.pk, by=steps.executor(), reason="agreed")
    with pytest.raises(PolicyDenied):
        services.cancel_assignment(assignment_id=deal.pk, by=steps.moderator(), reason="agreed")
    assert nothing_was_cancelled(deal)


@pytest.mark.parametrize(("reason", "note"), [("", ""), ("no_such", ""), ("cannot_come", ""), ("other", "  ")])
def test_a_reason_of_ones_own_side_is_needed(reason: str, note: str) -> None:
    deal = steps.assigned()
    with pytest.raises(InvalidInput):
        services.cancel_assignment(assignment_id=deal.pk, by=deal.customer, reason=reason, note=note)
    assert nothing_was_cancelled(deal)


@pytest.mark.parametrize("side", ["customer", "executor"])
def test_the_preview_says_what_the_cancellation_does_for_every_reason(side: str) -> None:
    for reason in reasons_of(side, "assigned"):
        deal = steps.assigned()
        said = cancellation_preview(deal, side).outcome_of(reason.code)
        steps.cancel(deal, by=getattr(deal, side), reason=reason.code, note="слова")
        did = {"refund_pending": FeeOutcome.RETURNS, "charged": FeeOutcome.STAYS}[charge(deal).status]
        assert (reason.code, said) == (reason.code, did)


def test_an_executor_who_calls_it_their_own_fault_keeps_no_claim_to_the_fee(clock: Any) -> None:
    deal = steps.assigned()
    steps.cancel(deal, by=deal.executor, reason="cannot_come")
    clock.advance(days=30)
    steps.sweep_deadlines()
    assert wallet_balance(deal.executor_id) == PAID


def test_nothing_charged_means_nothing_to_return() -> None:
    deal = steps.assigned(steps.post_task(priced=False))
    preview = cancellation_preview(deal, "executor")
    assert preview.fee is None
    assert {choice.outcome for choice in preview.choices} == {FeeOutcome.NOTHING}
    steps.cancel(deal)
    assert charge(deal).status == "charged"


def test_the_fee_returns_after_the_last_evidence_and_not_before(clock: Any) -> None:
    clock.freeze()
    deal = steps.assigned()
    steps.cancel(deal)
    due = charge(deal).returns_at
    assert due == refund_moment(cancelled_at=now(), window_end=deal.window_end)
    clock.freeze(due - timedelta(seconds=1))
    steps.sweep_deadlines()
    assert wallet_balance(deal.executor_id) == PAID
    clock.freeze(due)
    steps.sweep_deadlines()
    steps.sweep_deadlines()
    assert wallet_balance(deal.executor_id) == FULL
    assert charge(deal).rule == "cancelled_after_assignment"


def test_the_moment_of_the_refund_in_three_cases() -> None:
    at = now()
    after_window = refund_moment(cancelled_at=at, window_end=at - timedelta(hours=1))
    in_window = refund_moment(cancelled_at=at, window_end=at + timedelta(hours=3))
    far = refund_moment(cancelled_at=at, window_end=at + timedelta(days=9))
    assert [m - at for m in (after_window, in_window, far)] == [
        timedelta(hours=2, minutes=5), timedelta(hours=5, minutes=5), timedelta(days=9, hours=2, minutes=5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ("plans_changed", "customer", "customer"),
        ("executor_no_show", "executor", "executor"),
        ("agreed", "nobody", "nobody"),
        ("executor_no_show", "customer", "unknown"),
        ("plans_changed", "unknown", "unknown"),
    ],
)
def test_fault_stands_only_where_the_two_agree(first: str, second: str, fault: str) -> None:
    deal = steps.assigned()
    cancellation = steps.cancel(deal, reason=first)
    assert cancellation.fault == "unknown"
    services.answer_cancellation(cancellation_id=cancellation.pk, by=deal.executor, reason="agreed", at_fault=second)
    cancellation.refresh_from_db()
    assert cancellation.fault == fault
    record = selectors.executor_record(deal.executor_id)
    assert (record.cancellations, record.cancellations_at_fault) == (1, int(fault == "executor"))
    assert selectors.customer_record(deal.customer_id).cancellations_at_fault == int(fault == "customer")


def test_an_agreed_fault_of_the_executor_stops_the_refund(clock: Any) -> None:
    deal = steps.assigned()
    cancellation = steps.cancel(deal, reason="executor_no_show")
    services.answer_cancellation(
        cancellation_id=cancellation.pk, by=deal.executor, reason="cannot_come", at_fault="executor"
    )
    clock.advance(days=5)
    steps.sweep_deadlines()
    assert (charge(deal).status, wallet_balance(deal.executor_id)) == ("kept", PAID)


def test_each_side_answers_once_and_strangers_never() -> None:
    deal = steps.assigned()
    cancellation = steps.cancel(deal)
    with pytest.raises(PolicyDenied):
        services.answer_cancellation(
            cancellation_id=cancellation.pk, by=deal.customer, reason="agreed", at_fault="executor"
        )
    with pytest.raises(NotFound):
        services.answer_cancellation(
            cancellation_id=cancellation.pk, by=steps.executor(), reason="agreed", at_fault="executor"
        )
    cancellation.refresh_from_db()
    assert (cancellation.executor_reason, cancellation.fault) == ("", "unknown")


def test_a_deal_cancelled_days_ahead_is_not_refunded_before_the_evidence(clock: Any) -> None:
    clock.freeze()
    deal = steps.assigned()
    Assignment.objects.filter(pk=deal.pk).update(
        window_start=clock.now() + timedelta(days=9), window_end=clock.now() + timedelta(days=9, hours=3)
    )
    deal.refresh_from_db()
    assert cancellation_preview(deal, "executor").returns_at == deal.window_end + timedelta(hours=2, minutes=5)
    steps.cancel(deal)
    clock.freeze(deal.window_end + timedelta(hours=2))
    steps.sweep_deadlines()
    assert wallet_balance(deal.executor_id) == PAID
    clock.advance(minutes=5)
    steps.sweep_deadlines()
    assert wallet_balance(deal.executor_id) == FULL


def test_the_packages_above_hear_of_it_in_the_same_transaction() -> None:
    heard: list[int] = []
    hooks.assignment_cancelled.handlers.append(lambda cancellation_id: heard.append(cancellation_id))
    try:
        cancellation = steps.cancel(steps.assigned())
    finally:
        hooks.assignment_cancelled.handlers.pop()
    assert heard == [cancellation.pk]


def test_a_cancelled_deal_leaves_the_rest_of_the_responses_alone() -> None:
    task = steps.post_task()
    other = steps.respond(task)
    steps.open_response(other)
    steps.cancel(steps.assigned(task))
    other.refresh_from_db()
    assert (other.status, wallet_balance(other.executor_id)) == ("not_chosen", PAID)
