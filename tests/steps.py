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
    """A draft with every part filled, one after the other; name a part to change some of its values."""
    draft = start_draft(owner=owner)
    for part, values in _typed(category, city, parts).items():
        save_part(draft=draft, part=part, values=values)
    return draft


def post_task(
    *, by: User | None = None, category: Category | None = None, city: City | None = None, **parts: dict[str, Any]
) -> Task:
    """An open task. What is typed lies in the draft at once: publishing checks each part as saving it does."""
    by = by or make_customer()
    draft = start_draft(owner=by)
    draft.data = {**draft.data, **_typed(category, city, parts)}
    draft.save(update_fields=["data"])
    return publish_task(draft=draft, by=by, operation="test")


def _typed(category: Category | None, city: City | None, parts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    category, city = category or make_category(), city or make_city()
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    x, y = city.centre.coords
    usual: dict[str, dict[str, Any]] = {
        "category": {"category": category.slug},
        "questions": {},
        "details": {"title": "Повесить люстру и два бра", "details": "Потолок бетонный, лестница есть."},
        "place": {"city": city.slug, "address": "Тверская улица, 12", "lon": x - 0.02, "lat": y, "flat": "кв. 7"},
        "when": {"day": tomorrow, "slot": "evening"},
        "budget": {"budget": "fixed", "price": 2500},
    }
    return {part: {**values, **parts.get(part, {})} for part, values in usual.items()}
