"""Posting a task again: its words, place and price in a new draft; the time is asked for anew."""

from typing import TYPE_CHECKING, Any

from babel.numbers import get_currency_precision
from django.db import transaction

from marketplace.kit.errors import NotFound
from tasks_app.models import Task, TaskDraft
from tasks_app.posting.services.photos import copy_photos

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def copy_to_draft(*, task: Task, by: "User") -> TaskDraft:
    """A new draft with everything but the time. Raises NotFound for somebody else's task."""
    if task.customer_id != by.pk:
        raise NotFound
    with transaction.atomic():
        draft = TaskDraft.objects.create(owner=by, data=written_data(task))
        copy_photos(task=task, draft=draft)
    return draft


def written_data(task: Task) -> dict[str, Any]:
    """The parts of a draft that the task would be published from, without the time."""
    return {
        "category": {"category": task.category.slug},
        "questions": dict(task.answers),
        "details": {"title": task.title, "details": task.details},
        "place": _place(task),
        "budget": _budget(task),
    }


def _place(task: Task) -> dict[str, Any]:
    if task.is_remote or task.point is None:
        return {"remote": True, "city": task.city.slug}
    return {
        "remote": False,
        "city": task.city.slug,
        "address": task.address,
        "lon": round(task.point.x, 6),
        "lat": round(task.point.y, 6),
        "flat": task.flat,
        "points": [
            {"address": p.address, "lon": round(p.point.x, 6), "lat": round(p.point.y, 6), "note": p.note}
            for p in task.points.all()
        ],
    }


def _budget(task: Task) -> dict[str, Any]:
    minor = 10 ** get_currency_precision(task.currency)
    prices = {"price": task.price_minor, "price_high": task.price_high_minor}
    return {"budget": task.budget, **{name: value // minor for name, value in prices.items() if value is not None}}
