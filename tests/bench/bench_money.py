"""Paid responses a second, beside the same money rows in bare SQL: a lock, an entry, two postings and a charge in one commit.

The three are done in turns, one by one, on one connection, so that a busy machine slows all alike. Live events go to Redis
as they do in the product. BENCH_MONEY_RESPONSES=2000 sends more.
"""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace.accounts.models import ExecutorProfile, User
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import services as payments
from payments.ledger.reconciliation import mismatches
from payments.ledger.services import platform_account, wallet_of
from payments.models import Charge, Tariff
from tasks_app.models import Response, Task
from tasks_app.responses.services import send_response
from tests.bench.results import Figures
from tests.payments.factories import category, city, person, tariff

RESPONSES = int(os.environ.get("BENCH_MONEY_RESPONSES", "400"))
WARM = 10  # connections, caches and kept plans
FEE = 12_000
Job = Callable[[], object]
_names = count(1)


@pytest.mark.django_db(transaction=True)
def test_paid_responses_beside_bare_sql(settings: Any) -> None:
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "marketplace.kit.channel_layer.LiveChannelLayer",
            "CONFIG": {"hosts": [settings.REDIS_URL], "prefix": "bench"},
        }
    }
    price_list, executor = tariff(FEE), _executor()
    whole, charged, bare = _per_second(
        [_sending(executor, task) for task in _tasks()],
        [_charging(executor, row) for row in _responses(executor)],
        [_postings(executor, price_list, row) for row in _responses(executor)],
    )
    assert Charge.objects.count() == 3 * (RESPONSES + WARM)
    assert list(mismatches()) == []
    one_more = _sending(executor, _tasks()[0])
    with CaptureQueriesContext(connection) as statements:
        one_more()
    figures = Figures("money")
    figures.add("money-paid-response-statements", value=len(statements), unit="", note="with BEGIN and COMMIT")
    figures.add(
        "money-paid-responses-per-second", value=whole, unit="1/s", note="one connection, every row of a response"
    )
    figures.add("money-bare-sql-per-second", value=bare, unit="1/s", note="lock, entry, two postings, charge, commit")
    figures.add("money-charge-over-sql", value=charged / bare, yardstick=1, unit="ratio", note="the fee alone")
    figures.add("money-paid-response-over-sql", value=whole / bare, yardstick=1, unit="ratio", bar=">= 0.25")
    figures.write()
    assert not figures.missed, figures.missed


def _per_second(*kinds: list[Job]) -> list[float]:
    """How many a second of each kind; one of each in turn."""
    spent = [0.0] * len(kinds)
    for turn, jobs in enumerate(zip(*kinds, strict=True)):
        for kind, job in enumerate(jobs):
            started = time.perf_counter()
            job()
            if turn >= WARM:
                spent[kind] += time.perf_counter() - started
    return [RESPONSES / seconds for seconds in spent]


def _executor() -> User:
    executor = person()
    ExecutorProfile.objects.create(user=executor, verification=ExecutorProfile.Verification.VERIFIED)
    gift = Money(FEE * (RESPONSES + WARM) * 4)
    payments.grant_promotion(user_id=executor.pk, amount=gift, operation="bench", why="bench")
    platform_account("revenue")
    return executor


def _tasks() -> list[Task]:
    customer = person("Ирина Павлова")
    rows = [
        Task(
            customer=customer, category=category(), city=city(), title="Повесить люстру", is_remote=True, status="open",
            respond_by=now() + timedelta(days=7),
        )
        for _i in range(RESPONSES + WARM)
    ]  # fmt: skip
    return Task.objects.bulk_create(rows)


def _responses(executor: User) -> list[Response]:
    rows = [
        Response(
            task=task, executor=executor, operation=f"bench-{next(_names)}", message="Приеду сегодня", price_minor=230_000,
            unopened_due_at=now() + timedelta(hours=48),
        )
        for task in _tasks()
    ]  # fmt: skip
    return Response.objects.bulk_create(rows)


def _sending(executor: User, task: Task) -> Job:
    return lambda: send_response(
        task_id=task.pk,
        by=executor,
        message="Приеду сегодня, всё есть с собой.",
        price=Money(230_000),
        available_at=None,
        operation=f"bench-{next(_names)}",
    )


def _charging(executor: User, row: Response) -> Job:
    return lambda: payments.charge_response_fee(
        user_id=executor.pk,
        response_id=row.pk,
        category_id=row.task.category_id,
        city_id=row.task.city_id,
        task_id=row.task_id,
        title=row.task.title,
        unopened_until=row.unopened_due_at,
    )


def _postings(executor: User, price_list: Tariff, row: Response) -> Job:
    wallet, revenue = wallet_of(executor.pk).pk, platform_account("revenue").pk

    def write() -> None:
        at = now()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT balance_minor FROM payments_account WHERE id = %s FOR UPDATE", [wallet])
            cursor.execute(
                """INSERT INTO payments_entry (operation, kind, at, memo) VALUES (%s, 'response_fee', %s, '{}')
                   ON CONFLICT DO NOTHING RETURNING id""",
                [f"response:{row.pk}", at],
            )
            (entry,) = cursor.fetchone()
            cursor.execute(
                """INSERT INTO payments_posting (entry_id, account_id, amount_minor, currency)
                   VALUES (%s, %s, %s, 'RUB'), (%s, %s, %s, 'RUB')""",
                [entry, wallet, -FEE, entry, revenue, FEE],
            )
            cursor.execute(
                """INSERT INTO payments_charge (covered_by, amount_minor, currency, status, charged_at, unopened_until,
                       response_id, user_id, entry_id, tariff_id)
                   VALUES ('wallet', %s, 'RUB', 'charged', %s, %s, %s, %s, %s, %s)""",
                [FEE, at, row.unopened_due_at, row.pk, executor.pk, entry, price_list.pk],
            )

    return write
