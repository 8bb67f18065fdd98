"""An executor appeals; somebody else decides; an upheld appeal undoes everything."""

from datetime import timedelta

import pytest

from fraud import selectors, services
from fraud.learning.labels import labels
from fraud.models import Case
from marketplace.accounts import services as accounts
from marketplace.accounts.errors import AlreadyAppealed
from marketplace.accounts.models import Appeal, Restriction, Strike, User
from marketplace.accounts.policies import may_respond
from marketplace.kit.audit import verify_chain
from marketplace.kit.errors import DomainError, InvalidInput, NotFound, PolicyDenied, StaleState
from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from tests.conftest import Clock
from tests.journeys import steps

PAID, BACK = Money(88_000), Money(100_000)


@pytest.fixture
def confirmed(case: Case, moderator: User) -> Case:
    services.decide_case(
        case_id=case.pk, by=moderator, outcome="confirmed", reason_code="worked_after",
        keep_fee=True, strike=True, restrict_days=7,
    )  # fmt: skip
    case.refresh_from_db()
    return case


def test_an_upheld_appeal_undoes_fee_strike_and_restriction(confirmed: Case) -> None:
    assert wallet_balance(confirmed.executor_id) == PAID
    assert not may_respond(confirmed.executor)
    appeal = services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="Я красил у соседей.")
    accounts.decide_appeal(appeal=appeal, by=steps.moderator("Пётр Второй"), upheld=True, reason="Соседи подтвердили.")
    confirmed.refresh_from_db()
    assert confirmed.outcome == "innocent"
    assert wallet_balance(confirmed.executor_id) == BACK
    assert Strike.objects.get().withdrawn_at is not None
    assert Restriction.objects.get().lifted_at is not None
    assert may_respond(confirmed.executor)
    assert [row.on_appeal for row in confirmed.decisions.all()] == [False, True]


def test_a_dismissed_appeal_changes_nothing(confirmed: Case) -> None:
    appeal = services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="Не согласен.")
    accounts.decide_appeal(appeal=appeal, by=steps.moderator("Пётр Второй"), upheld=False, reason="Факты те же.")
    confirmed.refresh_from_db()
    assert confirmed.outcome == "confirmed"
    assert wallet_balance(confirmed.executor_id) == PAID
    assert Strike.objects.get().withdrawn_at is None


def test_who_decided_first_does_not_decide_the_appeal(confirmed: Case, moderator: User) -> None:
    appeal = services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="Не согласен.")
    with pytest.raises(DomainError):
        accounts.decide_appeal(appeal=appeal, by=moderator, upheld=True, reason="Передумал.")
    appeal.refresh_from_db()
    assert appeal.outcome == "pending"
    assert wallet_balance(confirmed.executor_id) == PAID


def test_an_appeal_is_the_executors_once_and_with_words(confirmed: Case) -> None:
    for stranger in (confirmed.customer, steps.customer()):
        with pytest.raises(PolicyDenied):
            services.appeal_case(case_id=confirmed.pk, by=stranger, text="Я за него.")
    with pytest.raises(InvalidInput):
        services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="  ")
    assert not Appeal.objects.exists()
    services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="Не согласен.")
    with pytest.raises(AlreadyAppealed):
        services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="Ещё раз.")
    assert Appeal.objects.count() == 1


def test_there_is_nothing_to_appeal_without_a_decision_against(case: Case, moderator: User) -> None:
    with pytest.raises(PolicyDenied):
        services.appeal_case(case_id=case.pk, by=case.executor, text="Рано.")
    services.decide_case(case_id=case.pk, by=moderator, outcome="innocent", reason="x")
    with pytest.raises(PolicyDenied):
        services.appeal_case(case_id=case.pk, by=case.executor, text="Незачем.")
    assert not Appeal.objects.exists()


def test_an_appeal_that_nobody_answers_is_decided_for_the_executor(
    confirmed: Case, clock: Clock, in_russian: None
) -> None:
    appeal = services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="Не согласен.")
    clock.freeze(appeal.due_at - timedelta(minutes=1))
    assert services.uphold_unanswered_appeals() == 0
    assert wallet_balance(confirmed.executor_id) == PAID
    assert not may_respond(confirmed.executor)
    clock.freeze(appeal.due_at)
    assert services.uphold_unanswered_appeals() == 1
    assert services.uphold_unanswered_appeals() == 0
    appeal.refresh_from_db()
    confirmed.refresh_from_db()
    assert (appeal.outcome, appeal.decided_by, confirmed.outcome) == ("upheld", None, "cannot_tell")
    assert "никто не ответил вовремя" in appeal.reason
    assert wallet_balance(confirmed.executor_id) == BACK
    assert Strike.objects.get().withdrawn_at is not None
    assert (Restriction.objects.get().lifted_at, Restriction.objects.get().lifted_by) == (appeal.due_at, None)
    assert may_respond(confirmed.executor)
    assert list(labels()) == []
    assert verify_chain() is None
    with pytest.raises(StaleState):
        accounts.decide_appeal(appeal=appeal, by=steps.moderator("Пётр Второй"), upheld=False, reason="Поздно.")


def test_after_two_weeks_it_is_too_late(confirmed: Case, clock: Clock) -> None:
    clock.advance(days=15)
    with pytest.raises(PolicyDenied):
        services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="Только вернулся.")


def test_a_person_sees_only_what_concerns_them(case: Case, moderator: User, in_russian: None) -> None:
    own = selectors.own_case(case.executor, case.pk)
    assert own.for_facts[0].startswith("Стоянка 85–")
    assert own.appeal_refusal
    with pytest.raises(NotFound):
        selectors.own_case(case.customer, case.pk)
    with pytest.raises(NotFound):
        selectors.own_case(steps.customer(), case.pk)
    services.ask_both(case_id=case.pk, by=moderator, question="Как было?")
    asked = selectors.own_case(case.customer, case.pk)
    assert (asked.is_executor, asked.for_facts, asked.against_facts) == (False, [], [])
    assert [inquiry.person_id for inquiry in asked.inquiries] == [case.customer_id]


def test_an_english_reader_gets_english_facts(case: Case, in_english: None) -> None:
    facts = selectors.own_case(case.executor, case.pk).for_facts
    assert facts[0].startswith("Stayed 85–")
    assert any(fact.startswith("No stay here on ") for fact in facts)
