"""After a test with real transactions no row is left, and every guard of the ledger stands again."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction

from payments.models import Entry
from tasks_app.models import Task
from tasks_app.tracking import consent
from tasks_app.tracking import services as tracking
from tests import emptying
from tests.conftest import Clock
from tests.journeys import steps
from tests.tasks_app.tracking.conftest import DEVICE, point

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def a_life(clock: Clock) -> None:
    """A paid deal, finished, with a position on the way: tables that refuse deletions, refer to each other, have parts."""
    deal = steps.assigned()
    clock.freeze()
    tracking.start_shift(user=deal.executor, device_id=DEVICE, consent_version=consent.VERSION)
    clock.advance(minutes=1)
    tracking.accept_pings(user=deal.executor, device_id=DEVICE, batch={"points": [point(clock.now())]})
    steps.accept(steps.finish(deal))


@pytest.mark.parametrize("many_bytes", [emptying.MANY_BYTES, 0], ids=["few rows", "many rows"])
def test_nothing_is_left_but_what_the_migrations_made(a_life: None, monkeypatch: Any, many_bytes: int) -> None:
    monkeypatch.setattr(emptying, "MANY_BYTES", many_bytes)
    kept = ContentType.objects.count(), Permission.objects.count()
    assert {"payments_posting", "payments_account", "tasks_app_ping", "accounts_user"} <= set(emptying.filled())

    emptying.empty()

    assert emptying.filled() == []
    assert (ContentType.objects.count(), Permission.objects.count()) == kept


def test_the_guards_stand_again(a_life: None) -> None:
    emptying.empty()
    steps.assigned()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'")
        assert cursor.fetchone() == (0,)


def test_every_test_with_real_transactions_ends_so() -> None:
    """The tests before this one in the file have left nothing."""
    assert emptying.filled() == []
    assert not Task.objects.exists()
