"""The people one can log in as have something of theirs on every page."""

import pytest

from fraud.models import Case
from marketplace.accounts.models import User, VerificationRequest
from marketplace.accounts.policies import may_respond
from marketplace.chat.models import Message
from marketplace.trust.models import Review, ReviewWindow
from payments.models import Charge, Hold, Refund
from tasks_app.models import Assignment, Task, TaskDraft
from tasks_app.tracking.models import Ping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def person(number: int) -> User:
    return User.objects.get(phone=f"+7900000000{number}")


def test_irina_has_a_task_at_each_stage() -> None:
    tasks = Task.objects.filter(customer=person(1))
    assert {"open", "assigned", "done", "closed"} <= set(tasks.values_list("status", flat=True))
    assert tasks.get(status="open").responses.filter(executor=person(2)).exists()
    assert TaskDraft.objects.filter(owner=person(1), task=None).exists()


def test_marina_is_on_the_way_to_irina_with_fresh_positions() -> None:
    deal = Assignment.objects.get(executor=person(3), status="on_the_way")
    assert deal.customer == person(1)
    assert Ping.objects.filter(executor=person(3), at__gte=deal.on_the_way_at).exists()


def test_a_review_waits_unseen_until_irina_writes_hers() -> None:
    window = ReviewWindow.objects.get(customer=person(1), revealed_at=None)
    assert list(window.reviews.values_list("author", flat=True)) == [person(3).pk]
    assert Review.objects.filter(author=person(1), revealed_at__isnull=False).exists()


def test_andreys_statement_has_a_refund_by_each_automatic_rule() -> None:
    rules = set(Refund.objects.filter(charge__user=person(2)).values_list("rule", flat=True))
    assert {
        "task_expired", "cancelled_before_choice", "task_removed", "unopened_48h", "cancelled_after_assignment",
    } <= rules  # fmt: skip


def test_andrey_may_appeal_one_decision_and_waits_for_another() -> None:
    assert Charge.objects.filter(user=person(2), status="kept").count() == 1
    assert Case.objects.filter(executor=person(2), outcome="confirmed").count() == 1
    assert Case.objects.filter(executor=person(2), status="pending").count() == 1
    assert Hold.objects.filter(charge__user=person(2), outcome="standing").count() == 1


def test_the_rule_finds_the_work_done_all_the_same() -> None:
    assert Case.objects.filter(kind="flag").exists()


def test_timur_waits_to_be_verified() -> None:
    assert VerificationRequest.objects.filter(profile__user=person(4), status="pending").exists()
    assert not may_respond(person(4))


def test_contacts_in_the_open_conversation_are_masked() -> None:
    before_a_deal = Message.objects.exclude(masked_contacts=0)
    assert not before_a_deal.filter(text__contains="+7").exists()
