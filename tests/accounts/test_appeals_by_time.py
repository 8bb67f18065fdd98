"""An appeal that nobody answers in the time that was promised ends for the person, whatever it was against."""

from datetime import timedelta

import pytest
from django.test import Client

from marketplace.accounts import jobs, policies, selectors, services
from marketplace.accounts.models import Appeal, ExecutorProfile, Restriction, User
from marketplace.celery import app
from marketplace.kit.audit import verify_chain
from marketplace.kit.errors import PolicyDenied, StaleState
from marketplace.kit.models import AuditEvent
from marketplace.notifications.models import Notification
from marketplace.notifications.selectors import render
from tests.accounts.test_appeals import first, moderator, person, restriction
from tests.accounts.test_verification import submit
from tests.conftest import Clock
from tests.journeys import steps
from tests.people import sign_in

__all__ = ["first", "person", "restriction"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def appeal(person: User, restriction: Restriction) -> Appeal:
    return services.appeal_restriction(user=person, restriction_id=restriction.pk, text="Это не рассылка.")


def test_nothing_happens_before_the_time_is_over(
    appeal: Appeal, person: User, restriction: Restriction, clock: Clock
) -> None:
    clock.freeze(appeal.due_at - timedelta(minutes=1))
    assert jobs.uphold_unanswered_appeals() == 0
    appeal.refresh_from_db()
    restriction.refresh_from_db()
    assert (appeal.outcome, appeal.reason, restriction.lifted_at) == ("pending", "", None)
    assert not policies.may_post(person)
    assert not Notification.objects.filter(kind__startswith="appeal_").exists()
    assert not AuditEvent.objects.filter(action__in=["appeal.unanswered", "restriction.lifted"]).exists()


def test_then_the_restriction_ends_the_person_is_told_and_it_is_on_record(
    appeal: Appeal, person: User, restriction: Restriction, clock: Clock, in_russian: None
) -> None:
    clock.freeze(appeal.due_at)
    assert jobs.uphold_unanswered_appeals() == 1
    appeal.refresh_from_db()
    restriction.refresh_from_db()
    assert (appeal.outcome, appeal.decided_at, appeal.decided_by) == ("upheld", appeal.due_at, None)
    assert (restriction.lifted_at, restriction.lifted_by) == (appeal.due_at, None)
    assert policies.may_post(person)
    (told,) = Notification.objects.filter(user=person).exclude(kind="restricted")
    assert (told.kind, told.path) == ("appeal_upheld", "/account/restrictions/")
    assert "никто не ответил вовремя" in render(told).text
    rows = AuditEvent.objects.filter(action__in=["appeal.unanswered", "restriction.lifted"]).order_by("pk")
    assert [(row.action, row.actor_id) for row in rows] == [("restriction.lifted", None), ("appeal.unanswered", None)]
    assert verify_chain() is None


def test_it_ends_once_and_nobody_decides_it_afterwards(appeal: Appeal, person: User, clock: Clock) -> None:
    clock.freeze(appeal.due_at)
    assert [jobs.uphold_unanswered_appeals() for _again in range(3)] == [1, 0, 0]
    with pytest.raises(StaleState):
        services.decide_appeal(appeal=appeal, by=moderator("nina"), upheld=False, reason="Рассылка.")
    appeal.refresh_from_db()
    assert appeal.outcome == "upheld"
    assert policies.may_post(person)
    assert Notification.objects.filter(user=person, kind__startswith="appeal_").count() == 1


def test_in_the_minutes_until_the_job_nobody_decides_it_either(
    appeal: Appeal, person: User, clock: Clock, in_english: None
) -> None:
    clock.freeze(appeal.due_at)
    other = moderator("nina")
    with pytest.raises(PolicyDenied, match="appeal_overdue"):
        services.decide_appeal(appeal=appeal, by=other, upheld=False, reason="Рассылка.")
    desk = sign_in(Client(), other)
    page = desk.get("/en/desk/appeals/").content.decode()
    assert "The time to answer is over" in page
    assert 'name="outcome"' not in page
    answer = desk.post(f"/desk/appeals/{appeal.pk}/", {"outcome": "dismissed", "reason": "Рассылка."})
    assert answer.status_code == 409
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.reason) == ("pending", "")
    assert not AuditEvent.objects.filter(action="appeal.decided").exists()
    assert not policies.may_post(person)


def test_the_page_says_that_silence_is_decided_for_the_person(
    appeal: Appeal, person: User, client: Client, in_english: None
) -> None:
    page = sign_in(client, person).get("/en/account/restrictions/").content.decode()
    assert "If nobody does, it is decided for you." in page


def test_of_two_restrictions_only_the_appealed_one_ends(appeal: Appeal, person: User, clock: Clock) -> None:
    other = services.restrict(user=person, kind="responding", reason="Срыв", until=None, by=moderator("olga"))
    clock.freeze(appeal.due_at)
    assert jobs.uphold_unanswered_appeals() == 1
    assert [row.pk for row in selectors.standing_restrictions(person.pk)] == [other.pk]


def test_what_a_moderator_lifted_meanwhile_is_not_lifted_again(
    appeal: Appeal, restriction: Restriction, first: User, clock: Clock
) -> None:
    services.lift_restriction(restriction=restriction, by=first)
    lifted_at = restriction.lifted_at
    clock.freeze(appeal.due_at)
    assert jobs.uphold_unanswered_appeals() == 1
    restriction.refresh_from_db()
    assert (restriction.lifted_at, restriction.lifted_by) == (lifted_at, first)
    assert AuditEvent.objects.filter(action="restriction.lifted").count() == 1


def test_a_refused_verification_is_opened_again(clock: Clock) -> None:
    executor = steps.executor(verified=False)
    request = submit(executor)
    services.decide_verification(request_id=request.pk, by=steps.moderator(), outcome="rejected", reason="Имя другое.")
    services.appeal_verification(user=executor, request_id=request.pk, text="Я сменила фамилию.")
    clock.advance(hours=71, minutes=59)
    assert jobs.uphold_unanswered_appeals() == 0
    profile = ExecutorProfile.objects.get(user=executor)
    assert profile.verification == "rejected"
    clock.advance(minutes=1)
    assert jobs.uphold_unanswered_appeals() == 1
    profile.refresh_from_db()
    assert profile.verification == "more"
    assert Notification.objects.get(user=executor, kind="verification_reopened").path == "/account/verification/"
    assert not policies.may_respond(executor)


def test_the_job_is_on_the_schedule() -> None:
    app.finalize()
    name = "accounts.uphold_unanswered_appeals"
    assert (app.conf.beat_schedule[name]["task"], app.conf.beat_schedule[name]["schedule"]) == (name, 300)
