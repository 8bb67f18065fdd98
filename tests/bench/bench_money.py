"""Paid responses a second, beside the same money rows in bare SQL: a lock, an entry, two postings and a charge in one commit.

Both are done in turns on one connection, so that a busy machine slows both. BENCH_MONEY_RESPONSES=2000 sends more.
"""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection, transaction

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
ROUNDS = 4
FEE = 12_000
_names = count(1)


@pytest.mark.django_db(transaction=True)
def test_paid_responses_beside_bare_sql() -> None:
    price_list = tariff(FEE)
    executor = _executor()
    figures = Figures("money")
    whole, charged, bare = 0.0, 0.0, 0.0
    for _round in range(ROUNDS):
        whole = max(whole, _per_second([_sending(executor, task) for task in _tasks()]))
        charged = max(charged, _per_second([_charging(executor, row) for row in _responses(executor)]))
        bare = max(bare, _per_second([_postings(executor, price_list, row) for row in _responses(executor)]))
    assert Charge.objects.count() == 3 * ROUNDS * (RESPONSES // ROUNDS)
    assert list(mismatches()) == []
    figures.add(
        "money-paid-responses-per-second", value=whole, unit="1/s", note="one connection, every row of a response"
    )
    figures.add("money-bare-sql-per-second", value=bare, unit="1/s", note="lock, entry, two postings, charge, commit")
    figures.add("money-charge-over-sql", value=charged / bare, yardstick=1, unit="ratio", note="the fee alone")
    figures.add("money-paid-response-over-sql", value=whole / bare, yardstick=1, unit="ratio", bar=">= 0.25")
    figures.write()
    assert not figures.missed, figures.missed


def _per_second(jobs: list[Callable[[], object]]) -> float:
    jobs[0]()  # connections and caches are warm
    started = time.perf_counter()
    for job in jobs[1:]:
        job()
    return (len(jobs) - 1) / (time.perf_counter() - started)


def _executor() -> User:
    executor = person()
    ExecutorProfile.objects.create(user=executor, verification=ExecutorProfile.Verification.VERIFIED)
    gift = Money(FEE * RESPONSES * 4)
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
        for _i in range(RESPONSES // ROUNDS)
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


def _sending(executor: User, task: Task) -> Callable[[], object]:
    return lambda: send_response(
        task_id=task.pk,
        by=executor,
        message="Приеду сегодня, всё есть с собой.",
        price=Money(230_000),
        available_at=None,
        operation=f"bench-{next(_names)}",
    )


def _charging(executor: User, row: Response) -> Callable[[], object]:
    return lambda: payments.charge_response_fee(
        user_id=executor.pk,
        response_id=row.pk,
        category_id=row.task.category_id,
        city_id=row.task.city_id,
        task_id=row.task_id,
        title=row.task.title,
        unopened_until=row.unopened_due_at,
    )


def _postings(executor: User, price_list: Tariff, row: Response) -> Callable[[], object]:
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
