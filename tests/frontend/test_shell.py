"""The frame of every page: policy, themes, languages, the installable shell, pages for what went wrong."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from frontend.shell import errors
from frontend.shell.drawing import base_map, draw
from frontend.shell.middleware import content_security_policy
from tests import factories

pytestmark = pytest.mark.django_db
BASE_MAPS = Path(__file__).resolve().parents[2] / "tasks_app" / "static" / "basemap"
LABEL = re.compile(r'class="city-label" x="(\d+)" y="(\d+)"[^>]*>([^<]*)<')


@pytest.mark.parametrize("path", ["/components/", "/en/components/"])
def test_the_living_page_shows_every_component_in_both_themes(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert page.count('class="specimen"') == 2
    for sign in ("button--danger", "error-summary", "timeline", "ledger", "meter", "stars", "map", "empty", "dialog"):
        assert page.count(sign) >= 2, sign
    assert "<c-" not in page


def test_the_policy_lets_nothing_inline_and_nothing_foreign_in(client: Client) -> None:
    policy = client.get("/components/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert not re.search(r"https?:", policy)


@override_settings(MAP_TILES_URL="https://tiles.example.org/{z}/{x}/{y}.png")
def test_only_pictures_come_from_the_tile_server_that_was_set() -> None:
    policy = dict(part.split(" ", 1) for part in content_security_policy("poruchi.example").split("; "))
    assert "https://tiles.example.org" in policy["img-src"]
    assert not any("tiles.example.org" in value for name, value in policy.items() if name != "img-src")


def test_a_theme_chosen_without_scripts_stays(client: Client) -> None:
    answer = client.post(reverse("shell:theme"), {"theme": "dark", "next": "/offline/"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/offline/"
    assert 'data-theme="dark"' in client.get("/offline/").content.decode().split("<head>")[0]
    client.post(reverse("shell:theme"), {"theme": "", "next": "/"})
    assert "data-theme" not in client.get("/offline/").content.decode().split("<head>")[0]


def test_the_theme_form_leads_nowhere_else(client: Client) -> None:
    answer = client.post(reverse("shell:theme"), {"theme": "neon", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
    assert "theme" not in client.cookies or client.cookies["theme"].value == ""


def test_the_language_switch_keeps_the_page_and_its_filters(client: Client) -> None:
    russian = client.get("/components/?a=1").content.decode()
    assert '<html lang="ru"' in russian
    assert 'href="/en/components/?a=1" hreflang="en"' in russian
    english = client.get("/en/components/?a=1").content.decode()
    assert '<html lang="en"' in english
    assert 'href="/components/?a=1" hreflang="ru"' in english


def test_the_shell_can_be_installed(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    assert manifest["display"] == "standalone"
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert any(icon["purpose"] == "maskable" for icon in manifest["icons"])
    assert client.get("/en/manifest.webmanifest").json()["lang"] == "en"


def test_the_worker_never_keeps_a_page_with_somebody_s_data() -> None:
    from pathlib import Path

    source = (Path(__file__).resolve().parents[2] / "frontend/assets/ts/sw.ts").read_text()
    assert 'address.pathname.startsWith("/static/")' in source
    assert 'credentials: "omit"' in source
    assert source.count("cache.put(") == 3
    for function in re.findall(r"async function (\w+)\(.*?\n}\n", source, re.S):
        body = re.search(rf"async function {function}\(.*?\n}}\n", source, re.S)
        assert body is not None
        if "cache.put(" in body.group():
            assert function in ("fromCacheFirst", "fromNetworkFirst", "keepOffline")


def test_the_offline_page_says_nothing_about_the_person(client: Client) -> None:
    person = factories.make_customer()
    anonymous = client.get("/offline/").content.decode()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert person.public_name not in client.get("/offline/").content.decode()
    assert "tabbar" not in anonymous


def test_a_missing_page_is_a_page_of_ours(client: Client) -> None:
    answer = client.get("/there-is-no-such-page/")
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "Такой страницы нет" in text
    assert 'class="bar' in text
    assert client.get("/en/there-is-no-such-page/").content.decode().count("There is no such page")


@pytest.mark.parametrize(
    ("view", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404)],
)
def test_refusals_have_words_and_their_status(view: object, status: int, rf: RequestFactory) -> None:
    request = rf.get("/")
    answer = view(request, Exception("secret"))  # type: ignore[operator]
    assert answer.status_code == status
    assert "secret" not in answer.content.decode()


def test_the_page_of_a_breakdown_needs_neither_database_nor_session(rf: RequestFactory) -> None:
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "дважды ничего не спишется" in answer.content.decode()


def test_times_follow_the_reader_s_zone(client: Client) -> None:
    from django.utils import timezone

    from frontend.shell.middleware import ReaderTime

    seen: list[str] = []

    def view(request: object) -> None:
        seen.append(timezone.get_current_timezone_name())

    rf = RequestFactory()
    for cookie in ("Asia/Yekaterinburg", "", "../etc/passwd"):
        request = rf.get("/")
        request.COOKIES["zone"] = cookie
        ReaderTime(view)(request)  # type: ignore[arg-type]
    assert seen == ["Asia/Yekaterinburg", "Europe/Moscow", "Europe/Moscow"]


def test_a_page_without_a_link_to_the_icon_finds_it_at_the_usual_address(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/x-icon")
    assert b"".join(answer).startswith(b"\x00\x00\x01\x00")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("city", sorted(path.stem for path in BASE_MAPS.glob("*.json")))
def test_no_name_on_the_drawing_of_a_city_lies_on_another(city: str, language: str) -> None:
    features = [feature for feature in base_map(city) if "label" in feature["properties"]]
    for longitude, latitude in [feature["properties"]["label"] for feature in features]:
        for half in (1500, 4000, 9000):
            drawn = draw(city, longitude, latitude, half, language)
            names = [(int(x), int(y), len(unescape(name))) for x, y, name in LABEL.findall(drawn)]
            for n, (x, y, length) in enumerate(names):
                for other_x, other_y, other in names[n + 1 :]:
                    assert abs(y - other_y) >= 22 or abs(x - other_x) >= 5.5 * (length + other)
