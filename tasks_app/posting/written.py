"""A published task as the parts it would be written in."""

from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from tasks_app.models import Task
from tasks_app.posting.parts.when import EXACT, SLOTS


def written_parts(task: Task) -> dict[str, Any]:
    """What a draft of the same task would hold, without the time."""
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
    secure = {"secure_deal": True} if task.secure_deal else {}
    return {
        "budget": task.budget,
        **secure,
        **{name: value // minor for name, value in prices.items() if value is not None},
    }


def written_when(task: Task) -> dict[str, Any]:
    """The time as it would be typed; empty when its hours are none of the slots."""
    flexible = task.timing == Task.Timing.FLEXIBLE
    if task.starts_at is None:
        return {"flexible": flexible, "day": "", "slot": "", "time": ""}
    zone = ZoneInfo(task.city.time_zone)
    start = task.starts_at.astimezone(zone)
    day = {"flexible": flexible, "day": start.date().isoformat()}
    if task.ends_at is None:
        return {**day, "slot": EXACT, "time": f"{start:%H:%M}"}
    hours = (start.hour, task.ends_at.astimezone(zone).hour)
    return {**day, "slot": next((slot for slot, known in SLOTS.items() if known == hours), ""), "time": ""}
