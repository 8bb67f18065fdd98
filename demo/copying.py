"""Many plain rows at once, through PostgreSQL's COPY: constraints and triggers see them like any others."""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import ForeignKey, Model
from django.utils.safestring import SafeString

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def save_rows(objects: Sequence[Model]) -> None:
    """New objects of one model, as `bulk_create` saves them: they get their ids, and those of what they point at."""
    if not objects:
        return
    model = type(objects[0])
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    pointers = [field for field in fields if isinstance(field, ForeignKey)]
    for one, pk in zip(objects, take_ids(model, len(objects)), strict=True):
        one.pk, one._state.adding, one._state.db = pk, False, connection.alias
        for field in pointers:
            if field.is_cached(one) and (other := field.get_cached_value(one)) is not None:
                setattr(one, field.attname, other.pk)
    values = attrgetter(*(field.attname for field in fields))
    copy_rows(model, tuple(str(field.column) for field in fields), map(values, objects))


def copy_rows(model: type[Model], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """`columns`: names in the table. Dicts become JSON; None is NULL."""
    copy_lines(model, columns, ("\t".join(map(_written, row)) for row in rows))


def copy_lines(model: type[Model], columns: tuple[str, ...], lines: Iterable[str]) -> None:
    """Rows as COPY reads them: values parted by tabs."""
    with connection.cursor() as cursor:
        cursor.copy_from(io.StringIO("\n".join(lines)), model._meta.db_table, columns=columns)


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
    Point: lambda point: point.hexewkb.decode(),
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
