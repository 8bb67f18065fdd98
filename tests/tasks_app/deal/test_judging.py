"""Two different accounts of a cancellation: a moderator decides whose fault it was, or nobody's stands."""

from typing import Any

import pytest

from marketplace.accounts.models import User
from marketplace.kit.errors import InvalidInput, NotFound, PolicyDenied
from marketplace.kit.models import AuditEvent
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments.selectors import charge_for, wallet_balance
from tasks_app import selectors, services
from tasks_app.assignments.windows import refund_moment
from tasks_app.models import Assignment, Cancellation
from tests.journeys import steps

pytestmark = pytest.mark.django_db
FULL, PAID = Money(100_000), Money(88_000)


@pytest.fixture
def judge(db: None) -> User:
    return steps.moderator()


def contested(deal: Assignment | None = None, *, second: str = "customer") -> Cancellation:
    """The customer says the executor did not come; the executor says whose fault it was."""
    deal = deal or steps.assigned()
    cancellation = steps.cancel(deal, reason="executor_no_show")
    return services.answer_cancellation(
        cancellation_id=cancellation.pk, by=deal.executor, reason="no_access", at_fault=second
    )


def waiting(judge: User) -> list[int]:
    return [row.pk for row in selectors.contested_page(judge).rows]


def status_of_fee(cancellation: Cancellation) -> str:
    charge = charge_for(cancellation.assignment.response_id)
    assert charge is not None
    return charge.status


@pytest.mark.parametrize(("second", "waits"), [("customer", True), ("nobody", True), ("executor", False)])
def test_only_those_who_disagree_wait_for_a_moderator(second: str, waits: bool, judge: User) -> None:
    cancellation = contested(second=second)
    assert waiting(judge) == ([cancellation.pk] if waits else [])


def test_silence_is_no_disagreement(judge: User) -> None:
    steps.cancel(steps.assigned(), reason="executor_no_show")
    assert (waiting(judge), selectors.contested_count(judge)) == ([], 0)


def test_after_14_days_nobodys_fault_stands(judge: User, clock: Any) -> None:
    cancellation = contested()
    clock.advance(days=14)
    assert waiting(judge) == []
    cancellation.refresh_from_db()
    assert cancellation.fault == "unknown"


def test_a_moderator_does_not_meet_a_deal_of_their_own(judge: User) -> None:
    judge.staff_role = "moderator"
    deal = steps.assigned(steps.post_task(by=judge))
    cancellation = contested(deal)
    assert waiting(judge) == []
    with pytest.raises(PolicyDenied):
        services.decide_fault(cancellation_id=cancellation.pk, by=judge, at_fault="executor", note="Я знаю.")
    cancellation.refresh_from_db()
    assert (cancellation.fault, cancellation.fault_decided_by) == ("unknown", None)
    assert waiting(steps.moderator()) == [cancellation.pk]


@pytest.mark.parametrize(
    ("fault", "executors", "customers"), [("customer", 0, 1), ("executor", 1, 0), ("nobody", 0, 0), ("unknown", 0, 0)]
)
def test_the_decision_is_on_the_record_told_to_both_and_audited(
    fault: str, executors: int, customers: int, judge: User
) -> None:
    cancellation = contested()
    deal = cancellation.assignment
    services.decide_fault(cancellation_id=cancellation.pk, by=judge, at_fault=fault, note="Из переписки видно.")
    cancellation.refresh_from_db()
    assert (cancellation.fault, cancellation.fault_decided_by) == (fault, judge)
    assert cancellation.fault_note == "Из переписки видно."
    assert selectors.executor_record(deal.executor_id).cancellations_at_fault == executors
    assert selectors.customer_record(deal.customer_id).cancellations_at_fault == customers
    heard = Notification.objects.filter(kind="fault_decided").values_list("user_id", flat=True)
    assert sorted(heard) == sorted([deal.customer_id, deal.executor_id])
    assert AuditEvent.objects.filter(action="cancellation.decided", actor=judge).count() == 1
    assert status_of_fee(cancellation) == ("kept" if fault == "executor" else "refund_pending")
    assert waiting(judge) == []


def test_the_fee_waits_for_the_evidence_whatever_was_decided(judge: User, clock: Any) -> None:
    clock.freeze()
    cancellation = contested()
    deal = cancellation.assignment
    services.decide_fault(cancellation_id=cancellation.pk, by=judge, at_fault="customer", note="Не открыл дверь.")
    assert wallet_balance(deal.executor_id) == PAID
    clock.freeze(refund_moment(cancelled_at=cancellation.at, window_end=deal.window_end))
    steps.sweep_deadlines()
    assert wallet_balance(deal.executor_id) == FULL


def test_it_is_decided_once(judge: User) -> None:
    cancellation = contested()
    services.decide_fault(cancellation_id=cancellation.pk, by=judge, at_fault="customer", note="Не открыл дверь.")
    with pytest.raises(PolicyDenied):
        services.decide_fault(cancellation_id=cancellation.pk, by=steps.moderator(), at_fault="executor", note="Нет.")
    cancellation.refresh_from_db()
    assert (cancellation.fault, status_of_fee(cancellation)) == ("customer", "refund_pending")


@pytest.mark.parametrize(("at_fault", "note"), [("customer", "  "), ("somebody", "Слова"), ("customer", "я" * 1001)])
def test_a_decision_needs_a_side_and_a_reason(at_fault: str, note: str, judge: User) -> None:
    cancellation = contested()
    with pytest.raises(InvalidInput):
        services.decide_fault(cancellation_id=cancellation.pk, by=judge, at_fault=at_fault, note=note)
    cancellation.refresh_from_db()
    assert (cancellation.fault, cancellation.fault_decided_by, status_of_fee(cancellation)) == (
        "unknown", None, "refund_pending",
    )  # fmt: skip
    assert not AuditEvent.objects.filter(action="cancellation.decided").exists()


def test_neither_side_nor_a_stranger_decides() -> None:
    cancellation = contested()
    deal = cancellation.assignment
    for person, error in ((deal.customer, PolicyDenied), (deal.executor, PolicyDenied), (steps.customer(), NotFound)):
        with pytest.raises(error):
            services.decide_fault(cancellation_id=cancellation.pk, by=person, at_fault="nobody", note="Решаю сам.")
    cancellation.refresh_from_db()
    assert cancellation.fault_decided_by is None


def test_what_the_two_agreed_on_is_not_decided_again(judge: User) -> None:
    cancellation = contested(second="executor")
    with pytest.raises(PolicyDenied):
        services.decide_fault(cancellation_id=cancellation.pk, by=judge, at_fault="customer", note="Иначе.")
    cancellation.refresh_from_db()
    assert cancellation.fault == "executor"


def test_after_the_decision_nobody_adds_an_account(judge: User) -> None:
    deal = steps.assigned()
    cancellation = steps.cancel(deal, by=deal.executor, reason="cannot_come")
    services.decide_fault(cancellation_id=cancellation.pk, by=judge, at_fault="customer", note="По чату.")
    with pytest.raises(PolicyDenied):
        services.answer_cancellation(
            cancellation_id=cancellation.pk, by=deal.customer, reason="agreed", at_fault="executor"
        )
    cancellation.refresh_from_db()
    assert (cancellation.fault, cancellation.customer_reason) == ("customer", "")
