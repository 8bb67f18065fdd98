"""Plain rows for the few reads that every page makes: there the ORM's own time is several times the database's."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection


class Prepared:
    """A statement whose plan the database keeps for the life of a connection: where planning costs more than running.

    Write it with %s for its parameters, and casts where their types do not follow from the place they stand in.
    """

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.name = f"kept_{sha256(sql.encode()).hexdigest()[:16]}"
        number = count(1)
        pieces = sql.split("%s")
        self.definition = pieces[0] + "".join(f"${next(number)}{piece}" for piece in pieces[1:])
        self.call = f"EXECUTE {self.name} ({', '.join(['%s'] * (len(pieces) - 1))})"


_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # by the driver's connection


def rows(sql: str | Prepared, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement, as tuples."""
    with connection.cursor() as cursor:
        _execute(cursor, sql, params)
        return list(cursor.fetchall())


def first_value(sql: str | Prepared, params: Sequence[Any]) -> Any:
    """The first column of the first row; None without rows."""
    with connection.cursor() as cursor:
        _execute(cursor, sql, params)
        row = cursor.fetchone()
    return row[0] if row else None


def _execute(cursor: Any, statement: str | Prepared, params: Sequence[Any]) -> None:
    """Behind a pooler that lends a connection per transaction a kept plan is of no use: the statement is sent as it is."""
    if isinstance(statement, str) or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        cursor.execute(statement if isinstance(statement, str) else statement.sql, params)
        return
    known = _prepared.setdefault(connection.connection, set())
    if statement.name not in known:
        with connection.wrap_database_errors:  # beside the counted statements: it is no work of the caller's
            cursor.cursor.execute(f"PREPARE {statement.name} AS {statement.definition}")
        known.add(statement.name)
    cursor.execute(statement.call, params)
