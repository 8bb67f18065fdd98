from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from marketplace.kit import clock as kit_clock

MOMENT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """A small world, loaded once for the module inside a transaction that is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        kit_clock.use_source(lambda: MOMENT)
        call_command("load_demo", scale=0.03, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        kit_clock.use_source(None)
        yield
        transaction.set_rollback(True)
