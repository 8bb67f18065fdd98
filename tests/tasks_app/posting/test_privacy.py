"""Until somebody is chosen, the exact place of a task and what it was typed as are for its customer alone."""

import json
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from marketplace.accounts.services.devices import issue_device_token
from tasks_app.models import Task
from tasks_app.posting.grid import cell_centre
from tests.factories import make_category, make_city, make_customer
from tests.people import sign_in
from tests.steps import post_task

pytestmark = pytest.mark.django_db
LONGITUDE, LATITUDE = 37.581734, 55.748219
CANARIES = ("Арбат, 17", "кв. 4242", "спросить Канарейкина", "Тверская улица, 38")
PAGES = ("/tasks/{task}/", "/feed/", "/feed/?near=37.58,55.75&radius=3000", "/feed/map.json", "/c/courier/", "/in/moscow/",
         "/", "/executors/{customer}/")  # fmt: skip
CALLS = ("/api/v1/tasks/{task}", "/api/v1/feed", "/api/v1/feed?near=37.58,55.75")


@pytest.fixture
def task() -> Task:
    return post_task(
        category=make_category("courier", place="route"),
        place={
            "address": "улица Арбат, 17", "lon": LONGITUDE, "lat": LATITUDE, "flat": "кв. 4242",
            "points": [{"address": "Тверская 38", "note": "спросить Канарейкина"}],
        },
    )  # fmt: skip


def strangers() -> Iterator[Client]:
    yield Client()
    yield sign_in(Client(), make_customer("Пётр Чужой"))


def numbers(text: str) -> set[float]:
    return {float(found) for found in re.findall(r"-?\d{1,9}\.\d+", text)}


def test_no_public_page_or_call_tells_the_exact_place(task: Task) -> None:
    centre = cell_centre(longitude=LONGITUDE, latitude=LATITUDE)
    assert abs(centre[0] - LONGITUDE) > 0.0005  # the canary is far enough from its cell's centre
    seen = 0
    for stranger in strangers():
        for prefix in ("", "/en"):
            for path in PAGES:
                address = prefix + path.format(task=task.pk, customer=task.customer_id)
                seen += nothing_leaks(stranger, address)
        for call in CALLS:
            seen += nothing_leaks(stranger, call.format(task=task.pk))
    assert seen >= 20  # pages that answered


def nothing_leaks(client: Client, address: str) -> int:
    response = client.get(address, follow=True)
    if response.status_code != 200:
        return 0
    text = response.content.decode()
    for canary in CANARIES:
        assert canary not in text, address
        assert json.dumps(canary)[1:-1] not in text, address
    near = {n for n in numbers(text) if min(abs(n - LONGITUDE), abs(n - LATITUDE)) < 0.00005}
    assert not near, (address, near)
    return 1


def test_the_customer_sees_it_and_nobody_else_by_the_api(task: Task) -> None:
    address = f"/api/v1/own-tasks/{task.pk}"
    for stranger in strangers():
        assert stranger.get(address).status_code in (401, 404)
    _device, token = issue_device_token(user=task.customer, name="phone")
    own = Client().get(address, headers={"Authorization": f"Bearer {token}"}).json()
    assert (own["longitude"], own["latitude"], own["flat"]) == (LONGITUDE, LATITUDE, "кв. 4242")
    assert own["points"][0]["note"] == "спросить Канарейкина"


def test_posting_again_from_the_same_place_tells_nothing_new(task: Task) -> None:
    """Averaging many tasks of one place would undo a random blur; a fixed cell stays what it is."""
    again = [
        post_task(
            by=task.customer,
            category=make_category("electrician"),
            city=make_city(),
            place={"lon": LONGITUDE, "lat": LATITUDE, "address": "улица Арбат, 17"},
        )
        for _ in range(5)
    ]
    assert {other.public_point.coords for other in again if other.public_point} == {task.public_point.coords}
    assert {other.district_id for other in again} == {task.district_id}
