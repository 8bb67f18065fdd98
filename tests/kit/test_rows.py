"""Plain statements, and those whose plan a connection keeps."""

import pytest
from django.db import DataError, connection, transaction

from marketplace.kit.rows import Prepared, first_value, rows

pytestmark = pytest.mark.django_db
SUM = Prepared("SELECT %s::int + x FROM unnest(%s::int[]) AS x ORDER BY x")


PRODUCT = Prepared("SELECT %s::int * %s::int")


def kept(statement: Prepared) -> int:
    return int(first_value("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [statement.name]))


def test_a_kept_plan_answers_as_the_plain_statement_does() -> None:
    assert rows(SUM, [1, [2, 3]]) == rows(SUM.sql, [1, [2, 3]]) == [(3,), (4,)]
    assert rows(SUM, [5, []]) == []
    assert kept(SUM) == 1


def test_a_plan_outlives_the_transaction_that_made_it() -> None:
    @transaction.atomic
    def fails() -> None:
        rows(SUM, [1, [2]])
        rows("SELECT 1 / 0", [])

    with pytest.raises(DataError):
        fails()
    assert rows(SUM, [1, [2]]) == [(3,)]


def test_behind_a_pooler_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert rows(PRODUCT, [3, 2]) == [(6,)]
    assert kept(PRODUCT) == 0


def test_a_refused_first_call_leaves_a_plan_that_serves() -> None:
    root = Prepared("SELECT 1 / %s::int")

    @transaction.atomic
    def fails() -> None:
        rows(root, [0])

    for _again in range(2):
        with pytest.raises(DataError):
            fails()
    assert rows(root, [1]) == [(1,)]
