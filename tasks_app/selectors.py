"""What other packages may read of tasks (the rooms hold the code)."""

from tasks_app.catalogue.search import search_categories
from tasks_app.catalogue.selectors import (
    active_cities,
    category_by_slug,
    city_at,
    city_by_slug,
    district_at,
    groups_with_categories,
)
from tasks_app.posting.selectors import draft_visible_to, own_task, unpublished_drafts
from tasks_app.tracking.selectors import last_position_for, open_shift, stored_summary, track

__all__ = [
    "active_cities",
    "category_by_slug",
    "city_at",
    "city_by_slug",
    "district_at",
    "draft_visible_to",
    "groups_with_categories",
    "last_position_for",
    "open_shift",
    "own_task",
    "search_categories",
    "stored_summary",
    "track",
    "unpublished_drafts",
]
