"""Two moderators contradict each other: a third settles it, and a decision in doubt is not enforced meanwhile."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client

from fraud import selectors, services
from fraud.errors import ReasonMissing
from fraud.learning import second
from fraud.learning.labels import labels
from fraud.learning.models import SecondReview
from fraud.models import Case
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Restriction, Strike, User
from marketplace.accounts.policies import may_respond
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound, PolicyDenied
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments.selectors import wallet_balance
from tests.conftest import Clock
from tests.journeys import steps
from tests.people import sign_in

PAID, BACK = Money(88_000), Money(100_000)


def decided(case: Case, by: User, settings: object, *, outcome: str, **consequences: object) -> SecondReview:
    settings.FRAUD = {"second_share": 1.0}  # type: ignore[attr-defined]
    services.decide_case(case_id=case.pk, by=by, outcome=outcome, reason="Видно по месту.", **consequences)  # type: ignore[arg-type]
    return SecondReview.objects.get()


@pytest.fixture
def doubted(case: Case, moderator: User, settings: object) -> SecondReview:
    """Confirmed with every consequence; a second moderator calls it innocent."""
    row = decided(case, moderator, settings, outcome="confirmed", keep_fee=True, strike=True, restrict_days=7)
    assert not may_respond(case.executor)
    return services.decide_second(
        review_id=row.pk, by=steps.moderator("Пётр Второй"), outcome="innocent", reason="Рано."
    )


@pytest.fixture
def third() -> User:
    return steps.moderator("Ирина Третья")


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("kind", flat=True))


def test_a_decision_in_doubt_is_not_enforced_until_a_third_has_looked(doubted: SecondReview) -> None:
    executor = doubted.case.executor
    assert may_respond(executor)
    assert told(executor)[-1] == "case_in_doubt_unrestricted"
    assert (Strike.objects.get().withdrawn_at, wallet_balance(executor.pk)) == (None, PAID)  # these wait for the word
    assert list(labels()) == []
    page = sign_in(Client(), executor).get(f"/en/my/cases/{doubted.case_id}/").content.decode()
    assert "Another moderator sees it differently" in page


def test_a_third_word_for_the_executor_undoes_everything(doubted: SecondReview, third: User) -> None:
    executor = doubted.case.executor
    services.decide_third(review_id=doubted.pk, by=third, outcome="cannot_tell", reason="Координаты неточные.")
    case = Case.objects.get()
    assert case.outcome == "cannot_tell"
    assert wallet_balance(executor.pk) == BACK
    assert Strike.objects.get().withdrawn_at is not None
    assert Restriction.objects.get().lifted_at is not None
    assert told(executor)[-1] == "case_overturned"
    assert (case.decisions.last().by, second.agreement().overturned) == (third, 1)
    assert selectors.own_case(executor, case.pk).appeal_refusal


def test_a_third_word_against_lets_the_restriction_run_to_its_first_end(
    doubted: SecondReview, third: User, clock: Clock
) -> None:
    executor = doubted.case.executor
    clock.advance(hours=24)
    services.decide_third(review_id=doubted.pk, by=third, outcome="confirmed", reason="Работа сделана.")
    assert not may_respond(executor)
    assert Restriction.objects.get(lifted_at=None).until == doubted.first.at + timedelta(days=7)
    assert (Case.objects.get().outcome, wallet_balance(executor.pk)) == ("confirmed", PAID)
    assert told(executor)[-1] == "case_stands"
    assert [label.label for label in labels()] == [1]


def test_nobody_settles_it_in_time_so_it_ends_for_the_executor(doubted: SecondReview, clock: Clock) -> None:
    clock.freeze(doubted.third_due_at - timedelta(minutes=1))
    assert services.settle_overdue() == 0
    clock.freeze(doubted.third_due_at)
    assert services.settle_overdue() == 1
    assert services.settle_overdue() == 0
    doubted.refresh_from_db()
    assert (doubted.third_by, doubted.third_outcome) == (None, "innocent")
    assert (Case.objects.get().outcome, wallet_balance(doubted.case.executor_id)) == ("innocent", BACK)


def test_only_somebody_new_settles_it_once_and_with_words(doubted: SecondReview, moderator: User, third: User) -> None:
    for person in (moderator, doubted.by, doubted.case.executor, doubted.case.customer):
        with pytest.raises(NotFound):
            services.decide_third(review_id=doubted.pk, by=person, outcome="innocent", reason="Я против.")
    with pytest.raises(ReasonMissing):
        services.decide_third(review_id=doubted.pk, by=third, outcome="innocent", reason=" ")
    doubted.refresh_from_db()
    assert (doubted.settled_at, Case.objects.get().outcome) == (None, "confirmed")
    services.decide_third(review_id=doubted.pk, by=third, outcome="innocent", reason="Был у соседей.")
    with pytest.raises(NotFound):
        services.decide_third(review_id=doubted.pk, by=steps.moderator("Четвёртый"), outcome="confirmed", reason="Нет.")


def test_what_was_decided_for_the_executor_stays_and_only_the_model_learns(
    case: Case, moderator: User, third: User, settings: object
) -> None:
    row = decided(case, moderator, settings, outcome="innocent")
    services.decide_second(review_id=row.pk, by=steps.moderator("Пётр Второй"), outcome="confirmed")
    before = told(case.executor)
    assert list(labels()) == []
    services.decide_third(review_id=row.pk, by=third, outcome="confirmed", reason="Работа сделана.")
    case.refresh_from_db()
    assert (case.outcome, told(case.executor), wallet_balance(case.executor_id)) == ("innocent", before, BACK)
    assert not Strike.objects.exists()
    assert [label.label for label in labels()] == [1]


def test_two_who_agree_on_what_is_proved_need_no_third(case: Case, moderator: User, settings: object) -> None:
    row = decided(case, moderator, settings, outcome="innocent")
    row = services.decide_second(review_id=row.pk, by=steps.moderator("Пётр Второй"), outcome="cannot_tell")
    assert row.third_due_at is None
    assert [label.label for label in labels()] == [0]


def test_an_appeal_upheld_meanwhile_leaves_nothing_to_undo(doubted: SecondReview, third: User) -> None:
    executor = doubted.case.executor
    appeal = services.appeal_case(case_id=doubted.case_id, by=executor, text="Я красил у соседей.")
    accounts.decide_appeal(appeal=appeal, by=steps.moderator("Четвёртый"), upheld=True, reason="Верно.")
    services.decide_third(review_id=doubted.pk, by=third, outcome="confirmed", reason="Работа сделана.")
    assert (Case.objects.get().outcome, wallet_balance(executor.pk)) == ("innocent", BACK)
    assert may_respond(executor)


def test_an_appeal_upheld_after_the_third_word_is_what_the_model_learns(doubted: SecondReview, third: User) -> None:
    services.decide_third(review_id=doubted.pk, by=third, outcome="confirmed", reason="Работа сделана.")
    appeal = services.appeal_case(case_id=doubted.case_id, by=doubted.case.executor, text="Я красил у соседей.")
    accounts.decide_appeal(appeal=appeal, by=steps.moderator("Четвёртый"), upheld=True, reason="Верно.")
    assert [label.label for label in labels()] == [0]


def test_what_only_time_has_settled_teaches_nothing(doubted: SecondReview, clock: Clock) -> None:
    clock.freeze(doubted.third_due_at)
    services.settle_overdue()
    assert Case.objects.get().outcome == "innocent"
    assert list(labels()) == []


def test_who_has_looked_at_the_case_or_is_a_side_does_not_decide_its_appeal(
    doubted: SecondReview, moderator: User, third: User
) -> None:
    services.decide_third(review_id=doubted.pk, by=third, outcome="confirmed", reason="Работа сделана.")
    case = Case.objects.get()
    appeal = services.appeal_case(case_id=case.pk, by=case.executor, text="Я красил у соседей.")
    case.customer.staff_role = "moderator"
    case.customer.save()
    for person in (moderator, doubted.by, third, case.customer, case.executor):
        with pytest.raises(PolicyDenied):
            accounts.decide_appeal(appeal=appeal, by=person, upheld=True, reason="Верно.")
    appeal.refresh_from_db()
    case.refresh_from_db()
    assert (appeal.outcome, appeal.decided_by, case.outcome) == ("pending", None, "confirmed")
    assert not case.events.filter(kind="appeal_decided").exists()
    for person in (doubted.by, third):
        assert 'name="upheld"' not in sign_in(Client(), person).get(f"/desk/case-appeals/{appeal.pk}/").content.decode()
    other = sign_in(Client(), steps.moderator("Четвёртый"))
    assert 'name="upheld"' in other.get(f"/desk/case-appeals/{appeal.pk}/").content.decode()


def test_every_further_look_reads_what_the_two_answered(
    case: Case, moderator: User, third: User, settings: Any
) -> None:
    ask = partial(services.ask_both, case_id=case.pk, by=moderator, template="done_or_not")
    for inquiry, words in zip(ask(), ("Я только привёз ключи.", "Он всё повесил."), strict=True):
        services.answer_inquiry(inquiry_id=inquiry.pk, by=inquiry.person, text=words)
    services.explain_case(case_id=case.pk, by=case.executor, text="Ключи просила соседка.")
    row = decided(case, moderator, settings, outcome="confirmed", keep_fee=True)
    second_one = steps.moderator("Пётр Второй")
    pages = [sign_in(Client(), second_one).get(f"/desk/second/{row.pk}/")]
    services.decide_second(review_id=row.pk, by=second_one, outcome="innocent", reason="Рано.")
    pages.append(sign_in(Client(), third).get(f"/desk/second/{row.pk}/third/"))
    services.decide_third(review_id=row.pk, by=third, outcome="confirmed", reason="Работа сделана.")
    appeal = services.appeal_case(case_id=case.pk, by=case.executor, text="Я не согласен.")
    pages.append(sign_in(Client(), steps.moderator("Четвёртый")).get(f"/desk/case-appeals/{appeal.pk}/"))
    for page in pages:
        for words in ("Я только привёз ключи.", "Он всё повесил.", "Ключи просила соседка.", "Их переписка"):
            assert words in page.content.decode()
    assert "Видно по месту." not in pages[0].content.decode()


def test_the_third_sees_both_words_but_not_whose(doubted: SecondReview, third: User, moderator: User) -> None:
    desk = sign_in(Client(), third)
    assert f"/desk/second/{doubted.pk}/third/" in desk.get("/desk/second/").content.decode()
    page = desk.get(f"/en/desk/second/{doubted.pk}/third/").content.decode()
    for shown in ("Видно по месту.", "Рано.", "Two moderators see it differently"):
        assert shown in page
    for hidden in (moderator.public_name, "Пётр В.", "Score of the rule"):
        assert hidden not in page
    answer = desk.post(f"/desk/second/{doubted.pk}/third/decide/", {"outcome": "innocent", "reason": ""})
    assert answer.status_code == 422
    answer = desk.post(f"/desk/second/{doubted.pk}/third/decide/", {"outcome": "innocent", "reason": "Нет."})
    assert answer.status_code == 302
    assert Case.objects.get().closed_at <= now()
    assert Case.objects.get().outcome == "innocent"
