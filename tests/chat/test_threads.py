"""Talking about a response: who may, what is masked, nothing twice, nothing by strangers."""

import pytest
from django.test import Client

from marketplace.chat import selectors, services
from marketplace.chat.models import Message, Thread
from marketplace.kit.errors import InvalidInput, NotFound, PolicyDenied
from marketplace.notifications.models import Notification
from tasks_app import services as tasks
from tests.conftest import Clock
from tests.journeys import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Thread:
    response = steps.respond(steps.post_task())
    return services.open_thread(response_id=response.pk, by=response.task.customer)


def write(thread: Thread, text: str, *, by: str = "customer", client_id: str = "") -> Message:
    sender = getattr(thread, by)
    return services.send_message(
        thread_id=thread.pk, by=sender, text=text, client_id=client_id or f"{by}-{Message.objects.count():08d}"
    )


def test_opening_the_conversation_opens_the_response(thread: Thread) -> None:
    thread.response.refresh_from_db()
    assert thread.response.seen_at is not None


def test_nothing_is_read_beyond_the_last_message_and_news_go_on(thread: Thread) -> None:
    first = write(thread, "Во сколько приедете?")
    services.mark_read(thread_id=thread.pk, by=thread.executor, message_id=2**62)
    thread.refresh_from_db()
    assert thread.executor_read_id == first.pk
    write(thread, "И сколько возьмёте?")
    assert Notification.objects.filter(user=thread.executor, kind="message_received").count() == 2
    assert [row.unread for row in selectors.threads_page(user=thread.executor, after=None).rows] == [1]


def test_a_message_of_another_thread_does_not_read_this_one(thread: Thread) -> None:
    before = write(thread, "Во сколько приедете?")
    other = steps.respond(steps.post_task())
    elsewhere = services.open_thread(response_id=other.pk, by=other.task.customer)
    later = write(elsewhere, "Добрый день")
    services.mark_read(thread_id=thread.pk, by=thread.executor, message_id=later.pk)
    thread.refresh_from_db()
    assert thread.executor_read_id == before.pk


def test_a_message_is_kept_once_however_often_it_is_sent(thread: Thread) -> None:
    first = write(thread, "Во сколько приедете?", client_id="phone-0001")
    again = write(thread, "Во сколько приедете?", client_id="phone-0001")
    assert first.pk == again.pk
    assert Message.objects.count() == 1
    assert Notification.objects.filter(user=thread.executor, kind="message_received").count() == 1


def test_contacts_are_masked_and_counted_until_the_choice_and_open_after_it(thread: Thread) -> None:
    before = write(thread, "Звоните +7 916 123-45-67 или masha@example.com")
    assert (before.text, before.masked_contacts) == ("Звоните ••• или •••", 2)
    thread.refresh_from_db()
    assert thread.masked_contacts == 2
    steps.choose(thread.response)
    after = write(thread, "Код домофона 45, телефон +7 916 123-45-67")
    assert "+7 916 123-45-67" in after.text
    before.refresh_from_db()
    assert "•••" in before.text


def test_the_executor_writes_only_after_the_customer_has_opened_the_response() -> None:
    response = steps.respond(steps.post_task())
    thread = services.open_thread(response_id=response.pk, by=response.executor)
    with pytest.raises(PolicyDenied) as refusal:
        write(thread, "Здравствуйте", by="executor")
    assert refusal.value.code == "not_opened_yet"
    assert Message.objects.count() == 0
    services.open_thread(response_id=response.pk, by=response.task.customer)
    assert write(thread, "Здравствуйте", by="executor").pk


def test_strangers_neither_read_nor_write(thread: Thread) -> None:
    stranger = steps.customer("Чужой Человек")
    with pytest.raises(NotFound):
        selectors.thread_visible_to(stranger, thread.pk)
    with pytest.raises(NotFound):
        services.send_message(thread_id=thread.pk, by=stranger, text="Привет", client_id="x-00000001")
    with pytest.raises(NotFound):
        services.open_thread(response_id=thread.response_id, by=stranger)
    assert Message.objects.count() == 0


def test_after_a_withdrawal_the_conversation_is_over(thread: Thread) -> None:
    tasks.withdraw_response(response_id=thread.response_id, by=thread.executor)
    with pytest.raises(PolicyDenied) as refusal:
        write(thread, "Почему?")
    assert refusal.value.code == "response_withdrawn"
    assert Message.objects.count() == 0


@pytest.mark.parametrize("text", ["", "   ", "я" * 2001])
def test_empty_and_endless_messages_are_refused(thread: Thread, text: str) -> None:
    with pytest.raises(InvalidInput):
        write(thread, text)
    assert Message.objects.count() == 0


def test_a_flood_is_stopped_and_goes_on_a_minute_later(thread: Thread, clock: Clock) -> None:
    clock.freeze()
    for number in range(20):
        write(thread, f"Вопрос {number}")
    with pytest.raises(PolicyDenied) as refusal:
        write(thread, "Ещё вопрос")
    assert refusal.value.status == 429
    clock.advance(seconds=61)
    assert write(thread, "Ещё вопрос").pk
    assert Message.objects.count() == 21


def test_unread_counts_fall_when_read_and_never_rise_by_reading_back(thread: Thread) -> None:
    first, second = write(thread, "Раз"), write(thread, "Два")
    assert selectors.unread_total(thread.executor) == 2
    services.mark_read(thread_id=thread.pk, by=thread.executor, message_id=second.pk)
    services.mark_read(thread_id=thread.pk, by=thread.executor, message_id=first.pk)
    assert selectors.unread_total(thread.executor) == 0
    assert selectors.unread_total(thread.customer) == 0


def test_the_list_shows_the_last_words_latest_first_in_few_queries(
    thread: Thread,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    write(thread, "Раз")
    other = services.open_thread(response_id=steps.respond(steps.post_task(by=thread.customer)).pk, by=thread.customer)
    write(other, "Другому")
    with django_assert_max_num_queries(2):
        rows = selectors.threads_page(user=thread.customer).rows
        assert [(row.last_text, row.executor.public_name != "") for row in rows] == [("Другому", True), ("Раз", True)]


def test_the_api_sends_once_and_pages_back(thread: Thread, client: Client) -> None:
    client.force_login(thread.customer)
    body = {"text": "Здравствуйте", "client_id": "device-0001"}
    url = f"/api/v1/threads/{thread.pk}/messages"
    first = client.post(url, body, content_type="application/json")
    again = client.post(url, body, content_type="application/json")
    assert (first.status_code, first.json()) == (200, again.json())
    assert [m["text"] for m in client.get(url).json()["messages"]] == ["Здравствуйте"]
    client.force_login(steps.customer())
    assert client.get(url).status_code == 404
    assert client.post(url, body, content_type="application/json").status_code == 404
