"""A person's own pages: photo, executor profile, devices."""

import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from marketplace.accounts import selectors, services
from marketplace.accounts.models import User
from marketplace.kit.errors import InvalidInput
from tests.factories import make_category, make_city
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return services.make_person(name="Анна Крылова", phone="+79123456789", city_id=make_city().pk)


def upload(data: bytes, name: str = "me.jpg") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def portrait() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    "path",
    ["", "edit/", "welcome/", "executor/", "verification/", "sessions/", "restrictions/", "email/", "phone/", "2fa/"],
)
def test_each_page_is_there_for_its_person_in_both_languages_and_for_nobody_else(
    client: Client, person: User, path: str
) -> None:
    assert client.get(f"/account/{path}").status_code == 302
    sign_in(client, person)
    russian, english = client.get(f"/account/{path}"), client.get(f"/en/account/{path}")
    assert (russian.status_code, english.status_code) == (200, 200)
    assert 'lang="en"' in english.content.decode()
    assert "noindex" in russian.content.decode()


def test_a_portrait_is_re_encoded_and_the_former_one_goes(client: Client, person: User, django_capture_on_commit_callbacks: Any) -> None:  # fmt: skip
    sign_in(client, person)
    client.post("/account/photo/", {"photo": upload(portrait())})
    person.refresh_from_db()
    assert person.photo.name.endswith(".webp")
    with Image.open(person.photo.path) as kept:
        assert max(kept.size) == 640
    former = person.photo
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/photo/", {"remove": ""})
    person.refresh_from_db()
    assert not person.photo
    assert not former.storage.exists(former.name)


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"%PDF", b"\xff" * (15 * 1024 * 1024 + 1)])
def test_what_is_no_photo_is_refused_with_a_sentence_and_nothing_changes(
    client: Client, person: User, data: bytes
) -> None:
    sign_in(client, person)
    page = client.post("/account/photo/", {"photo": upload(data)}, follow=True)
    assert "note--danger" in page.content.decode()
    person.refresh_from_db()
    assert not person.photo


def executor_form(**change: Any) -> dict[str, Any]:
    category, city = make_category(), make_city()
    return {
        "about": "Электрик.",
        "languages": ["ru"],
        "categories": [str(category.pk)],
        "districts": [str(city.districts.all()[0].pk)],
        "place_0": "Тверская улица, 12",
        "radius_0": "3000",
        **change,
    }


def test_an_executor_says_what_they_do_and_where(client: Client, person: User) -> None:
    sign_in(client, person)
    page = client.post("/account/executor/", executor_form(), follow=True)
    assert page.status_code == 200
    area = selectors.service_area(person)
    ((longitude, latitude, radius),) = area.points
    assert radius == 3000
    assert 37 < longitude < 38
    assert 55 < latitude < 56
    assert len(area.district_ids) == 1
    assert selectors.executor_categories(person) == [make_category().pk]
    assert "Тверская улица, 12" in page.content.decode()


def test_a_place_may_be_tapped_on_the_map(client: Client, person: User) -> None:
    sign_in(client, person)
    tapped = executor_form(place_0="", lon_0="37.58", lat_0="55.75")
    assert client.post("/account/executor/", tapped).status_code == 302
    ((longitude, latitude, _radius),) = selectors.service_area(person).points
    assert (longitude, latitude) == (37.58, 55.75)
    far = client.post("/account/executor/", executor_form(place_0="", lon_0="30.3", lat_0="59.9"))
    assert far.status_code == 422
    assert selectors.service_area(person).points[0][:2] == (37.58, 55.75)


def test_a_place_keeps_its_point_when_the_form_is_saved_again(client: Client, person: User) -> None:
    sign_in(client, person)
    client.post("/account/executor/", executor_form())
    before = selectors.service_area(person).points
    client.post("/account/executor/", executor_form(about="Электрик и сантехник."))
    assert selectors.service_area(person).points == before


@pytest.mark.parametrize(
    "change",
    [
        {"place_0": "Несуществующая улица 999"},
        {"radius_0": "7"},
        {"categories": ["999999"]},
        {"districts": ["999999"]},
        {"languages": ["xx"]},
        {"about": "я" * 2001},
    ],
)
def test_a_form_with_a_fault_is_shown_again_and_nothing_changes(
    client: Client, person: User, change: dict[str, Any]
) -> None:
    sign_in(client, person)
    page = client.post("/account/executor/", executor_form(**change))
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()
    assert selectors.executor_profile(person) is None


def test_at_most_five_places(person: User) -> None:
    place = services.AreaPoint(37.6, 55.7, 3000)
    with pytest.raises(InvalidInput):
        services.edit_executor_profile(user=person, about="", languages=[], category_ids=[], points=[place] * 6)
    assert selectors.executor_profile(person) is None


def test_a_person_ends_one_session_or_all(client: Client, person: User) -> None:
    browsers = [sign_in(Client(HTTP_USER_AGENT=f"Browser {number}"), person) for number in range(3)]
    for browser in browsers:
        browser.get("/account/")
    page = browsers[0].get("/account/sessions/").content.decode()
    assert all(f"Browser {number}" in page for number in range(3))
    there = next(line for line in selectors.sessions_of(person) if line.user_agent == "Browser 1")
    browsers[0].post(f"/account/sessions/{there.pk}/end/")
    assert [browser.get("/account/").status_code for browser in browsers] == [200, 302, 200]
    browsers[0].post("/account/sessions/end/")
    assert [browser.get("/account/").status_code for browser in browsers] == [200, 302, 302]
    browsers[0].post("/account/sessions/end/", {"here_too": "1"})
    assert browsers[0].get("/account/").status_code == 302


def test_somebody_elses_session_is_not_ended(client: Client, person: User) -> None:
    theirs = sign_in(Client(), services.make_person(name="Олег", phone="+79990000000"))
    theirs.get("/account/")
    (line,) = selectors.sessions_of(User.objects.get(phone="+79990000000"))
    sign_in(client, person)
    assert client.post(f"/account/sessions/{line.pk}/end/").status_code == 404
    assert theirs.get("/account/").status_code == 200


def test_many_people_are_named_in_one_query(person: User, django_assert_num_queries: Any) -> None:
    services.make_executor(user=person, about="Электрик.")
    with django_assert_num_queries(1):
        found = selectors.public_people([person.pk, 999_999])
    assert (found[person.pk].name, found[person.pk].verified, found[person.pk].about) == ("Анна К.", False, "Электрик.")
    assert list(found) == [person.pk]
