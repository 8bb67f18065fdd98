"""Emptying the tables after a test with real transactions.

Django truncates every table, which gives each of them and of their indexes a new file, and then writes the content types and
permissions anew. Most tests fill some tables with a handful of rows: those rows are deleted; content types and
permissions, which no test changes, stay.
"""

from functools import cache

from django.db import connection
from django.db.backends.utils import CursorWrapper

KEPT = frozenset({"django_content_type", "auth_permission"})
PARTITIONED = ("tasks_app_ping",)  # made by SQL: not among the tables that Django lists
MANY_BYTES = 8_000_000  # from here on new files are cheaper than deleting row by row


@cache
def tables() -> tuple[str, ...]:
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return tuple(sorted({*known, *PARTITIONED} - KEPT))


def filled() -> list[str]:
    """The tables that hold a row."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables()))
        return [name for (name,) in cursor.fetchall()]


def empty() -> None:
    """No row is left in any table. What refuses a deletion (the ledger, the audit, documents) stands aside meanwhile."""
    names = filled()
    with connection.cursor() as cursor:
        if _size(cursor, names) > MANY_BYTES:
            cursor.execute(f"TRUNCATE {', '.join(tables())}")
            return
        guarded = sorted(set(names) & _refusing(cursor))
        # Three transactions: a table with deletions whose references are still to be checked cannot be altered.
        try:
            _each(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", guarded)
            _each(cursor, "DELETE FROM {}", names)
        finally:
            _each(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", guarded)


def _size(cursor: CursorWrapper, names: list[str]) -> int:
    cursor.execute("SELECT coalesce(sum(pg_relation_size(name::regclass)), 0) FROM unnest(%s::text[]) AS name", [names])
    return int(cursor.fetchone()[0])


def _refusing(cursor: CursorWrapper) -> set[str]:
    """Tables with a trigger of ours that is asked before or after a deletion."""
    cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 8 <> 0")
    return {name for (name,) in cursor.fetchall()}


def _each(cursor: CursorWrapper, statement: str, names: list[str]) -> None:
    if names:
        cursor.execute("; ".join(statement.format(name) for name in names))
