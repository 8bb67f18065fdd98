"""Conversations, reviews and news on pages: plain forms, live parts, strangers kept out, both languages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marketplace.chat import services as chat
from marketplace.chat.models import Message, Thread
from marketplace.notifications.models import Notification
from marketplace.trust.models import Album, AlbumPhoto, Review
from tasks_app.models import Assignment
from tests.journeys import steps
from tests.pictures import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Thread:
    response = steps.respond(steps.post_task())
    return chat.open_thread(response_id=response.pk, by=response.task.customer)


@pytest.fixture
def deal() -> Assignment:
    return steps.finished()


def test_a_question_is_asked_by_a_plain_form_and_read_by_the_other_side(client: Client, thread: Thread) -> None:
    client.force_login(thread.customer)
    started = client.post(f"/responses/{thread.response_id}/thread/")
    assert started.url == f"/threads/{thread.pk}/"
    client.post(started.url, {"text": "Стремянка у вас своя?", "client_id": "form-00000001"})
    client.post(started.url, {"text": "Стремянка у вас своя?", "client_id": "form-00000001"})
    client.force_login(thread.executor)
    assert "1 непрочитанное сообщение" in client.get("/messages/").content.decode()
    page = client.get(f"/threads/{thread.pk}/").content.decode()
    assert page.count("Стремянка у вас своя?") == 1
    assert "непрочитанн" not in client.get("/messages/").content.decode()


def test_what_is_refused_stays_in_the_field(client: Client, thread: Thread) -> None:
    client.force_login(thread.customer)
    page = client.post(f"/threads/{thread.pk}/", {"text": "я" * 2001})
    assert page.status_code == 422
    assert "В сообщении не больше 2 000 знаков" in page.content.decode()
    assert Message.objects.count() == 0


def test_newer_messages_come_as_a_part_of_the_page(client: Client, thread: Thread) -> None:
    client.force_login(thread.customer)
    first = chat.send_message(thread_id=thread.pk, by=thread.customer, text="Раз", client_id="a-00000001")
    chat.send_message(thread_id=thread.pk, by=thread.customer, text="Два", client_id="a-00000002")
    part = client.get(f"/threads/{thread.pk}/messages/?after={first.pk}").content.decode()
    assert "Два" in part
    assert "Раз" not in part
    assert "<html" not in part


@pytest.mark.parametrize("path", ["/threads/{}/", "/threads/{}/messages/"])
def test_strangers_and_visitors_do_not_read(client: Client, thread: Thread, path: str) -> None:
    assert client.get(path.format(thread.pk)).status_code == 302
    client.force_login(steps.customer())
    assert client.get(path.format(thread.pk)).status_code == 404


def test_text_with_a_script_in_it_is_shown_as_text(client: Client, thread: Thread) -> None:
    client.force_login(thread.customer)
    client.post(f"/threads/{thread.pk}/", {"text": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)" in client.get(f"/threads/{thread.pk}/").content.decode()


def test_both_review_blindly_and_then_read_each_other(client: Client, deal: Assignment) -> None:
    form = {"stars": 5, "quality": 5, "text": "Аккуратно и вовремя."}
    client.force_login(deal.customer)
    assert client.post(f"/deals/{deal.pk}/review/", form).status_code == 302
    client.force_login(deal.executor)
    assert "Аккуратно и вовремя." not in client.get(f"/deals/{deal.pk}/review/").content.decode()
    client.post(f"/deals/{deal.pk}/review/", {"stars": 5, "text": "Всё чётко объяснила."})
    assert "Аккуратно и вовремя." in client.get(f"/deals/{deal.pk}/review/").content.decode()
    page = client.get(f"/executors/{deal.executor_id}/").content.decode()
    assert "Аккуратно и вовремя." in page
    assert '"reviewCount": 1' in page


def test_a_review_without_stars_loses_nothing(client: Client, deal: Assignment) -> None:
    client.force_login(deal.customer)
    page = client.post(f"/deals/{deal.pk}/review/", {"text": "Очень подробный отзыв"})
    assert page.status_code == 422
    assert "Очень подробный отзыв" in page.content.decode()
    assert Review.objects.count() == 0


def test_only_the_two_sides_open_the_review_page(client: Client, deal: Assignment) -> None:
    client.force_login(steps.customer())
    assert client.get(f"/deals/{deal.pk}/review/").status_code == 404


def test_an_executor_shows_work_and_takes_it_away(client: Client, deal: Assignment) -> None:
    client.force_login(deal.executor)
    album_page = client.post("/portfolio/", {"title": "Люстры"}).url
    for name, data in (("work.jpg", jpeg()), ("virus.jpg", b"MZ not a picture")):
        client.post(album_page, {"photo": SimpleUploadedFile(name, data), "caption": "Зал"})
    photo = AlbumPhoto.objects.get()
    assert "Люстры" in client.get(f"/executors/{deal.executor_id}/").content.decode()
    client.force_login(deal.customer)
    assert client.post(f"/portfolio/photos/{photo.pk}/delete/").status_code == 404
    assert client.get(album_page).status_code == 404
    client.force_login(deal.executor)
    client.post(f"/portfolio/photos/{photo.pk}/delete/")
    client.post(f"{album_page}delete/")
    assert not AlbumPhoto.objects.exists()
    assert not Album.objects.exists()


def test_news_is_listed_once_and_marked_read(client: Client, deal: Assignment) -> None:
    client.force_login(deal.executor)
    page = client.get("/notifications/").content.decode()
    assert "Вас выбрали" in page
    client.post("/notifications/read/")
    assert not Notification.objects.filter(user=deal.executor, read_at=None).exists()


@pytest.mark.parametrize(
    ("path", "words"),
    [("/messages/", "No messages yet"), ("/notifications/", "You were chosen"), ("/portfolio/", "Show your work")],
)
def test_pages_speak_english_too(client: Client, deal: Assignment, path: str, words: str) -> None:
    client.force_login(deal.executor)
    assert words in client.get(f"/en{path}").content.decode()
