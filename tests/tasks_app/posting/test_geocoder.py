"""Typed addresses become places: offline from the streets of the city, or from a Nominatim-compatible server."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, override_settings

from tasks_app.models import City
from tasks_app.posting.errors import GeocoderAway
from tasks_app.posting.geocoder import Gazetteer, Nominatim, geocoder
from tasks_app.posting.geocoder.typed import read_typed
from tests.factories import make_city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_russian")]


@pytest.mark.parametrize(
    ("text", "street", "house", "number"),
    [
        ("тверская 12", "тверская", "12", 12),
        ("ул. Тверская, д. 12", "тверская", "12", 12),
        ("Тверская улица, дом 12 корп. 1, кв. 5", "тверская", "12 корп. 1, кв. 5", 12),
        ("Москва, пр-т Мира, 7к2", "мира", "7к2", 7),
        ("1-я Тверская-Ямская 8", "1-я тверская-ямская", "8", 8),
        ("Tverskaya Street 12a", "tverskaya", "12a", 12),
        ("профсоюзная", "профсоюзная", "", None),
        ("12", "12", "", None),
        ("", "", "", None),
    ],
)
def test_a_typed_address_is_taken_apart(text: str, street: str, house: str, number: int | None) -> None:
    typed = read_typed(text, city_names=("Москва", "Moscow"))
    assert (typed.street, typed.house, typed.number) == (street, house, number)


@pytest.mark.parametrize("text", ["тверская 12", "Тверская, 12", "тверскя 12", "ТВЕРСКАЯ УЛ 12", "Tverskaya 12"])
def test_the_street_is_found_with_typos_and_in_both_languages(text: str) -> None:
    found = Gazetteer().suggest(text, city=make_city())
    assert found[0].address == "Тверская улица, 12"
    assert found[0].district == "Хамовники"
    assert found[0].has_house


def test_a_house_stands_along_the_street() -> None:
    city = make_city()
    low, high, beyond = (Gazetteer().suggest(f"арбат {house}", city=city)[0] for house in (2, 30, 900))
    assert low.longitude < high.longitude < beyond.longitude
    assert beyond.longitude <= city.streets.get(name_en="Arbat Street").line.coords[-1][0] + 1e-9


@pytest.mark.parametrize("text", ["", "я", "абракадабра 5", "%_'; --", "\0", "5" * 500])
def test_nonsense_finds_nothing(text: str) -> None:
    assert Gazetteer().suggest(text, city=make_city()) == []


def test_a_point_gets_the_nearest_address() -> None:
    city = make_city()
    there = Gazetteer().suggest("арбат 20", city=city)[0]
    found = Gazetteer().reverse(longitude=there.longitude, latitude=there.latitude + 0.0004, city=city)
    assert found
    assert found.address == "улица Арбат, 20"
    assert Gazetteer().reverse(longitude=37.8, latitude=55.6, city=city) is None


def test_the_addresses_offered_while_typing(client: Client) -> None:
    make_city()
    page = client.get("/post/addresses/", {"city": "moscow", "points-0-address": "<b>тверс"}).content.decode()
    assert 'data-place="Тверская улица"' in page
    assert "<b>" not in page
    assert client.get("/post/addresses/", {"city": "nowhere", "address": "тверс"}).status_code == 404


class Server(BaseHTTPRequestHandler):
    """Answers as Nominatim's API does."""

    asked: list[dict[str, list[str]]] = []
    answer: object = []
    status = 200

    def do_GET(self) -> None:
        Server.asked.append(parse_qs(urlsplit(self.path).query))
        self.send_response(Server.status)
        self.end_headers()
        body = Server.answer if isinstance(Server.answer, bytes) else json.dumps(Server.answer).encode()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def city() -> Iterator[City]:
    """Moscow, with a geocoding server that the settings name."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    Server.asked, Server.answer, Server.status = [], [], 200
    address = f"http://127.0.0.1:{server.server_port}/"
    with override_settings(GEOCODER="tasks_app.posting.geocoder.Nominatim", NOMINATIM_URL=address):
        yield make_city()
    server.shutdown()
    server.server_close()


ROW = {
    "lat": "55.7512", "lon": "37.6184", "display_name": "12, Тверская улица, Москва",
    "address": {"road": "Тверская улица", "house_number": "12", "suburb": "Тверской район"},
}  # fmt: skip


def test_a_server_is_asked_within_the_city_and_once(city: City) -> None:
    Server.answer = [ROW, {"nonsense": 1}]
    assert isinstance(geocoder(), Nominatim)
    for _ in range(2):
        (found,) = geocoder().suggest("тверская 12", city=city)
        assert (found.address, found.district, found.longitude) == ("Тверская улица, 12", "Тверской район", 37.6184)
    (asked,) = Server.asked
    assert asked["bounded"] == ["1"]
    assert asked["accept-language"] == ["ru"]
    assert asked["viewbox"][0].startswith("37.35,55.57")


def test_a_server_names_a_point(city: City) -> None:
    Server.answer = ROW
    found = geocoder().reverse(longitude=37.6, latitude=55.7, city=city)
    assert found
    assert found.address == "Тверская улица, 12"
    Server.answer = {"error": "Unable to geocode"}
    assert geocoder().reverse(longitude=37.61, latitude=55.7, city=city) is None


@pytest.mark.parametrize(("status", "answer"), [(500, []), (200, b"<html>"), (429, {})])
def test_a_server_that_fails_is_a_refusal_with_a_sentence(city: City, status: int, answer: object) -> None:
    Server.status, Server.answer = status, answer
    with pytest.raises(GeocoderAway) as away:
        geocoder().suggest("тверская 12", city=city)
    assert "карте" in away.value.sentence
    assert Client().get("/post/addresses/", {"city": "moscow", "address": "тверская 12"}).status_code == 200


def test_a_server_that_is_gone(city: City) -> None:
    with override_settings(NOMINATIM_URL="http://127.0.0.1:9"):
        with pytest.raises(GeocoderAway):
            geocoder().suggest("тверская 12", city=city)
