"""The feed's hand-written statements give the rows of the naive query, in its order, page after page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks_app.feed.area import Around, Circle, InCity
from tasks_app.feed.filters import FeedFilters
from tasks_app.feed.selectors import feed_page
from tasks_app.models import Category, City, District
from tests.factories import make_city, make_customer
from tests.tasks_app.feed.leaves import CENTRE, many_open_tasks, some_categories
from tests.tasks_app.feed.naive import naive_feed

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def crowded_city(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> Iterator[City]:
    """300 tasks for all the examples of the module; rolled back at the end."""
    from django.db import transaction

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with transaction.atomic():
            city = make_city()
            other = make_city("kazan", bounds=(48.9, 55.6, 49.4, 55.9))
            random, categories, customer = Random(7), some_categories(), make_customer()
            many_open_tasks(random, 260, customer=customer, categories=categories, city=city, start=START)
            many_open_tasks(random, 40, customer=customer, categories=categories, city=other, start=START)
            yield city
            transaction.set_rollback(True)


@st.composite
def circles(draw: st.DrawFn) -> Circle:
    longitude = CENTRE[0] + draw(st.floats(-0.4, 0.4))
    latitude = CENTRE[1] + draw(st.floats(-0.4, 0.4))
    return Circle.around(longitude, latitude, draw(st.sampled_from([500, 1_000, 5_000, 12_000, 16_000, 30_000])))


@st.composite
def filters(draw: st.DrawFn) -> FeedFilters:
    city = City.objects.get(slug="moscow")
    districts = District.objects.filter(city=city).order_by("id")
    chosen = tuple(draw(st.sets(st.sampled_from([d.pk for d in districts]), max_size=2)))
    area: Around | InCity
    if draw(st.booleans()):
        area = Around(tuple(draw(st.lists(circles(), max_size=3))), chosen)
    else:
        area = InCity(city.pk, chosen)
    categories = [c.pk for c in Category.objects.order_by("id")]
    day = START.replace(hour=0) + timedelta(days=draw(st.integers(-1, 2)))
    return FeedFilters(
        area=area,
        category_ids=draw(st.none() | st.sets(st.sampled_from(categories)).map(tuple)),
        order=draw(st.sampled_from(["near", "new"])),
        where=draw(st.sampled_from(["any", "onsite", "remote"])),
        price_from_minor=draw(st.none() | st.sampled_from([0, 100_000, 400_000])),
        day=draw(st.sampled_from([None, (day, day + timedelta(days=1))])),
        with_photos=draw(st.booleans()),
    )


@pytest.mark.django_db
@given(data=st.data(), size=st.sampled_from([1, 7, 20]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_joined_are_the_naive_list(
    crowded_city: City, django_db_blocker: object, data: st.DataObject, size: int
) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        wanted = data.draw(filters())
        seen: list[int] = []
        after = None
        for _page in range(400):
            page = feed_page(wanted, after=after, size=size)
            seen += [row.id for row in page.rows]
            after = page.next_key
            if after is None:
                break
        assert seen == naive_feed(wanted)
