"""Steps of a task's life that tests take through the real services."""

from datetime import timedelta
from typing import Any

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from tasks_app.models import Category, City, Task, TaskDraft
from tasks_app.posting.services import publish_task, save_part, start_draft
from tests.factories import make_category, make_city, make_customer


def write_draft(
    *, owner: User | None = None, category: Category | None = None, city: City | None = None, **parts: dict[str, Any]
) -> TaskDraft:
    """A draft with every part filled; name a part to change some of its values."""
    category, city = category or make_category(), city or make_city()
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    x, y = city.centre.coords
    values: dict[str, dict[str, Any]] = {
        "category": {"category": category.slug},
        "questions": {},
        "details": {"title": "Повесить люстру и два бра", "details": "Потолок бетонный, лестница есть."},
        "place": {"city": city.slug, "address": "Тверская улица, 12", "lon": x - 0.02, "lat": y, "flat": "кв. 7"},
        "when": {"day": tomorrow, "slot": "evening"},
        "budget": {"budget": "fixed", "price": 2500},
    }
    draft = start_draft(owner=owner)
    for part, usual in values.items():
        save_part(draft=draft, part=part, values={**usual, **parts.get(part, {})})
    return draft


def post_task(
    *, by: User | None = None, category: Category | None = None, city: City | None = None, **parts: dict[str, Any]
) -> Task:
    """An open task, written and published as a customer does it."""
    by = by or make_customer()
    return publish_task(draft=write_draft(owner=by, category=category, city=city, **parts), by=by, operation="test")
