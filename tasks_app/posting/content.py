"""What a draft holds, read with its category and city."""

from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tasks_app.catalogue.selectors import active_cities, category_by_slug
from tasks_app.models import Category, City

Values = dict[str, Any]


class DraftContent:
    """`data` is TaskDraft.data: part → the values its cleaning let through."""

    def __init__(self, data: Values) -> None:
        self.data = data

    def part(self, name: str) -> Values:
        values: Values = self.data.get(name) or {}
        return values

    @cached_property
    def category(self) -> Category | None:
        slug = self.part("category").get("category")
        return category_by_slug(slug) if slug else None

    @cached_property
    def city(self) -> City | None:
        slug = self.part("place").get("city")
        return active_cities().filter(slug=slug).first() if slug else None

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone; Moscow's until a city is known."""
        return ZoneInfo(self.city.time_zone if self.city else "Europe/Moscow")
