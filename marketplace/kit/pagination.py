"""Lists are paged by key, never by offset: a page starts after the last row seen, whatever was inserted meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import InvalidInput

Row = TypeVar("Row")
_SALT = "page-key"
DAMAGED = _("This page address is damaged. Start from the first page.")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`next_key` is None on the last page."""

    rows: list[Row]
    next_key: str | None


def encode_key(values: Sequence[Any]) -> str:
    return signing.dumps([v.isoformat() if hasattr(v, "isoformat") else v for v in values], salt=_SALT, compress=False)


def decode_key(key: str, length: int) -> list[Any]:
    """Raises InvalidInput when the key was not made by us."""
    try:
        values = signing.loads(key, salt=_SALT)
    except signing.BadSignature as error:
        raise InvalidInput(field="after", reason=DAMAGED) from error
    if not isinstance(values, list) or len(values) != length:
        raise InvalidInput(field="after", reason=DAMAGED)
    return values


def key_page(
    queryset: "QuerySet[Any]", *, order: Sequence[str], after: str | None, size: int, descending: bool = True
) -> Page[Any]:
    """One page of `queryset` ordered by the fields `order` (all in one direction; the last one unique)."""
    if after:
        queryset = queryset.filter(_beyond(order, decode_key(after, len(order)), "lt" if descending else "gt"))
    rows = list(queryset.order_by(*(f"-{name}" if descending else name for name in order))[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, encode_key([_value(rows[-1], name) for name in order]) if more else None)


def _beyond(order: Sequence[str], values: Sequence[Any], operator: str) -> Q:
    condition = Q()
    for index, name in enumerate(order):
        equal = {order[i]: values[i] for i in range(index)}
        condition |= Q(**equal, **{f"{name}__{operator}": values[index]})
    return condition


def _value(row: "Model | dict[str, Any]", name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)
