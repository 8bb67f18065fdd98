"""The feed's pages as a browser without JavaScript gets them, and the parts that htmx asks for."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import translation

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.services import ListPrice, publish_tariffs
from tasks_app.models import Category, City, Response, Task
from tests.factories import make_category, make_city, make_customer
from tests.tasks_app.feed.leaves import an_open_task
from tests.tasks_app.feed.test_feed import an_executor

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def city() -> City:
    return make_city()


@pytest.fixture
def category(city: City) -> Category:
    category = make_category()
    price = ListPrice(category.pk, city.pk, Money(12_000), Money.zero())
    publish_tariffs(prices=[price], valid_from=now() - timedelta(days=1))
    return category


@pytest.fixture
def customer() -> User:
    return make_customer()


@pytest.fixture
def executor(client: Client, category: Category) -> User:
    executor = an_executor(category)
    client.force_login(executor)
    return executor


@pytest.fixture(autouse=True)
def _in_russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def read(client: Client, path: str, **headers: Any) -> str:
    answer = client.get(path, **headers)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_a_card_says_what_an_executor_asks_first(
    client: Client, city: City, category: Category, customer: User, executor: User
) -> None:
    an_open_task(
        customer=customer, category=category, city=city, title="Повесить люстру", budget="fixed", price_minor=250_000,
        responses_count=3,
    )  # fmt: skip
    page = read(client, "/feed/")
    for words in (
        "Рядом с вами",
        "Повесить люстру",
        "2 500 ₽",
        "телефон проверен",
        "3 из 10 откликов",
        "Откликнуться за 120 ₽",
    ):
        assert words in page
    assert re.search(r"\d+ м · ", page)
    english = read(client, "/en/feed/")
    for words in ("Near you", "phone verified", "3 of 10 responses", "Respond for ₽120"):
        assert words in english


def test_the_next_page_is_a_plain_link(client: Client, city: City, category: Category, customer: User) -> None:
    for number in range(25):
        an_open_task(customer=customer, category=category, city=city, title=f"Дело {number:02d}")
    first = read(client, "/feed/")
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    second = read(client, link[1].replace("&amp;", "&"))
    titles = [re.findall(r"Дело \d\d", page) for page in (first, second)]
    assert [len(set(found)) for found in titles] == [20, 5]
    assert not set(titles[0]) & set(titles[1])
    assert "Пока это всё" in second


def test_htmx_gets_only_the_part_it_asked_for(client: Client, city: City, category: Category, customer: User) -> None:
    an_open_task(customer=customer, category=category, city=city, title="Люстра")
    whole, part, more = (
        read(client, "/feed/", **headers)
        for headers in ({}, {**HTMX, "HTTP_HX_TARGET": "feed"}, {**HTMX, "HTTP_HX_TARGET": "feed-more"})
    )
    assert "<html" in whole
    assert part.lstrip().startswith('<div id="feed"')
    assert more.lstrip().startswith("<article")
    assert "HX-Target" in client.get("/feed/").headers["Vary"]


def test_filters_are_a_form_and_chips_are_links(client: Client, city: City, category: Category, customer: User) -> None:
    an_open_task(customer=customer, category=category, city=city, title="Дешёвое", budget="fixed", price_minor=10_000)
    an_open_task(customer=customer, category=category, city=city, title="Дорогое", budget="fixed", price_minor=900_000)
    form = read(client, "/feed/filters/?price=1000")
    assert '<form id="filters"' in form
    assert 'value="1000"' in form
    page = read(client, "/feed/?price=1000&sort=&radius=&city=&day=&where=")
    assert "Дорогое" in page
    assert "Дешёвое" not in page
    chip = re.search(r'<a class="chip chip--on" aria-current="true" href="([^"]+)">от 1 000 ₽', page)
    assert chip
    assert "Дешёвое" in read(client, chip[1])


def test_a_wrong_filter_of_an_address_is_passed_over(client: Client, city: City) -> None:
    read(client, "/feed/?radius=999&day=someday&price=abc&at=x&category=nothing&city=nowhere&district=no")


@pytest.mark.parametrize(
    "path", ["/feed/?after=damaged", "/feed/news/?since=yesterday", "/feed/news/?since=99999999999999"]
)
def test_a_damaged_address_is_refused_with_a_sentence(client: Client, city: City, path: str) -> None:
    assert client.get(path).status_code == 422


def test_an_empty_feed_gives_advice(client: Client, city: City, executor: User) -> None:
    page = read(client, "/feed/?price=5000")
    for words in ("Сейчас здесь нет заданий", "Снять все фильтры", "Посмотреть все услуги", "удалённо"):
        assert words in page


def test_news_are_a_line_that_waits_for_a_tap(
    client: Client, city: City, category: Category, customer: User, clock: Any
) -> None:
    made = clock.freeze()
    page = read(client, "/feed/")
    poll = re.search(r'hx-get="(/feed/news/[^"]+)"', page)
    assert poll
    assert "новое задание" not in read(client, poll[1].replace("&amp;", "&"))
    an_open_task(customer=customer, category=category, city=city, created_at=made + timedelta(seconds=30))
    told = read(client, poll[1].replace("&amp;", "&"))
    assert "1 новое задание" in told
    assert "<article" not in told


class TestWhatBelongsToTheReader:
    def test_kept_cards_hold_neither_the_distance_nor_the_fee_nor_the_answer(
        self, client: Client, city: City, category: Category, customer: User, executor: User
    ) -> None:
        task = an_open_task(customer=customer, category=category, city=city)
        assert "Откликнуться за 120 ₽" in read(client, "/feed/")
        server = cache._cache.get_client()  # type: ignore[attr-defined]
        names = [name for name in server.scan_iter("*:card:*") if f":{task.pk}:".encode() in name]
        assert names
        for name in names:
            kept = server.get(name).decode(errors="replace")
            assert "Откликнуться" not in kept
            assert " м ·" not in kept

    def test_own_answered_and_full_tasks_have_no_button(
        self, client: Client, city: City, category: Category, customer: User, executor: User
    ) -> None:
        answered = an_open_task(customer=customer, category=category, city=city)
        Response.objects.create(
            task=answered, executor=executor, operation="1", message="Приеду", price_minor=1, unopened_due_at=now()
        )
        an_open_task(customer=executor, category=category, city=city)
        an_open_task(customer=customer, category=category, city=city, responses_count=10)
        page = read(client, "/feed/")
        for words in ("Вы откликнулись.", "Это ваше задание.", "Все места для откликов заняты."):
            assert words in page
        assert "Откликнуться за" not in page

    def test_a_card_follows_the_tasks_version(
        self, client: Client, city: City, category: Category, customer: User
    ) -> None:
        task = an_open_task(customer=customer, category=category, city=city, title="Было")
        assert "Было" in read(client, "/feed/")
        Task.objects.filter(pk=task.pk).update(title="Стало", version=2)
        assert "Стало" in read(client, "/feed/")

    def test_tomorrow_becomes_today_at_midnight(
        self, client: Client, city: City, category: Category, customer: User, clock: Any
    ) -> None:
        from datetime import UTC, datetime

        clock.freeze(datetime(2026, 11, 21, 20, 30, tzinfo=UTC))  # 23:30 in Moscow
        start = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        an_open_task(customer=customer, category=category, city=city, timing="exact", starts_at=start)
        assert "завтра, 12:00" in read(client, "/feed/")
        clock.advance(hours=1)
        assert "сегодня, 12:00" in read(client, "/feed/")


def test_the_number_of_queries_does_not_depend_on_the_number_of_tasks(
    client: Client, city: City, category: Category, customer: User, executor: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client, "/feed/")
        return len(captured)

    an_open_task(customer=customer, category=category, city=city)
    read(client, "/feed/")
    one = queries()
    for _number in range(15):
        an_open_task(customer=make_customer(), category=category, city=city)
    read(client, "/feed/")
    assert queries() == one
    cache.clear()
    cold_many = queries()
    Task.objects.exclude(pk=Task.objects.order_by("pk")[0].pk).delete()
    cache.clear()
    assert queries() == cold_many


def test_the_feed_works_without_its_cache(
    client: Client, city: City, category: Category, customer: User, executor: User
) -> None:
    an_open_task(customer=customer, category=category, city=city, title="Люстра")
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    with override_settings(CACHES={"default": away}):
        assert "Люстра" in read(client, "/feed/")
        assert "Люстра" in read(client, "/api/v1/feed")
        read(client, "/feed/map/")


class TestTaskPage:
    def test_tells_what_is_known_before_paying(
        self, client: Client, city: City, category: Category, customer: User, executor: User
    ) -> None:
        task = an_open_task(customer=customer, category=category, city=city, details="Звоните 8 916 123-45-67")
        page = read(client, f"/tasks/{task.pk}/")
        for words in (
            "Повесить люстру",
            "Мария С.",
            "Телефон",
            "проверен",
            "Откликнуться за 120 ₽",
            "откликов пока нет",
        ):
            assert words in page
        assert "123-45-67" not in page
        assert "•••" in page
        assert 'rel="canonical"' in page
        assert "application/ld+json" in page
        assert "noindex" not in page

    def test_a_task_that_is_over_is_not_indexed_and_has_no_button(
        self, client: Client, city: City, category: Category, customer: User
    ) -> None:
        task = an_open_task(customer=customer, category=category, city=city, status="expired")
        page = read(client, f"/tasks/{task.pk}/")
        assert "noindex" in page
        assert "Откликнуться" not in page

    def test_a_removed_task_is_gone(self, client: Client, city: City, category: Category, customer: User) -> None:
        task = an_open_task(customer=customer, category=category, city=city, status="removed")
        assert client.get(f"/tasks/{task.pk}/").status_code == 404
        assert client.get(f"/api/v1/tasks/{task.pk}").status_code == 404

    def test_the_paths_in_cards_are_those_of_the_pages(self) -> None:
        """Cards write the paths themselves: forty look-ups a page would cost more than finding the tasks."""
        for language, base in (("ru", "/"), ("en", "/en/")):
            with translation.override(language):
                assert reverse("feed:list") == f"{base}feed/"
                assert reverse("deal:task", args=[7]) == f"{base}tasks/7/"
                assert reverse("deal:respond", args=[7]) == f"{base}tasks/7/respond/"
                assert reverse("deal:my_responses") == f"{base}my/responses/"


class TestApi:
    def test_answers_what_its_schema_promises(
        self, client: Client, city: City, category: Category, customer: User, executor: User
    ) -> None:
        from tasks_app.feed.api import FeedOut, TaskOut

        for _number in range(25):
            task = an_open_task(customer=customer, category=category, city=city, budget="fixed", price_minor=250_000)
        an_open_task(customer=customer, category=category, city=city, at=None)
        first = client.get("/api/v1/feed", {"sort": "new"}).json()
        FeedOut.model_validate(first)
        second = client.get("/api/v1/feed", {"sort": "new", "after": first["next"]}).json()
        FeedOut.model_validate(second)
        ids = [item["id"] for item in first["items"] + second["items"]]
        assert len(ids) == len(set(ids)) == 26
        assert second["next"] is None
        assert first["items"][1]["fee"]["amount"] == {"minor": 12_000, "currency": "RUB"}
        TaskOut.model_validate(client.get(f"/api/v1/tasks/{task.pk}").json())

    @pytest.mark.parametrize("query", ["city=nowhere", "category=x", "at=1", "after=zzz", "day=monday", "radius=900"])
    def test_refuses_what_is_not_offered(self, client: Client, city: City, query: str) -> None:
        assert client.get(f"/api/v1/feed?{query}").status_code == 422
