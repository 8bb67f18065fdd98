"""Public pages: for people, for search engines, in two languages."""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from marketplace.kit.money import Money
from tasks_app.models import Category, City
from tasks_app.public import selectors
from tests import factories
from tests.journeys import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return factories.make_city()


@pytest.fixture
def category() -> Category:
    return factories.make_category(usual_low_minor=100_000, usual_high_minor=400_000)


@pytest.fixture
def paths(city: City, category: Category) -> list[str]:
    return [
        "/",
        "/services/",
        f"/c/{category.slug}/",
        f"/in/{city.slug}/",
        f"/in/{city.slug}/{category.slug}/",
    ]


def deals(prices: list[int], category: Category, city: City) -> None:
    """A finished deal for each price, in roubles."""
    for price in prices:
        task = steps.post_task(category=category, city=city)
        response = steps.respond(task, price=Money(price * 100))
        steps.accept(steps.finish(steps.choose(response)))


def meta(page: str, name: str) -> str:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)"', page)
    return found.group(1) if found else ""


def test_every_page_names_itself_in_both_languages(client: Client, paths: list[str]) -> None:
    titles: dict[str, set[str]] = {"ru": set(), "en": set()}
    for path in paths:
        for language, address in (("ru", path), ("en", f"/en{path}")):
            answer = client.get(address)
            assert answer.status_code == 200, address
            page = answer.content.decode()
            title = re.search(r"<title>(.*?)</title>", page)
            assert title
            titles[language].add(title.group(1))
            assert 40 <= len(meta(page, "description")) <= 320, address
            assert len(re.findall(r"<h1\b", page)) == 1, address
            canonical = re.search(r'<link rel="canonical" href="([^"]*)"', page)
            assert canonical
            assert urlsplit(canonical.group(1)).path == address
            assert set(re.findall(r'hreflang="(ru|en|x-default)" href="http', page)) == {"ru", "en", "x-default"}
            if language == "en":
                words = re.sub(
                    r'<nav class="switch".*?</nav>|lang="ru"[^<]*<|<script.*?</script>', "", page, flags=re.S
                )
                assert "Задани" not in words, address
    assert len(titles["ru"]) == len(titles["en"]) == len(paths)
    assert not titles["ru"] & titles["en"]


def test_structured_data_is_json_and_cannot_break_out(client: Client, city: City) -> None:
    category = factories.make_category("danger", name_ru='</script><b>"Опасно"', name_en="</script><b>Danger")
    page = client.get(f"/in/{city.slug}/{category.slug}/").content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    kinds = {json.loads(block)["@type"] for block in blocks}
    assert kinds == {"BreadcrumbList", "Service", "FAQPage"}
    assert "</script><b>" not in page


def test_prices_come_from_deals_and_until_then_from_the_usual_range(city: City, category: Category) -> None:
    usual = selectors.price_ranges(city=city, categories=[category])[category.pk]
    assert (usual.low, usual.high, usual.deals) == (Money(100_000), Money(400_000), 0)
    assert selectors.price_histogram(city=city, category=category) == []

    deals([1000, 1500, 2000, 2500, 9000], category, city)
    real = selectors.price_ranges(city=city, categories=[category])[category.pk]
    assert (real.low, real.middle, real.high, real.deals) == (Money(150_000), Money(200_000), Money(250_000), 5)
    bars = selectors.price_histogram(city=city, category=category, bars=4)
    assert sum(bar.deals for bar in bars) == 5
    assert bars[0].low == 100_000
    assert bars[0].deals == 4


def test_a_deal_is_shown_without_its_people_and_place(client: Client, city: City, category: Category) -> None:
    deals([1000], category, city)
    task = selectors.finished_tasks()[0]
    assert task.agreed == Money(100_000)
    page = client.get("/").content.decode()
    assert task.title in page
    private = steps.customer()
    assert private.phone not in page
    shown = set(selectors.TaskLine.__dataclass_fields__)
    assert not shown & {"address", "flat", "point", "customer", "customer_id"}


def test_figures_count_the_market(city: City, category: Category) -> None:
    nothing = selectors.market_figures()
    assert (nothing.done, nothing.open, nothing.executors, nothing.first_response_minutes) == (0, 0, 0, None)
    deals([1000], category, city)
    steps.post_task(category=category, city=city)
    known = selectors.market_figures(city_id=city.pk, category_id=category.pk)
    assert (known.done, known.open, known.executors, known.first_response_minutes) == (1, 1, 1, 1)
    assert selectors.open_counts(city_id=city.pk) == {category.pk: 1}
    assert len(selectors.experienced_executors(city_id=city.pk)) == 1


def test_executors_are_joined_from_their_deals_names_and_ratings(
    client: Client, city: City, category: Category
) -> None:
    from frontend.public.people import executors_for

    busy = steps.executor("Андрей Ковалёв")
    for _deal in range(2):
        steps.accept(steps.finish(steps.choose(steps.respond(steps.post_task(category=category, city=city), by=busy))))
    deals([1000], category, city)
    first, second = executors_for(city_id=city.pk, category_id=category.pk)
    assert (first.name, first.deals, first.rating, first.verified) == ("Андрей К.", 2, None, True)
    assert second.deals == 1
    page = client.get(f"/in/{city.slug}/{category.slug}/").content.decode()
    assert "Андрей К." in page
    assert "Ковалёв" not in page


def test_unknown_services_and_cities_are_not_found(client: Client, city: City) -> None:
    for path in ("/c/none/", "/in/none/", f"/in/{city.slug}/none/"):
        assert client.get(path).status_code == 404


def test_a_service_that_was_switched_off_is_not_found(client: Client) -> None:
    off = factories.make_category("off", is_active=False)
    assert client.get(f"/c/{off.slug}/").status_code == 404


def test_the_sitemap_lists_every_public_page_in_both_languages(client: Client, paths: list[str], city: City) -> None:
    task = steps.post_task(city=city)
    answer = client.get("/sitemap.xml")
    assert answer.status_code == 200
    listed = {urlsplit(address).path for address in re.findall(r"<loc>(.*?)</loc>", answer.content.decode())}
    for path in [*paths, f"/tasks/{task.pk}/"]:
        assert path in listed
        assert f"/en{path}" in listed


def test_robots_keep_out_of_private_rooms_and_find_the_sitemap(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    for private in ("/account/", "/wallet/", "/en/wallet/", "/desk/", "/my/", "/threads/"):
        assert f"Disallow: {private}\n" in text
    assert "/sitemap.xml" in text


def test_pages_work_without_the_cache(client: Client, paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from redis.exceptions import ConnectionError as NoRedis

    from frontend.public import keep

    def away(*_arguments: object, **_named: object) -> None:
        raise NoRedis

    monkeypatch.setattr(keep.cache, "get", away)
    monkeypatch.setattr(keep.cache, "set", away)
    for path in paths:
        assert client.get(path).status_code == 200
