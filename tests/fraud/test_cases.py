"""Cases are decided by people who are no side of them; consequences only when confirmed; time decides for the executor."""

from datetime import timedelta

import pytest

from fraud import services
from fraud.errors import AnswerMissing, ConsequenceWithoutProof, ReasonMissing
from fraud.models import Case, Decision, Inquiry
from marketplace.accounts.models import Restriction, Strike, User
from marketplace.kit.audit import verify_chain
from marketplace.kit.errors import NotFound, PolicyDenied
from marketplace.kit.models import AuditEvent
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import services as payments
from payments.selectors import charge_for, wallet_balance
from tests.conftest import Clock
from tests.fraud.conftest import sweep
from tests.journeys import steps

PAID, BACK = Money(88_000), Money(100_000)


def told(user: User) -> list[str]:
    return list(
        Notification.objects.filter(user=user, kind__startswith="case_").order_by("id").values_list("kind", flat=True)
    )


def test_innocent_releases_the_fee_at_once(case: Case, moderator: User) -> None:
    decision = services.decide_case(case_id=case.pk, by=moderator, outcome="innocent", reason="Живёт рядом.")
    case.refresh_from_db()
    assert (case.status, case.outcome, decision.keep_fee) == ("closed", "innocent", False)
    assert wallet_balance(case.executor_id) == BACK
    assert told(case.executor) == ["case_opened", "case_closed_for_executor"]
    assert told(case.customer) == []
    assert not Strike.objects.exists()


def test_confirmed_keeps_the_fee_and_may_strike_and_restrict(case: Case, moderator: User, clock: Clock) -> None:
    services.decide_case(
        case_id=case.pk, by=moderator, outcome="confirmed", reason="Работал после отмены.",
        keep_fee=True, strike=True, restrict_days=7,
    )  # fmt: skip
    assert wallet_balance(case.executor_id) == PAID
    charge = charge_for(case.response_id)
    assert charge is not None
    assert charge.status == "kept"
    assert Strike.objects.get().source == f"case:{case.pk}"
    restriction = Restriction.objects.get()
    assert (restriction.kind, restriction.user_id) == ("responding", case.executor_id)
    assert told(case.executor)[-1] == "case_fee_kept"
    assert told(case.customer) == ["case_confirmed"]
    sweep(clock, hour=24 * 5)
    assert wallet_balance(case.executor_id) == PAID


@pytest.mark.parametrize("outcome", ["plausible", "innocent", "cannot_tell"])
@pytest.mark.parametrize("consequence", [{"keep_fee": True}, {"strike": True}, {"restrict_days": 3}])
def test_nothing_follows_without_a_confirmed_case(
    case: Case, moderator: User, outcome: str, consequence: dict[str, bool]
) -> None:
    with pytest.raises(ConsequenceWithoutProof):
        services.decide_case(case_id=case.pk, by=moderator, outcome=outcome, reason="x", **consequence)  # type: ignore[arg-type]
    case.refresh_from_db()
    assert case.status == "pending"
    assert not Decision.objects.exists()
    assert wallet_balance(case.executor_id) == PAID


@pytest.mark.parametrize(("outcome", "reason"), [("innocent", "  "), ("nonsense", "x")])
def test_a_decision_needs_an_outcome_and_a_reason(case: Case, moderator: User, outcome: str, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        services.decide_case(case_id=case.pk, by=moderator, outcome=outcome, reason=reason)
    assert not Decision.objects.exists()


def test_only_moderators_who_are_no_side_decide(case: Case) -> None:
    case.executor.staff_role = "moderator"
    case.executor.save()
    for person in (case.customer, case.executor, steps.customer()):
        with pytest.raises(PolicyDenied):
            services.decide_case(case_id=case.pk, by=person, outcome="innocent", reason="x")
        with pytest.raises(PolicyDenied):
            services.view_case(case_id=case.pk, by=person)
    case.refresh_from_db()
    assert case.status == "pending"
    assert not AuditEvent.objects.filter(action="track.viewed").exists()


def test_a_closed_case_is_not_decided_again(case: Case, moderator: User) -> None:
    services.decide_case(case_id=case.pk, by=moderator, outcome="innocent", reason="x")
    with pytest.raises(PolicyDenied):
        services.decide_case(case_id=case.pk, by=steps.moderator(), outcome="confirmed", reason="y", keep_fee=True)
    assert Decision.objects.count() == 1
    assert wallet_balance(case.executor_id) == BACK


def test_72_hours_without_a_decision_decide_for_the_executor(case: Case, clock: Clock) -> None:
    clock.freeze(case.due_at - timedelta(minutes=1))
    assert services.expire_overdue_holds() == 0
    steps.sweep_deadlines()
    assert wallet_balance(case.executor_id) == PAID
    clock.freeze(case.due_at)
    assert services.expire_overdue_holds() == 1
    case.refresh_from_db()
    decision = Decision.objects.get()
    assert (case.status, case.outcome, decision.by, decision.keep_fee) == ("closed", "cannot_tell", None, False)
    assert wallet_balance(case.executor_id) == BACK
    assert told(case.executor)[-1] == "case_closed_for_executor"
    steps.sweep_deadlines()
    assert wallet_balance(case.executor_id) == BACK


def test_money_moves_only_when_the_case_ends(case: Case, clock: Clock) -> None:
    """The 72 hours belong to one job: the one that closes the case."""
    clock.freeze(case.due_at + timedelta(hours=1))
    payments.pay_due_refunds()
    assert wallet_balance(case.executor_id) == PAID
    services.expire_overdue_holds()
    assert wallet_balance(case.executor_id) == BACK


def test_a_moderator_who_is_late_decides_nothing(case: Case, moderator: User, clock: Clock) -> None:
    clock.freeze(case.due_at)
    with pytest.raises(PolicyDenied, match="case_overdue"):
        services.decide_case(case_id=case.pk, by=moderator, outcome="confirmed", reason="x", keep_fee=True)
    case.refresh_from_db()
    assert (case.status, Decision.objects.count(), wallet_balance(case.executor_id)) == ("pending", 0, PAID)


def test_every_look_and_decision_is_audited(case: Case, moderator: User) -> None:
    services.view_case(case_id=case.pk, by=moderator)
    services.view_case(case_id=case.pk, by=moderator)
    services.decide_case(case_id=case.pk, by=moderator, outcome="innocent", reason="x")
    actions = AuditEvent.objects.filter(subject=f"case:{case.pk}", actor=moderator).values_list("action", flat=True)
    assert list(actions.order_by("id")) == ["track.viewed", "track.viewed", "case.decided"]
    assert verify_chain() is None


def test_taking_a_case_makes_it_looked_into(case: Case, moderator: User) -> None:
    services.take_case(case_id=case.pk, by=moderator)
    services.take_case(case_id=case.pk, by=moderator)
    case.refresh_from_db()
    assert (case.status, case.assignee) == ("investigating", moderator)
    assert case.events.filter(kind="taken").count() == 1


def test_both_are_asked_and_each_answers_once(case: Case, moderator: User) -> None:
    executors, customers = services.ask_both(case_id=case.pk, by=moderator, question="Были ли вы на адресе?")
    assert "case_question" in told(case.executor)
    assert "case_question" in told(case.customer)
    with pytest.raises(PolicyDenied):
        services.answer_inquiry(inquiry_id=executors.pk, by=case.customer, text="За него отвечу.")
    with pytest.raises(AnswerMissing):
        services.answer_inquiry(inquiry_id=executors.pk, by=case.executor, text=" ")
    services.answer_inquiry(inquiry_id=executors.pk, by=case.executor, text="Был у соседей.")
    with pytest.raises(PolicyDenied):
        services.answer_inquiry(inquiry_id=executors.pk, by=case.executor, text="Ещё раз.")
    assert Inquiry.objects.get(pk=executors.pk).answer == "Был у соседей."
    assert Inquiry.objects.get(pk=customers.pk).answer == ""
    services.decide_case(case_id=case.pk, by=moderator, outcome="plausible", reason="Не доказано.")
    assert told(case.customer)[-1] == "case_closed_to_customer"
    with pytest.raises(PolicyDenied):
        services.answer_inquiry(inquiry_id=customers.pk, by=case.customer, text="Поздно.")


def test_an_answer_does_not_wait_longer_than_the_case(case: Case, moderator: User, clock: Clock) -> None:
    clock.freeze(case.due_at - timedelta(hours=1))
    inquiry, _other = services.ask_both(case_id=case.pk, by=moderator, question="?")
    assert inquiry.due_at == case.due_at


def test_a_snoozed_case_still_ends_in_time(case: Case, moderator: User, clock: Clock) -> None:
    services.snooze_case(case_id=case.pk, by=moderator, hours=500)
    case.refresh_from_db()
    assert case.snoozed_until == case.due_at
    clock.freeze(case.due_at)
    assert services.expire_overdue_holds() == 1


def test_notes_are_for_moderators(case: Case, moderator: User) -> None:
    services.add_note(case_id=case.pk, by=moderator, text="Позвонить.")
    with pytest.raises(PolicyDenied):
        services.add_note(case_id=case.pk, by=case.executor, text="x")
    with pytest.raises(NotFound):
        services.add_note(case_id=case.pk + 1, by=moderator, text="x")
    assert case.events.filter(kind="note").count() == 1
