"""A visitor writes a task screen by screen without scripts, confirms a phone and publishes; nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marketplace.accounts.models import User
from marketplace.accounts.services import make_person
from marketplace.kit.clock import now
from tasks_app.models import Task, TaskDraft
from tests.factories import add_question, make_category, make_city, make_customer
from tests.people import code_by_sms, sign_in
from tests.steps import write_draft
from tests.tasks_app.posting.test_photos import picture

pytestmark = pytest.mark.django_db
PHONE = "+79123456789"


@pytest.fixture
def _world() -> None:
    make_city()
    add_question(make_category())


def tomorrow() -> str:
    return (now() + timedelta(days=1)).date().isoformat()


def answer(client: Client, address: str, /, **values: Any) -> str:
    """Send a screen's form; the address it leads to."""
    response = client.post(address, values)
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def write_all(client: Client, prefix: str = "") -> str:
    """Every screen up to the preview, following where each leads; the preview's address."""
    found = client.get(f"{prefix}/post/", {"q": "повесить люстру"})
    assert b'value="electrician"' in found.content
    questions = answer(client, f"{prefix}/post/", category="electrician", q="повесить люстру")
    assert questions.endswith("/questions/")
    details = answer(client, questions, walls="brick")
    assert (
        'value="Повесить люстру"' in client.get(details).content.decode()
    )  # what was searched for is the proposed title
    place = answer(client, details, title="Повесить люстру", details="Потолок бетонный <b>важно</b>")
    when = answer(client, place, city="moscow", address="Арбат 5", flat="кв. 7")
    budget = answer(client, when, day="other", date=tomorrow(), slot="exact", time="14:30")
    photos = answer(client, budget, budget="range", price="2 000", price_high="3 000")
    again = answer(client, photos, photos=[SimpleUploadedFile("a.jpg", picture(), "image/jpeg")])
    assert again == photos
    return photos.replace("/photos/", "/preview/")


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_visitor_writes_a_task_confirms_a_phone_and_publishes(client: Client, prefix: str) -> None:
    preview = write_all(client, prefix)
    page = client.get(preview).content.decode()
    assert "&lt;b&gt;важно&lt;/b&gt;" in page
    assert "<b>важно</b>" not in page
    assert f"{prefix}/account/login/?next=" in page
    assert not Task.objects.exists()

    client.post(f"{prefix}/account/login/?next={preview}", {"login": PHONE, "next": preview})
    client.post(f"{prefix}/account/login/code/", {"code": code_by_sms(PHONE), "next": preview})
    person = User.objects.get(phone=PHONE)

    assert f"{prefix}/account/welcome/?next=" in client.get(preview).content.decode()
    assert client.post(preview.replace("/preview/", "/publish/")).status_code == 403
    assert not Task.objects.exists()
    assert answer(client, f"{prefix}/account/welcome/?next={preview}", name="Анна Крылова", language="ru") == preview
    assert f'action="{preview.replace("/preview/", "/publish/")}"' in client.get(preview).content.decode()
    assert TaskDraft.objects.get().owner == person
    published = answer(client, preview.replace("/preview/", "/publish/"))
    task = Task.objects.get()
    assert (task.customer, task.title, task.price_minor, task.price_high_minor) == (
        person, "Повесить люстру", 200_000, 300_000,
    )  # fmt: skip
    assert (task.timing, task.answers, task.photos_count) == ("exact", {"walls": "brick"}, 1)
    assert f"/tasks/{task.pk}/" in client.get(published).content.decode()
    assert answer(client, preview.replace("/preview/", "/publish/")) == published
    assert Task.objects.count() == 1


@pytest.mark.usefixtures("_world")
def test_a_closed_tab_loses_nothing(client: Client) -> None:
    preview = write_all(client)
    listed = client.get("/post/drafts/").content.decode()
    assert "Повесить люстру" in listed
    assert preview in listed
    budget = client.get(preview.replace("/preview/", "/budget/")).content.decode()
    assert 'value="2\u00a0000"' in budget


@pytest.mark.usefixtures("_world")
def test_a_draft_is_nobody_elses(client: Client) -> None:
    preview = write_all(client)
    for stranger in (Client(), sign_in(Client(), make_customer())):
        for screen in ("preview", "place", "photos", "questions", "published"):
            assert stranger.get(preview.replace("preview", screen)).status_code in (302, 404), screen
            assert "Арбат" not in stranger.get(preview.replace("preview", screen), follow=True).content.decode()
        assert stranger.post(preview.replace("preview", "discard")).status_code == 404
        assert stranger.post(preview.replace("preview", "publish")).status_code == 404
    assert TaskDraft.objects.count() == 1


@pytest.mark.usefixtures("_world")
def test_a_forged_cookie_opens_nothing(client: Client) -> None:
    draft = write_draft()
    client.cookies["drafts"] = f"{draft.public_id.hex}:forged"
    assert client.get(f"/post/{draft.public_id}/preview/").status_code == 404


@pytest.mark.usefixtures("_world")
def test_a_draft_claimed_by_one_account_is_not_left_to_the_next(client: Client) -> None:
    preview = write_all(client)
    first = make_customer()
    sign_in(client, first)
    assert client.get(preview).status_code == 200
    client.logout()
    assert client.get(preview).status_code == 404
    assert sign_in(client, make_customer()).get(preview).status_code == 404


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize(
    ("screen", "values", "kept"),
    [
        ("details", {"title": "лю", "details": "<script>alert(1)</script> длинный рассказ"}, "длинный рассказ"),
        ("place", {"city": "moscow", "address": "Несуществующая 99", "flat": "кв. 77"}, "кв. 77"),
        (
            "place",
            {"city": "moscow", "address": "тут", "lon": "39", "lat": "55", "known": "тут", "flat": "кв. 78"},
            "кв. 78",
        ),
        ("when", {"day": "other", "date": "2020-01-01", "slot": "exact", "time": "10:15"}, "10:15"),
        ("budget", {"budget": "range", "price": "-5", "price_high": "777"}, "777"),
    ],
)
def test_a_refused_screen_shows_what_was_typed(client: Client, screen: str, values: dict[str, str], kept: str) -> None:
    customer = make_customer()
    draft = write_draft(owner=customer)
    before = draft.data
    response = sign_in(client, customer).post(f"/post/{draft.public_id}/{screen}/", values)
    page = response.content.decode()
    assert response.status_code == 422
    assert "error-summary" in page
    assert kept in page
    assert "<script>alert" not in page
    draft.refresh_from_db()
    assert draft.data == before


@pytest.mark.usefixtures("_world")
def test_one_of_several_addresses_is_chosen_with_a_button(client: Client) -> None:
    customer = make_customer()
    draft = write_draft(owner=customer)
    address = f"/post/{draft.public_id}/place/"
    page = sign_in(client, customer).post(address, {"city": "moscow", "address": "тверск 12"}).content.decode()
    picks = re.findall(r'name="pick" value="([^"]+)"', page)
    assert len(picks) == 2
    answer(client, address, city="moscow", address="тверск 12", pick=picks[1])
    draft.refresh_from_db()
    assert draft.data["place"]["address"] == "1-я Тверская-Ямская улица, 12"


@pytest.mark.usefixtures("_world")
def test_an_edited_address_does_not_keep_the_old_point(client: Client) -> None:
    """Without scripts the hidden coordinates of the saved address come back with the new text."""
    customer = make_customer()
    draft = write_draft(owner=customer)
    old = draft.data["place"]
    values = {"city": "moscow", "lon": old["lon"], "lat": old["lat"], "known": old["address"]}
    answer(sign_in(client, customer), f"/post/{draft.public_id}/place/", **values, address="Арбат 40")
    draft.refresh_from_db()
    assert draft.data["place"]["address"] == "улица Арбат, 40"
    assert draft.data["place"]["lat"] != old["lat"]


@pytest.mark.usefixtures("_world")
def test_a_later_screen_waits_for_the_earlier_ones(client: Client) -> None:
    questions = answer(client, "/post/", category="electrician")
    for screen in ("place", "when", "budget", "photos", "preview"):
        response = client.get(questions.replace("questions", screen))
        assert response.headers["Location"] == questions


@pytest.mark.usefixtures("_world")
def test_from_the_preview_one_screen_is_changed_and_leads_back(client: Client) -> None:
    preview = write_all(client)
    screen = preview.replace("preview", "budget") + "?from=preview"
    assert screen in client.get(preview).content.decode()
    assert answer(client, screen, budget="fixed", price="4000") == preview
    assert "4\u00a0000" in client.get(preview).content.decode()


@pytest.mark.usefixtures("_world")
def test_an_account_without_a_phone_is_led_to_confirm_one(client: Client) -> None:
    person = make_person(name="Пётр", email="petr@example.org")
    draft = write_draft(owner=person)
    page = sign_in(client, person).get(f"/post/{draft.public_id}/preview/").content.decode()
    assert "/account/phone/?next=" in page
    assert client.post(f"/post/{draft.public_id}/publish/").status_code == 403
    assert not Task.objects.exists()


@pytest.mark.usefixtures("_world")
def test_a_draft_is_deleted_when_asked(client: Client) -> None:
    preview = write_all(client)
    answer(client, preview.replace("preview", "discard"))
    assert not TaskDraft.objects.exists()


@pytest.mark.parametrize("query", ["", "?q=" + "ж" * 3000, "?category=nonsense", "?q=<script>"])
def test_the_first_screen_takes_any_query(client: Client, query: str) -> None:
    response = client.get(f"/post/{query}")
    assert response.status_code in (200, 404)
    assert b"<script>" not in response.content.replace(b'<script type="module"', b"")


def test_a_category_must_be_chosen(client: Client) -> None:
    for values in ({}, {"category": "nonsense"}):
        assert client.post("/post/", values).status_code == 422
    assert not TaskDraft.objects.exists()
