"""However many questions are asked of the feed, nobody learns more of a place than its public cell."""

import json
from random import Random

import pytest
from django.test import Client

from tasks_app.feed.area import Around, Circle
from tasks_app.feed.filters import FeedFilters
from tasks_app.feed.selectors import feed_page
from tasks_app.models import City, Task
from tests.factories import MOSCOW, make_category, make_city, make_customer
from tests.tasks_app.feed.leaves import an_open_task

pytestmark = pytest.mark.django_db
SECRET = "Секретная улица, 7"


@pytest.fixture
def city() -> City:
    return make_city()


def two_in_one_cell(city: City) -> tuple[Task, Task]:
    """Two tasks of one public cell whose exact places are as far apart as the cell allows to find quickly."""
    customer, category, random = make_customer(), make_category(), Random(5)
    first = an_open_task(customer=customer, category=category, city=city, at=MOSCOW)
    best = first
    for _try in range(60):
        at = (MOSCOW[0] + random.uniform(-0.006, 0.006), MOSCOW[1] + random.uniform(-0.004, 0.004))
        other = an_open_task(customer=customer, category=category, city=city, at=at)
        other.refresh_from_db()
        same = other.public_point.equals(first.public_point)
        if same and other.point.distance(first.point) > best.point.distance(first.point):
            best = other
    assert best.point.distance(first.point) > 0.001  # some 70 metres at least
    return first, best


def asked_from(circle: Circle, tasks: tuple[Task, Task]) -> list[float | None]:
    """The distances that a page tells of the tasks."""
    seen: dict[int, float | None] = {}
    after = None
    while True:
        page = feed_page(FeedFilters(area=Around((circle,)), order="near"), after=after)
        seen |= {row.id: row.distance_m for row in page.rows}
        after = page.next_key
        if after is None:
            return [seen.get(task.pk) for task in tasks]


def test_a_thousand_questions_tell_two_places_of_a_cell_apart_by_nothing(city: City) -> None:
    """Distances and the edge of the radius answer for the cell's centre: for both tasks the same, always."""
    tasks = two_in_one_cell(city)
    Task.objects.exclude(pk__in=[task.pk for task in tasks]).delete()
    random = Random(11)
    told = 0
    for _question in range(1_000):
        at = (MOSCOW[0] + random.uniform(-0.05, 0.05), MOSCOW[1] + random.uniform(-0.03, 0.03))
        first, second = asked_from(Circle.around(*at, random.randint(300, 4_000)), tasks)
        assert first == second
        told += first is not None
    assert told > 200


def test_trilateration_finds_the_centre_of_the_cell_and_no_more(city: City) -> None:
    task = an_open_task(customer=make_customer(), category=make_category(), city=city, at=MOSCOW)
    task.refresh_from_db()
    random = Random(13)
    best, smallest = (0.0, 0.0), float("inf")
    measured = []
    for _question in range(40):
        circle = Circle.around(MOSCOW[0] + random.uniform(-0.03, 0.03), MOSCOW[1] + random.uniform(-0.02, 0.02), 9_000)
        (row,) = feed_page(FeedFilters(area=Around((circle,)), order="near")).rows
        assert row.distance_m is not None
        measured.append((circle.x, circle.y, row.distance_m * circle.scale))
    exact = task.point.transform(3857, clone=True)
    for x in range(round(exact.x) - 900, round(exact.x) + 901, 20):
        for y in range(round(exact.y) - 900, round(exact.y) + 901, 20):
            error = sum((((x - a) ** 2 + (y - b) ** 2) ** 0.5 - d) ** 2 for a, b, d in measured)
            if error < smallest:
                best, smallest = (x, y), error
    assert abs(best[0] - task.public_point.x) <= 20
    assert abs(best[1] - task.public_point.y) <= 20


@pytest.mark.parametrize(
    "path",
    ["/feed/", "/en/feed/", "/feed/map/", "/feed/map.json", "/api/v1/feed", "/tasks/{id}/", "/api/v1/tasks/{id}"],
)
def test_no_page_holds_the_address_or_the_exact_point(client: Client, city: City, path: str) -> None:
    at = (37.617698, 55.751244)
    customer = make_customer("Мария Смирнова")
    task = an_open_task(customer=customer, category=make_category(), city=city, at=at, flat="квартира 19")
    answer = client.get(path.format(id=task.pk))
    assert answer.status_code == 200
    body = answer.content.decode()
    texts = (
        [body, json.dumps(json.loads(body), ensure_ascii=False)] if path.endswith("json") or "api" in path else [body]
    )
    for text in texts:
        for canary in (SECRET, "квартира 19", "37.6176", "55.7512", customer.phone, customer.email, "Смирнова"):
            assert str(canary) not in text
