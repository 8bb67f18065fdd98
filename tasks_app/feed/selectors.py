"""Reads of the open tasks: a page of the feed, how many are new, counts on the map."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from marketplace.kit.money import Money
from marketplace.kit.pagination import DAMAGED, Page, decode_key, encode_key
from marketplace.kit.rows import rows
from tasks_app.feed import sql
from tasks_app.feed.area import Around
from tasks_app.feed.filters import PAGE_SIZE, FeedFilters


class FeedRow(NamedTuple):
    """What anybody may see of an open task in a list (the title still with the contacts that people write into it). `x`, `y`: the centre of its cell in EPSG:3857, None when remote.
    `distance_m`: on the ground, from the nearest origin of the filters to that centre; None without one."""

    id: int
    version: int
    customer_id: int
    category_id: int
    city_id: int
    district_id: int | None
    title: str
    is_remote: bool
    timing: str
    starts_at: datetime | None
    ends_at: datetime | None
    budget: str
    price_minor: int | None
    price_high_minor: int | None
    currency: str
    max_responses: int
    responses_count: int
    photos_count: int
    secure_deal: bool
    created_at: datetime
    respond_by: datetime
    x: int | None
    y: int | None
    distance_m: float | None

    @property
    def price(self) -> Money | None:
        return None if self.price_minor is None else Money(self.price_minor, self.currency)

    @property
    def price_high(self) -> Money | None:
        return None if self.price_high_minor is None else Money(self.price_high_minor, self.currency)

    @property
    def is_full(self) -> bool:
        return self.responses_count >= self.max_responses


def feed_page(filters: FeedFilters, *, after: str | None = None, size: int = PAGE_SIZE) -> Page[FeedRow]:
    """One page in one query: nearest or newest first. Raises InvalidInput for a key that is not of this order.

    What the clock has ended and no job has closed yet is left out: such a page is shorter, and a page of nothing else is passed over.
    """
    key = _key(filters, after) if after else None
    while True:
        found = rows(*sql.page(filters, key, size + 1))
        read = [_row(filters, values) for values in found[:size]]
        moment = now()
        shown = [row for row in read if moment < row.respond_by]
        if len(found) <= size:
            return Page(shown, None)
        last = read[-1]
        key = [found[size - 1][-1] if filters.by_distance else last.created_at.isoformat(), last.id]
        if shown:
            return Page(shown, encode_key(key))


def news_count(filters: FeedFilters, *, since: datetime, most: int = PAGE_SIZE) -> int:
    """How many tasks of these filters were posted after the moment; counted up to `most`."""
    where = "onsite" if filters.by_distance else filters.where
    found = sql.later_than(replace(filters, order="new", where=where), since, most)
    counted = sql.Statement(f"SELECT count(*) FROM ({found.sql}) AS found", found.params)  # noqa: S608
    return min(most, int(rows(*counted)[0][0]))


def answered_by(user_id: int, task_ids: Iterable[int]) -> dict[int, str]:
    """The person's own responses to these tasks: task id → status."""
    asked = "SELECT task_id, status FROM tasks_app_response WHERE executor_id = %s AND task_id = ANY(%s)"
    return dict(rows(asked, [user_id, list(task_ids)]))


_DISTRICT = FeedRow._fields.index("district_id")


def _row(filters: FeedFilters, values: tuple[Any, ...]) -> FeedRow:
    x, y = values[-3], values[-2]
    distance = None
    if x is not None and isinstance(filters.area, Around):
        distance = filters.area.metres_to(x, y, values[_DISTRICT])
    return FeedRow._make((*values[:-1], distance))


def _key(filters: FeedFilters, after: str) -> list[Any]:
    first, last = decode_key(after, 2)
    if not isinstance(first, int if filters.by_distance else str) or not isinstance(last, int):
        raise InvalidInput(field="after", reason=DAMAGED)
    return [first, last]
