"""What somebody wants to see of the open tasks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tasks_app.feed.area import Area, Around

Order = Literal["near", "new"]
Where = Literal["any", "onsite", "remote"]
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class FeedFilters:
    """`category_ids`: None for all of them. `price_from_minor`: hides tasks without a price. `day`: a half-open span, UTC;
    tasks of any time belong to every day. `where`: remote tasks have no place, so they never appear by distance."""

    area: Area
    category_ids: tuple[int, ...] | None = None
    order: Order = "new"
    where: Where = "any"
    price_from_minor: int | None = None
    day: tuple[datetime, datetime] | None = None
    with_photos: bool = False

    @property
    def by_distance(self) -> bool:
        """Distance needs a point to start from."""
        return (
            self.order == "near"
            and self.where != "remote"
            and isinstance(self.area, Around)
            and bool(self.area.circles)
        )
