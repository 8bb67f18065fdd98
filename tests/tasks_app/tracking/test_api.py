"""Shifts and positions by the API and by the lean way, which answer the same."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.accounts.services import issue_device_token
from tasks_app.tracking import consent, services
from tasks_app.tracking.keys import make_key
from tasks_app.tracking.lean import with_lean_pings
from tasks_app.tracking.models import Ping, Shift
from tests.conftest import Clock
from tests.journeys import steps
from tests.people import sign_in
from tests.tasks_app.tracking.conftest import DEVICE, NOON, point


@pytest.fixture
def phone(executor: User, noon: Any) -> Client:
    _device, token = issue_device_token(user=executor, name="phone")
    return Client(headers={"Authorization": f"Bearer {token}"})


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return client.generic(
        method.upper(), f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", headers=headers
    )


def lean(key: str, body: Any) -> tuple[int, dict[str, Any]]:
    """Through the WSGI application that stands before Django."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answered: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        answered["status"] = int(status.split()[0])

    def django(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("599 went on to Django", [])
        return [b"{}"]

    environ = {
        "PATH_INFO": "/api/v1/pings", "REQUEST_METHOD": "POST", "HTTP_AUTHORIZATION": f"Ping {key}",
        "CONTENT_LENGTH": str(len(content)), "wsgi.input": io.BytesIO(content),
    }  # fmt: skip
    parts = with_lean_pings(django)(environ, start_response)
    return answered["status"], json.loads(b"".join(parts))


def test_a_shift_by_the_api_from_consent_to_end(phone: Client, executor: User) -> None:
    text = send(phone, "get", "/location-consent").json()
    assert (text["version"], text["agreed"], len(text["sentences"])) == (consent.VERSION, False, 6)
    started = send(phone, "post", "/shift", {"device_id": DEVICE, "consent_version": text["version"]}).json()
    key = started["ping_key"]
    receipt = send(Client(), "post", "/pings", {"points": [point(NOON)]}, Authorization=f"Ping {key}").json()
    assert receipt == {"stored": 1, "duplicates": 0, "refused": []}
    (day,) = send(phone, "get", "/location-days").json()
    assert (day["points"], day["held"]) == (1, False)
    assert len(send(phone, "get", f"/location-days/{day['day']}").json()) == 1
    assert send(phone, "delete", "/shift").json()["ping_key"] == ""
    assert send(phone, "get", "/shift").status_code == 404
    assert send(phone, "delete", f"/location-days/{day['day']}").json() == {"deleted": 1}
    assert send(phone, "delete", "/location-consent").status_code == 204


def test_a_token_and_a_session_may_send_too(phone: Client, executor: User, shift: Shift) -> None:
    body = {"device_id": DEVICE, "points": [point(NOON)]}
    assert send(phone, "post", "/pings", body).json()["stored"] == 1
    page = sign_in(Client(), executor)
    assert send(page, "post", "/pings", body).json()["duplicates"] == 1


def test_without_a_key_or_with_anothers_nothing_is_taken(shift: Shift, executor: User) -> None:
    body = {"points": [point(NOON)]}
    assert send(Client(), "post", "/pings", body).status_code == 401
    assert send(Client(), "post", "/pings", body, Authorization="Ping made-up").status_code == 401
    stranger = make_key(executor_id=executor.pk + 999, device_id=DEVICE)
    assert send(Client(), "post", "/pings", body, Authorization=f"Ping {stranger}").json()["stored"] == 0
    assert not Ping.objects.exists()


def test_a_ping_key_opens_nothing_else(shift: Shift, executor: User) -> None:
    key = make_key(executor_id=executor.pk, device_id=DEVICE)
    for path in ("/shift", "/location-days", "/cases", "/wallet"):
        assert send(Client(), "get", path, Authorization=f"Ping {key}").status_code in (401, 404)


def test_the_lean_way_stores_refuses_and_repeats_as_the_api_does(shift: Shift, executor: User) -> None:
    key = make_key(executor_id=executor.pk, device_id=DEVICE)
    good, bad = point(NOON), {**point(NOON), "lat": 95}
    assert lean(key, {"points": [good, bad]}) == (
        200,
        {"stored": 1, "duplicates": 0, "refused": [{"id": bad["id"], "reason": "place"}]},
    )
    assert lean(key, {"points": [good]}) == (200, {"stored": 0, "duplicates": 1, "refused": []})
    by_api = send(Client(), "post", "/pings", {"points": [good]}, Authorization=f"Ping {key}")
    assert by_api.json() == {"stored": 0, "duplicates": 1, "refused": []}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"points": 1}', b"\xff\xfe", b'{"points": [' + b"[" * 5000, b"x" * 70_000]
)
def test_the_lean_way_survives_nonsense(shift: Shift, executor: User, body: bytes) -> None:
    status, answer = lean(make_key(executor_id=executor.pk, device_id=DEVICE), body)
    assert (status, answer["code"]) == (422, "batch_invalid")


def test_the_lean_way_knows_a_key_that_ran_out(shift: Shift, executor: User, clock: Clock) -> None:
    key = make_key(executor_id=executor.pk, device_id=DEVICE)
    clock.advance(hours=80)
    assert lean(key, {"points": [point(NOON)]})[0] == 401
    assert lean("x", {"points": [point(NOON)]})[0] == 401


def test_the_customer_sees_the_place_only_on_the_way(db: None, clock: Clock) -> None:
    clock.freeze(NOON)
    deal = steps.assigned()
    customer = sign_in(Client(), deal.customer)
    path, page = f"/deals/{deal.pk}/position", f"/deals/{deal.pk}/map/"
    services.start_shift(user=deal.executor, device_id=DEVICE, consent_version=consent.VERSION)

    def report() -> None:
        x, y = deal.task.point.coords
        where = {**point(clock.now(), lon=x + 0.05, lat=y), "accuracy": 20}
        services.accept_pings(user=deal.executor, device_id=DEVICE, batch={"points": [where]})

    report()
    assert send(customer, "get", path).status_code == 404
    assert "Карта закрыта" in customer.get(page).content.decode()
    clock.advance(minutes=1)
    steps.set_off(deal)
    assert send(customer, "get", path).status_code == 404, "an earlier place is nobody's business"
    clock.advance(minutes=1)
    report()
    seen = send(customer, "get", path).json()
    assert 3000 < seen["distance_m"] < 3300
    assert seen["eta_minutes"][0] < seen["eta_minutes"][1]
    assert "примерно" in customer.get(page).content.decode()
    clock.advance(minutes=6)
    assert send(customer, "get", path).json()["eta_minutes"] is None
    for other in (steps.customer(), deal.executor):
        assert send(sign_in(Client(), other), "get", path).status_code == 404
        assert sign_in(Client(), other).get(page).status_code == 404
    steps.finish(deal)
    assert send(customer, "get", path).status_code == 404
    assert "data-position" not in customer.get(page).content.decode()


def test_pages_of_the_shift_and_of_what_is_stored(executor: User, noon: Any, clock: Clock) -> None:
    page = sign_in(Client(), executor)
    assert "Прочитал и согласен" in page.get("/shift/").content.decode()
    form = {"device_id": DEVICE, "consent_version": consent.VERSION}
    assert page.post("/shift/start/", form).status_code == 422
    assert not Shift.objects.exists()
    assert page.post("/shift/start/", {**form, "agree": "on"}).status_code == 302
    assert "Вы на смене" in page.get("/shift/").content.decode()
    clock.advance(minutes=5)
    services.accept_pings(user=executor, device_id=DEVICE, batch={"points": [point(clock.now())]})
    assert page.post("/shift/end/").status_code == 302
    assert "1 точка" in page.get("/my/location/").content.decode()
    day = NOON.date().isoformat()
    assert "track-points" in page.get(f"/my/location/?day={day}").content.decode()
    assert page.get("/my/location/?day=soon").status_code == 422
    page.post("/my/location/delete/", {"day": day})
    assert not Ping.objects.exists()
    page.post("/my/location/consent/")
    assert "Прочитал и согласен" in page.get("/shift/").content.decode()
    assert NOON + timedelta(minutes=5) == clock.now()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_refused_and_nothing_is_deleted(
    phone: Client, executor: User, shift: Shift, day: str
) -> None:
    services.accept_pings(user=executor, device_id=DEVICE, batch={"points": [point(NOON)]})
    for method in ("get", "delete"):
        refused = send(phone, method, f"/location-days/{day}")
        assert (refused.status_code, refused.json()["field"]) == (422, "day")
    page = sign_in(Client(), executor)
    assert page.get("/my/location/", {"day": day}).status_code == 422
    assert page.post("/my/location/delete/", {"day": day}).status_code == 422
    assert Ping.objects.count() == 1
    for known in ("0002-01-01", "9998-12-31"):
        assert send(phone, "get", f"/location-days/{known}").json() == []
        assert send(phone, "delete", f"/location-days/{known}").json() == {"deleted": 0}
        assert page.get("/my/location/", {"day": known}).status_code == 200


@pytest.mark.parametrize("path", ["/shift/", "/my/location/", "/my/cases/"])
def test_visitors_are_asked_to_sign_in(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 302
