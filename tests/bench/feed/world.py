"""A market of any size, written by the database itself: five cities (half of all tasks in the first), categories of very
different popularity, most tasks near the centres, and closed tasks among the open ones."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from marketplace.accounts.models import ExecutorProfile, ServicePoint, User
from marketplace.accounts.services import make_person
from tasks_app.models import Category, City

DATABASE = "bench_feed"
TASKS_PER_CUSTOMER = 20
CLOSED_SHARE = 4  # a closed task for every four open ones; no index of the feed holds them

_CUSTOMERS = """
INSERT INTO accounts_user (public_id, name, phone, phone_confirmed_at, password, is_superuser, language, photo, staff_role,
                           is_active, date_joined)
SELECT gen_random_uuid(), 'Анна Волкова', '+7' || (9000000000 + n), now(), '!', false, 'ru', '', '', true,
       now() - interval '90 days'
FROM generate_series(%(first)s, %(last)s) AS n
"""

# A Gaussian around the centre; a cell's side of 500 m is 500 / cos(latitude) units of EPSG:3857.
_TASKS = """
WITH city AS (
    SELECT array_agg(id ORDER BY position) AS ids, array_agg(ST_X(middle) ORDER BY position) AS xs,
           array_agg(ST_Y(middle) ORDER BY position) AS ys,
           array_agg(500 / cos(radians(ST_Y(centre))) ORDER BY position) AS steps
    FROM (SELECT *, ST_Transform(centre, 3857) AS middle FROM tasks_app_city) AS c
), kind AS (SELECT array_agg(id ORDER BY position, id) AS ids FROM tasks_app_category),
person AS (SELECT min(id) AS low, count(*) AS many FROM accounts_user WHERE name = 'Анна Волкова'),
raw AS (
    SELECT n, CASE WHEN random() < 0.5 THEN 1 ELSE 2 + floor(random() * 4)::int END AS place,
           random() AS r1, random() AS r2, random() AS r3, random() AS r4, random() AS r5, random() AS r6, random() AS r7
    FROM generate_series(1, %(count)s) AS n
), placed AS (
    SELECT raw.*, city.ids[place] AS city_id, kind.ids[1 + floor(power(r1, 2.2) * %(kinds)s)::int] AS category_id,
           city.steps[place] AS step,
           city.xs[place] + 8000 / 0.56 * sqrt(-2 * ln(greatest(r2, 1e-9))) * cos(2 * pi() * r3) AS x,
           city.ys[place] + 8000 / 0.56 * sqrt(-2 * ln(greatest(r2, 1e-9))) * sin(2 * pi() * r3) AS y,
           person.low + floor(r4 * person.many)::int AS customer_id
    FROM raw, city, kind, person
)
INSERT INTO tasks_app_task (customer_id, category_id, city_id, status, title, details, answers, is_remote, address, flat,
    public_point, timing, starts_at, ends_at, budget, price_minor, price_high_minor, currency, max_responses,
    responses_count, photos_count, version, created_at, respond_by)
SELECT customer_id, category_id, city_id, %(status)s, 'Повесить люстру и два бра', '', '{}', false, '', '',
    ST_SetSRID(ST_MakePoint(round((floor(x / step) + 0.5) * step), round((floor(y / step) + 0.5) * step)), 3857),
    CASE WHEN r5 < 0.4 THEN 'flexible' ELSE 'window' END,
    CASE WHEN r5 < 0.4 THEN NULL ELSE date_trunc('hour', now()) + interval '1 hour' * floor(r6 * 96) END,
    CASE WHEN r5 < 0.4 THEN NULL ELSE date_trunc('hour', now()) + interval '1 hour' * floor(r6 * 96 + 3) END,
    CASE WHEN r7 < 0.3 THEN 'offer' ELSE 'fixed' END,
    CASE WHEN r7 < 0.3 THEN NULL ELSE 50000 + 10000 * floor(power(r3, 3) * 100)::bigint END, NULL, 'RUB', 10,
    floor(r6 * 6)::int, CASE WHEN r2 < 0.3 THEN 2 ELSE 0 END, 1,
    now() - interval '1 second' * floor(r4 * 1209600), now() + interval '7 days'
FROM placed
"""


@contextmanager
def bench_database() -> Iterator[None]:
    """A database of its own, copied from the test database's empty tables and dropped at the end."""
    usual = {name: connection.settings_dict[name] for name in ("NAME", "CONN_MAX_AGE")}
    template = usual["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        cursor.execute(f'CREATE DATABASE {DATABASE} TEMPLATE "{template}"')
    connection.settings_dict |= {"NAME": DATABASE, "CONN_MAX_AGE": None}
    try:
        call_command("load_reference", verbosity=0)
        _forget_foreign_keys()
        yield
    finally:
        connection.close()
        connection.settings_dict |= usual
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"DROP DATABASE {DATABASE}")


def grow(open_tasks: int, before: int = 0) -> None:
    """From `before` open tasks to `open_tasks`. Large steps are written without the indexes, which are then built anew."""
    more = open_tasks - before
    with connection.cursor() as cursor:
        cursor.execute(
            _CUSTOMERS, {"first": before // TASKS_PER_CUSTOMER + 1, "last": open_tasks // TASKS_PER_CUSTOMER}
        )
        indexes = _drop_indexes(cursor) if more > 50_000 else []
        for status, count in (("open", more), ("closed", more // CLOSED_SHARE)):
            cursor.execute(_TASKS, {"count": count, "kinds": Category.objects.count(), "status": status})
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM (ANALYZE) tasks_app_task")
        cursor.execute("ANALYZE accounts_user")


def an_executor() -> User:
    """Works in five categories within 10 km of a point off the first city's centre."""
    user = make_person(name="Андрей Королёв", phone="+79161112233", email="bench@example.org")
    profile = ExecutorProfile.objects.create(user=user, verification="verified")
    profile.categories.set(Category.objects.order_by("position", "id")[5:10])
    centre = City.objects.order_by("position").first().centre  # type: ignore[union-attr]
    centre.x += 0.02
    ServicePoint.objects.create(profile=profile, point=centre, radius_m=10_000)
    return user


def _forget_foreign_keys() -> None:
    """The rows written here have keys that are known to be right; checking millions of them is not what is measured."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'tasks_app_task'::regclass AND contype = 'f'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE tasks_app_task DROP CONSTRAINT {name}")


def _drop_indexes(cursor) -> list[str]:  # type: ignore[no-untyped-def]
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'tasks_app_task' AND indexname NOT LIKE '%_pkey'"
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]
