"""What people rely on in the feed: pages that do not shift, filters of the address, their own area first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from marketplace.accounts.models import ExecutorProfile, ServicePoint, User
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from tasks_app.feed.area import Around, Circle, InCity, cover
from tasks_app.feed.filters import FeedFilters
from tasks_app.feed.query import FeedQuery, Scope, parse, scope_for
from tasks_app.feed.reference import reference
from tasks_app.feed.selectors import feed_page, news_count
from tasks_app.models import Category, City, District
from tests.factories import MOSCOW, make_category, make_city, make_customer
from tests.tasks_app.feed.leaves import an_open_task

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # noon in Moscow


@pytest.fixture
def city() -> City:
    return make_city()


@pytest.fixture
def category() -> Category:
    return make_category()


@pytest.fixture
def customer() -> User:
    return make_customer()


def an_executor(*categories: Category, at: tuple[float, float] = MOSCOW, radius_m: int = 5_000) -> User:
    user = make_customer("Андрей Королёв")
    profile = ExecutorProfile.objects.create(user=user, verification="verified")
    profile.categories.set(categories)
    ServicePoint.objects.create(profile=profile, point=Point(*at, srid=4326), radius_m=radius_m)
    return user


def asked(address: str) -> FeedQuery:
    params = QueryDict(address)
    return parse(params, params.getlist, strict=False)


def scope(user: Any, address: str = "") -> Scope:
    return scope_for(user, asked(address), reference())


def titles(found: Scope, **more: Any) -> list[str]:
    return [row.title for row in feed_page(found.filters, **more).rows]


class TestPages:
    def test_a_task_posted_meanwhile_moves_nothing(self, city: City, category: Category, customer: User) -> None:
        old = [
            an_open_task(customer=customer, category=category, city=city, created_at=NOON + timedelta(minutes=n))
            for n in range(5)
        ]
        wanted = FeedFilters(area=InCity(city.pk))
        first = feed_page(wanted, size=2)
        an_open_task(customer=customer, category=category, city=city, created_at=NOON + timedelta(hours=1))
        second = feed_page(wanted, after=first.next_key, size=2)
        third = feed_page(wanted, after=second.next_key, size=2)
        ids = [row.id for row in [*first.rows, *second.rows, *third.rows]]
        assert ids == [task.pk for task in reversed(old)]
        assert third.next_key is None

    def test_a_task_that_closes_meanwhile_only_goes_away(self, city: City, category: Category, customer: User) -> None:
        tasks = [an_open_task(customer=customer, category=category, city=city) for _number in range(4)]
        wanted = FeedFilters(area=Around((Circle.around(*MOSCOW, 5_000),)), order="near")
        first = feed_page(wanted, size=2)
        type(tasks[1]).objects.filter(pk=tasks[1].pk).update(status="assigned")
        rest = feed_page(wanted, after=first.next_key, size=2)
        assert [row.id for row in first.rows] == [tasks[3].pk, tasks[2].pk]
        assert [row.id for row in rest.rows] == [tasks[0].pk]

    @pytest.mark.parametrize("order", ["near", "new"])
    def test_what_the_clock_has_ended_is_not_shown_while_the_jobs_are_late(
        self, city: City, category: Category, customer: User, order: Any
    ) -> None:
        late = {"respond_by": now() - timedelta(seconds=1)}
        tasks = [
            an_open_task(
                customer=customer, category=category, city=city, created_at=NOON + timedelta(minutes=n), **more
            )
            for n, more in enumerate([{}, {}, late, late, late, {}, late])
        ]
        wanted = FeedFilters(area=Around((Circle.around(*MOSCOW, 5_000),)), order=order)
        first = feed_page(wanted, size=2)
        second = feed_page(wanted, after=first.next_key, size=2)
        assert [row.id for row in first.rows] == [tasks[5].pk]
        assert [row.id for row in second.rows] == [tasks[1].pk], "the page of ended tasks alone is passed over"
        assert [row.id for row in feed_page(wanted, after=second.next_key, size=2).rows] == [tasks[0].pk]

    @pytest.mark.parametrize("key", ["zzz", "WzEsMl0:1abc:def"])
    def test_a_key_that_is_not_ours_is_refused(self, city: City, key: str) -> None:
        with pytest.raises(InvalidInput):
            feed_page(FeedFilters(area=InCity(city.pk)), after=key)

    def test_a_key_of_the_other_order_is_refused(self, city: City, category: Category, customer: User) -> None:
        for _number in range(2):
            an_open_task(customer=customer, category=category, city=city)
        key = feed_page(FeedFilters(area=InCity(city.pk)), size=1).next_key
        assert key is not None
        with pytest.raises(InvalidInput):
            feed_page(FeedFilters(area=Around((Circle.around(*MOSCOW, 900),)), order="near"), after=key)

    @pytest.mark.parametrize("tasks", [1, 12])
    @pytest.mark.parametrize("order", ["near", "new"])
    def test_a_page_is_one_query(self, city: City, category: Category, customer: User, tasks: int, order: Any) -> None:
        for _number in range(tasks):
            an_open_task(customer=customer, category=category, city=city)
        wanted = FeedFilters(area=Around((Circle.around(*MOSCOW, 5_000),)), order=order)
        with CaptureQueriesContext(connection) as queries:
            assert len(feed_page(wanted).rows) == tasks
        assert len(queries) == 1


class TestWhatAnExecutorSees:
    def test_own_categories_in_the_own_area_nearest_first(self, city: City, category: Category, customer: User) -> None:
        other = make_category("cleaning")
        lon, lat = MOSCOW
        for title, at, kind in [
            ("далеко", (lon + 0.2, lat), category),
            ("подальше", (lon + 0.04, lat), category),
            ("рядом", (lon + 0.01, lat), category),
            ("чужая услуга", (lon, lat), other),
        ]:
            an_open_task(customer=customer, category=kind, city=city, at=at, title=title)
        found = scope(an_executor(category))
        assert found.is_own_area
        assert titles(found) == ["рядом", "подальше"]
        distances = [row.distance_m for row in feed_page(found.filters).rows]
        assert all(d is not None for d in distances)
        assert distances == sorted(distances)  # type: ignore[type-var]

    def test_newest_has_the_remote_tasks_too(self, city: City, category: Category, customer: User) -> None:
        an_open_task(customer=customer, category=category, city=city, title="на месте")
        an_open_task(customer=customer, category=category, city=city, at=None, title="удалённо")
        executor = an_executor(category)
        assert set(titles(scope(executor, "sort=new"))) == {"на месте", "удалённо"}
        assert titles(scope(executor, "where=remote")) == ["удалённо"]
        assert titles(scope(executor, "sort=new&where=onsite")) == ["на месте"]

    def test_of_two_places_the_nearer_one_counts(self, city: City, category: Category, customer: User) -> None:
        executor = an_executor(category)
        lon, lat = MOSCOW
        far = Point(lon + 0.15, lat, srid=4326)
        ServicePoint.objects.create(profile=ExecutorProfile.objects.get(user=executor), point=far, radius_m=3_000)
        an_open_task(customer=customer, category=category, city=city, at=(lon + 0.149, lat), title="у второго")
        rows = feed_page(scope(executor).filters).rows
        assert [row.title for row in rows] == ["у второго"]
        assert rows[0].distance_m is not None
        assert rows[0].distance_m < 600

    def test_a_district_of_the_profile_is_seen_whole(self, city: City, category: Category, customer: User) -> None:
        executor = an_executor(category, radius_m=500)
        east = District.objects.get(city=city, slug="east")
        ExecutorProfile.objects.get(user=executor).districts.add(east)
        lon, lat = MOSCOW
        an_open_task(customer=customer, category=category, city=city, at=(lon + 0.2, lat), title="в районе")
        an_open_task(customer=customer, category=category, city=city, at=(lon - 0.2, lat), title="вне района")
        assert titles(scope(executor)) == ["в районе"]

    def test_a_visitor_sees_the_first_city_and_can_choose_another(
        self, city: City, category: Category, customer: User
    ) -> None:
        from django.contrib.auth.models import AnonymousUser

        kazan = make_city("kazan", name_ru="Казань", name_en="Kazan", bounds=(48.9, 55.6, 49.4, 55.9), position=5)
        an_open_task(customer=customer, category=category, city=city, title="Москва")
        an_open_task(customer=customer, category=category, city=kazan, at=(49.1, 55.8), title="Казань")
        assert titles(scope(AnonymousUser())) == ["Москва"]
        assert titles(scope(AnonymousUser(), "city=kazan")) == ["Казань"]


class TestFilters:
    @pytest.fixture(autouse=True)
    def _at_noon(self, clock: Any) -> None:
        clock.freeze(NOON)

    def test_a_price_floor_hides_cheaper_tasks_and_those_without_a_price(
        self, city: City, category: Category, customer: User
    ) -> None:
        price = {"budget": "fixed"}
        an_open_task(customer=customer, category=category, city=city, title="дёшево", price_minor=99_900, **price)
        an_open_task(customer=customer, category=category, city=city, title="тысяча", price_minor=100_000, **price)
        an_open_task(customer=customer, category=category, city=city, title="без цены")
        an_open_task(
            customer=customer, category=category, city=city, title="до двух тысяч",
            budget="range", price_minor=50_000, price_high_minor=200_000,
        )  # fmt: skip
        assert set(titles(scope(customer, "price=1000"))) == {"тысяча", "до двух тысяч"}

    def test_days_are_the_citys_own(self, city: City, category: Category, customer: User) -> None:
        def at(title: str, start: datetime | None, hours: int = 2) -> None:
            an_open_task(
                customer=customer, category=category, city=city, title=title, starts_at=start,
                timing="window" if start else "flexible", ends_at=start + timedelta(hours=hours) if start else None,
            )  # fmt: skip

        at("сегодня", NOON + timedelta(hours=3))
        at("после полуночи в Москве", NOON + timedelta(hours=13))  # still the 21st in UTC
        at("с вечера на завтра", NOON + timedelta(hours=10), hours=6)
        at("послезавтра", NOON + timedelta(days=2))
        at("когда угодно", None)
        today = {"сегодня", "с вечера на завтра", "когда угодно"}
        assert set(titles(scope(customer, "day=today"))) == today
        tomorrow = {"после полуночи в Москве", "с вечера на завтра", "когда угодно"}
        assert set(titles(scope(customer, "day=tomorrow"))) == tomorrow

    def test_only_with_photos(self, city: City, category: Category, customer: User) -> None:
        an_open_task(customer=customer, category=category, city=city, title="с фото", photos_count=2)
        an_open_task(customer=customer, category=category, city=city, title="без фото")
        assert titles(scope(customer, "photos=1")) == ["с фото"]

    def test_districts_of_a_city(self, city: City, category: Category, customer: User) -> None:
        lon, lat = MOSCOW
        an_open_task(customer=customer, category=category, city=city, at=(lon + 0.1, lat), title="восток")
        an_open_task(customer=customer, category=category, city=city, at=(lon - 0.1, lat), title="запад")
        an_open_task(customer=customer, category=category, city=city, at=None, title="удалённо")
        assert titles(scope(customer, "city=moscow&district=east")) == ["восток"]

    def test_the_address_says_the_filters_and_back(self) -> None:
        address = "sort=near&category=a&category=b&radius=5&at=37.6200%2C55.7500&district=x&price=1500&day=today&where=onsite&photos=1"
        query = asked(address)
        assert asked(query.address()) == query
        assert query == FeedQuery(
            sort="near", categories=("a", "b"), radius=5, at=(37.62, 55.75), districts=("x",), price=1500, day="today",
            where="onsite", photos=True,
        )  # fmt: skip

    @pytest.mark.parametrize(
        "address",
        [
            "sort=best",
            "radius=0",
            "radius=31",
            "radius=5.5",
            "price=-1",
            "price=1e9",
            "at=1",
            "at=nan,nan",
            "at=200,10",
            "day=monday",
        ],
    )
    def test_a_value_that_is_not_offered_is_passed_over_or_refused(self, address: str) -> None:
        params = QueryDict(address)
        assert parse(params, params.getlist, strict=False) == FeedQuery()
        with pytest.raises(InvalidInput):
            parse(params, params.getlist, strict=True)


class TestNews:
    def test_counts_what_was_posted_after_the_page(
        self, city: City, category: Category, customer: User, clock: Any
    ) -> None:
        made = clock.freeze(NOON)
        an_open_task(customer=customer, category=category, city=city, created_at=NOON - timedelta(minutes=1))
        wanted = FeedFilters(area=InCity(city.pk))
        assert news_count(wanted, since=made) == 0
        for minute in range(1, 4):
            an_open_task(customer=customer, category=category, city=city, created_at=NOON + timedelta(minutes=minute))
        assert news_count(wanted, since=made) == 3
        assert news_count(wanted, since=made, most=2) == 2


class TestCover:
    @pytest.mark.parametrize("radius", [300, 5_000, 13_000, 20_000, 30_000])
    def test_no_point_of_a_circle_is_left_out(self, radius: int) -> None:
        circle = Circle.around(*MOSCOW, radius)
        cells = cover([circle])
        step = circle.reach // 15
        for x in range(circle.x - circle.reach, circle.x + circle.reach + 1, step):
            for y in range(circle.y - circle.reach, circle.y + circle.reach + 1, step):
                if circle.holds(x, y):
                    near = (x // 8_192 + 4_096) * 8_192 + y // 8_192 + 4_096
                    far = (x // 32_768 + 4_096) * 8_192 + y // 32_768 + 4_096
                    assert (near in cells.near) + (far in cells.far) == 1
