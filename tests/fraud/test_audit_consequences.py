"""A random check that proves something is told and can be appealed like a flag; one that proves nothing disturbs nobody."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from fraud import jobs, selectors, services
from fraud.learning.labels import labels
from fraud.models import Case, CaseTrack, Decision, Evidence, SecondReview
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Appeal, Strike, User
from marketplace.accounts.policies import may_respond
from marketplace.kit.errors import NotFound, PolicyDenied
from marketplace.notifications.models import Notification
from payments.selectors import wallet_balance
from tasks_app.models import Assignment, Cancellation
from tasks_app.tracking import services as tracking
from tasks_app.tracking.errors import HeldByCase
from tests.conftest import Clock
from tests.fraud.conftest import stays_away, sweep
from tests.fraud.test_api import phone_of, post
from tests.fraud.tracks import DAY
from tests.journeys import steps
from tests.people import sign_in

BY_CHANCE = "looked at by chance"


@pytest.fixture
def audit(agreed: Assignment, cancelled: Cancellation, clock: Clock, settings: Any) -> Case:
    settings.FRAUD = {"audit_share": 1.0, "unflagged_per_case": 1, "second_share": 0.0}
    stays_away(agreed, clock)
    sweep(clock, hour=19.2)
    Notification.objects.all().delete()
    return Case.objects.get(kind="audit")


@pytest.fixture
def confirmed(audit: Case, moderator: User) -> Case:
    services.decide_case(
        case_id=audit.pk, by=moderator, outcome="confirmed", reason_code="said_so", strike=True, restrict_days=7
    )
    audit.refresh_from_db()
    return audit


def told(person: User) -> list[str]:
    rows = Notification.objects.filter(user=person, kind__startswith="case_").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def page_of(person: User, case: Case) -> str:
    answer = sign_in(Client(), person).get(f"/en/my/cases/{case.pk}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def nothing_to_find(person: User, case: Case) -> None:
    with pytest.raises(NotFound):
        selectors.own_case(person, case.pk)
    assert selectors.own_cases(person) == selectors.own_copies(person) == []
    assert phone_of(person).get(f"/api/v1/cases/{case.pk}").status_code == 404
    for act in (services.appeal_case, services.explain_case):
        with pytest.raises(PolicyDenied, match="not_found"):
            act(case_id=case.pk, by=person, text="Я не был там.")
    with pytest.raises(PolicyDenied, match="not_found"):
        services.forget_case_track(case_id=case.pk, by=person)


def test_while_it_is_open_nobody_hears_of_it(audit: Case) -> None:
    for person in (audit.executor, audit.customer):
        nothing_to_find(person, audit)
        assert told(person) == []
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("outcome", ["innocent", "plausible", "cannot_tell"])
def test_proving_nothing_it_is_told_to_nobody_and_keeps_nothing(audit: Case, moderator: User, outcome: str) -> None:
    assert CaseTrack.objects.count() == 3
    services.decide_case(case_id=audit.pk, by=moderator, outcome=outcome, reason="Был дома.")
    for person in (audit.executor, audit.customer):
        nothing_to_find(person, audit)
        assert told(person) == []
    assert not CaseTrack.objects.exists()
    assert not Evidence.objects.exclude(findings={}).exists()
    assert tracking.delete_track(user=audit.executor, day=DAY.date()) > 0


def test_confirmed_both_are_told_and_the_executor_sees_why(confirmed: Case) -> None:
    assert told(confirmed.executor) == ["case_decided_against"]
    assert told(confirmed.customer) == ["case_confirmed"]
    assert not may_respond(confirmed.executor)
    page = page_of(confirmed.executor, confirmed)
    for words in ("One of the sides says", "A strike was added", "You cannot respond for 7 days", BY_CHANCE,
                  "Was elsewhere, ", "Appeal to another moderator"):  # fmt: skip
        assert words in page
    for_customer = page_of(confirmed.customer, confirmed)
    for words in ("A strike was added", BY_CHANCE, "Was elsewhere, ", "Appeal to another moderator"):
        assert words not in for_customer


def test_the_decision_stays_blind_to_the_score(audit: Case, moderator: User) -> None:
    desk = sign_in(Client(), moderator)
    page = desk.get(f"/en/desk/cases/{audit.pk}/").content.decode()
    assert "You see no score until you decide" in page
    for hidden in ("Score of the rule", "Probability", "random check"):
        assert hidden not in page


def test_keeping_a_fee_that_does_not_wait_is_neither_refused_nor_done(audit: Case, moderator: User) -> None:
    """A refusal would tell which kind of case it is before it is decided."""
    before = wallet_balance(audit.executor_id)
    desk = sign_in(Client(), moderator)
    given = {"outcome": "confirmed", "reason_code": "said_so", "keep_fee": "on"}
    answer = desk.post(f"/en/desk/cases/{audit.pk}/decide/", given, follow=True)
    assert "Decided. It was a random check" in answer.content.decode()
    assert not Decision.objects.get().keep_fee
    assert wallet_balance(audit.executor_id) == before
    assert told(audit.executor) == ["case_decided_against"]
    page = desk.get(f"/en/desk/cases/{audit.pk}/").content.decode()
    for words in ("A random check: nothing had flagged this deal.", "Score of the rule"):
        assert words in page


def test_it_has_the_time_and_a_place_in_the_queue_as_a_flag_has(audit: Case) -> None:
    assert audit.due_at - audit.opened_at == timedelta(hours=72)
    assert 0.25 * audit.stake_minor <= audit.rank <= audit.stake_minor


def test_another_moderator_decides_its_appeal_and_everything_is_undone(confirmed: Case, moderator: User) -> None:
    appeal = services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="Я не был там.")
    with pytest.raises(PolicyDenied):
        accounts.decide_appeal(appeal=appeal, by=moderator, upheld=False, reason="Передумал.")
    assert Appeal.objects.get().outcome == "pending"
    accounts.decide_appeal(appeal=appeal, by=steps.moderator("Пётр Второй"), upheld=True, reason="Вас там не было.")
    confirmed.refresh_from_db()
    assert confirmed.outcome == "innocent"
    assert Strike.objects.get().withdrawn_at is not None
    assert may_respond(confirmed.executor)
    assert told(confirmed.customer) == ["case_confirmed", "case_overturned_to_customer"]
    assert "Вас там не было." in page_of(confirmed.executor, confirmed)
    for_customer = page_of(confirmed.customer, confirmed)
    assert "Nothing follows for you" in for_customer
    assert "Вас там не было." not in for_customer, "the answer to the executor's appeal is the executor's"


def test_the_appeal_is_the_executors_once_and_in_time(confirmed: Case, clock: Clock) -> None:
    for person in (confirmed.customer, steps.customer()):
        with pytest.raises(PolicyDenied, match="not_found"):
            services.appeal_case(case_id=confirmed.pk, by=person, text="Я за него.")
    clock.freeze(confirmed.closed_at + timedelta(days=14))
    with pytest.raises(PolicyDenied, match="appeal_too_late"):
        services.appeal_case(case_id=confirmed.pk, by=confirmed.executor, text="Только вернулся.")
    assert not Appeal.objects.exists()


def test_its_evidence_is_held_until_nobody_can_appeal(confirmed: Case, clock: Clock) -> None:
    with pytest.raises(HeldByCase):
        tracking.delete_track(user=confirmed.executor, day=DAY.date())
    assert CaseTrack.objects.count() == 3
    clock.freeze(confirmed.closed_at + timedelta(days=14))
    jobs.forget_evidence()
    assert CaseTrack.objects.count() == 3, "a confirmed one keeps its evidence like a flag"
    assert tracking.delete_track(user=confirmed.executor, day=DAY.date()) > 0


def test_by_the_api_it_reads_and_appeals_like_a_flag(confirmed: Case) -> None:
    phone = phone_of(confirmed.executor)
    (shown,) = phone.get("/api/v1/cases").json()
    assert (shown["outcome"], shown["may_appeal"], shown["by_chance"]) == ("confirmed", True, True)
    assert (shown["decision"]["strike"], shown["decision"]["restrict_days"]) == (True, 7)
    assert shown["positions"] == {
        "points": max(len(track.points) for track in CaseTrack.objects.all()),
        "until": json.loads(json.dumps(shown["positions"]["until"])),
        "may_delete": False,
    }
    assert phone.delete(f"/api/v1/cases/{confirmed.pk}/positions").status_code == 409
    assert CaseTrack.objects.count() == 3
    appealed = post(phone, f"/cases/{confirmed.pk}/appeal", "Не согласен.").json()
    assert (appealed["may_appeal"], appealed["appeal_outcome"]) == (False, "pending")
    other = phone_of(confirmed.customer).get(f"/api/v1/cases/{confirmed.pk}").json()
    assert (other["by_chance"], other["positions"], other["may_appeal"]) == (False, None, False)


def test_who_was_asked_may_explain_and_hears_the_end_but_not_that_it_was_by_chance(
    audit: Case, moderator: User
) -> None:
    services.ask_both(case_id=audit.pk, by=moderator, template="why_cancelled")
    services.explain_case(case_id=audit.pk, by=audit.executor, text="Я был в другом районе.")
    open_page = page_of(audit.executor, audit)
    services.decide_case(case_id=audit.pk, by=moderator, outcome="innocent", reason="Был в другом месте.")
    assert told(audit.executor) == ["case_question", "case_closed_for_executor"]
    assert told(audit.customer) == ["case_question", "case_closed_to_customer"]
    for page in (open_page, page_of(audit.executor, audit), page_of(audit.customer, audit)):
        for words in ("by chance", "random", "phone was near"):
            assert words not in page
    assert phone_of(audit.executor).get(f"/api/v1/cases/{audit.pk}").json()["by_chance"] is False


def test_72_hours_without_a_decision_end_it_and_teach_nothing(audit: Case, moderator: User, clock: Clock) -> None:
    clock.freeze(audit.due_at - timedelta(minutes=1))
    assert services.expire_overdue_holds() == 0
    with pytest.raises(HeldByCase):
        tracking.delete_track(user=audit.executor, day=DAY.date())
    clock.freeze(audit.due_at)
    with pytest.raises(PolicyDenied, match="case_overdue"):
        services.decide_case(case_id=audit.pk, by=moderator, outcome="confirmed", reason="x", strike=True)
    assert not Decision.objects.exists()
    assert services.expire_overdue_holds() == 1
    audit.refresh_from_db()
    assert (audit.status, audit.outcome, audit.over_at) == ("closed", "cannot_tell", audit.due_at)
    assert told(audit.executor) == told(audit.customer) == []
    assert list(labels()) == []
    assert not CaseTrack.objects.exists()
    assert tracking.delete_track(user=audit.executor, day=DAY.date()) > 0


def test_a_third_look_for_the_executor_is_told_to_both(audit: Case, moderator: User, settings: Any) -> None:
    settings.FRAUD = {"second_share": 1.0}
    services.decide_case(case_id=audit.pk, by=moderator, outcome="confirmed", reason="Видно.", strike=True)
    review = SecondReview.objects.get()
    services.decide_second(review_id=review.pk, by=steps.moderator("Пётр Второй"), outcome="innocent")
    services.decide_third(
        review_id=review.pk, by=steps.moderator("Ирина Третья"), outcome="innocent", reason="Был не там."
    )
    assert told(audit.executor) == ["case_decided_against", "case_in_doubt", "case_overturned"]
    assert told(audit.customer) == ["case_confirmed", "case_overturned_to_customer"]
    assert "Был не там." not in page_of(audit.customer, audit)
    assert CaseTrack.objects.count() == 3, "what both were told of is kept like a flag"
