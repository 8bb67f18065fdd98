"""The demo world: complete, true to the rules of the services, and the same for the same seed."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Count, F, Q

from fraud.models import Case
from marketplace.accounts.models import ExecutorProfile, User, VerificationRequest
from marketplace.accounts.policies import may_respond
from marketplace.chat.models import Message
from marketplace.trust.models import AlbumPhoto, Review, ReviewWindow
from payments.models import Charge, Hold, Refund
from tasks_app.models import Assignment, Response, Task, TaskDraft, TaskEvent, TaskPhoto
from tasks_app.tracking.models import Ping
from tests.demo.conftest import MOMENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def digest() -> str:
    """What the world says, without the ids that sequences gave."""
    told = [
        *User.objects.order_by("phone").values_list("name", "phone", "email"),
        *Task.objects.order_by("created_at", "title").values_list(
            "title", "details", "status", "price_minor", "address"
        ),
        *Response.objects.order_by("operation").values_list("message", "price_minor", "status"),
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def test_every_state_of_a_task_is_there() -> None:
    assert set(Task.objects.values_list("status", flat=True)) == set(Task.Status.values)


def test_the_books_agree() -> None:
    call_command("reconcile", verbosity=0)


def test_every_picture_that_is_named_is_drawn() -> None:
    named = [*User.objects.exclude(photo="").values_list("photo", flat=True)]
    for photos in (AlbumPhoto.objects, TaskPhoto.objects):
        named += [name for pair in photos.values_list("image", "thumbnail") for name in pair]
    assert len(named) > 50
    assert [name for name in named if not default_storage.exists(name)] == []
    shown = User.objects.get(email="irina@example.org").photo.name
    assert shown in named


def test_counters_equal_what_they_count() -> None:
    standing = Count("responses", filter=~Q(responses__status="withdrawn"))
    assert not Task.objects.annotate(counted=standing).exclude(counted=F("responses_count")).exists()


def test_the_last_step_of_every_history_is_the_present_state() -> None:
    wrong = [
        task.pk
        for task in Task.objects.prefetch_related("events")
        if list(task.events.all())[-1].entered != task.status
    ]
    assert wrong == []
    assert not Response.objects.exclude(events__entered=F("status")).exists()
    assert not Assignment.objects.exclude(events__entered=F("status")).exists()


def test_nothing_has_happened_in_the_future() -> None:
    assert not TaskEvent.objects.filter(at__gt=MOMENT).exists()
    assert not Response.objects.filter(Q(created_at__gt=MOMENT) | Q(seen_at__gt=MOMENT)).exists()
    assert not Response.objects.filter(created_at__lt=F("task__created_at")).exists()


def test_open_tasks_can_still_be_answered() -> None:
    open_tasks = Task.objects.filter(status="open")
    assert open_tasks.exists()
    assert not open_tasks.filter(respond_by__lte=MOMENT).exists()


def test_executors_are_verified_and_their_work_is_in_their_categories() -> None:
    profiles = ExecutorProfile.objects.filter(user__phone__startswith="+79001")
    assert profiles.exists()
    assert not profiles.exclude(verification="verified").exists()
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM tasks_app_response r JOIN tasks_app_task t ON t.id = r.task_id
               JOIN accounts_executorprofile p ON p.user_id = r.executor_id
               WHERE NOT EXISTS (SELECT 1 FROM accounts_executorprofile_categories c
                                 WHERE c.executorprofile_id = p.id AND c.category_id = t.category_id)"""
        )
        assert cursor.fetchone()[0] == 0


def test_words_have_no_unread_grammar() -> None:
    texts = [
        *Task.objects.values_list("title", flat=True),
        *Task.objects.values_list("details", flat=True),
        *Response.objects.values_list("message", flat=True),
        *ExecutorProfile.objects.values_list("about", flat=True),
    ]
    assert [text for text in texts if set("[]{}<>|") & set(text)] == []


def test_it_is_loaded_into_an_empty_database_only() -> None:
    with pytest.raises(CommandError, match="people here already"):
        call_command("load_demo", scale=0.03, verbosity=0)


def test_people_wait_for_verification_at_the_desk() -> None:
    waiting = VerificationRequest.objects.filter(status="pending")
    assert waiting.count() == 8, "seven newcomers and Timur of the cast"
    assert not waiting.exclude(profile__verification="pending").exists()
    assert all(request.documents.count() == 2 for request in waiting)
    assert waiting.exclude(full_name=F("profile__user__name")).count() == 1


# The people one can log in as have something of theirs on every page.


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
        "task_expired", "cancelled_before_choice", "task_duplicate", "unopened_48h", "cancelled_after_assignment",
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
