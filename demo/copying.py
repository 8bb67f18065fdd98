"""Many plain rows at once, through PostgreSQL's COPY: constraints and triggers see them like any others."""

import io
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.safestring import SafeString

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(model: type[Model], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """`columns`: names in the table. Dicts become JSON; None is NULL."""
    lines = io.StringIO()
    for row in rows:
        lines.write("\t".join(map(_written, row)))
        lines.write("\n")
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_from(lines, model._meta.db_table, columns=columns)


def _written(value: Any) -> str:
    return _BY_TYPE.get(type(value), str)(value)


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _json(value: Any) -> str:
    return _text(json.dumps(value, ensure_ascii=False))


_BY_TYPE: dict[type, Callable[[Any], str]] = {
    type(None): lambda _value: "\\N",
    str: _text,
    SafeString: _text,
    datetime: datetime.isoformat,
    date: date.isoformat,
    dict: _json,
    list: _json,
}


def take_ids(model: type[Model], count: int) -> list[int]:
    """Numbers from the table's own sequence, for rows that other rows are to point at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]
