"""When: a day and a part of it, an exact time, or flexible."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.errors import AnswersRefused
from tasks_app.posting.parts.typed import text_of, truth

# Hours of the city's day. "any": whenever it suits.
SLOTS: dict[str, tuple[int, int]] = {
    "any": (8, 22),
    "morning": (8, 12),
    "midday": (12, 15),
    "afternoon": (15, 18),
    "evening": (18, 21),
}
EXACT = "exact"
PAST = _("This time has already passed. Choose a later one.")


def clean(values: Values, content: DraftContent) -> Values:
    """The city's calendar day and a slot (or `exact` with a time); a flexible task may have neither."""
    flexible = truth(values.get("flexible"))
    if flexible and not values.get("day"):
        return {"flexible": True, "day": "", "slot": "", "time": ""}
    day, slot = _day(values.get("day")), text_of(values.get("slot"))
    errors: dict[str, str | Promise] = {}
    if day is None:
        errors["day"] = _("Choose a day.")
    if slot not in SLOTS and slot != EXACT:
        errors["slot"] = _("Choose a time of the day.")
    clock = _clock(values.get("time")) if slot == EXACT else None
    if slot == EXACT and clock is None:
        errors["time"] = _("Write the time, for example 14:30.")
    if errors or day is None:
        raise AnswersRefused(errors)
    clean_values = {
        "flexible": flexible,
        "day": day.isoformat(),
        "slot": slot,
        "time": f"{clock:%H:%M}" if clock else "",
    }
    _in_reach(clean_values, content.zone)
    return clean_values


def moments(values: Values, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Cleaned values → start and end in the given zone. An exact time has no end; a flexible one may have neither."""
    if not values["day"]:
        return None, None
    midnight = datetime.combine(date.fromisoformat(values["day"]), time(), tzinfo=zone)
    if values["slot"] == EXACT:
        return datetime.combine(midnight.date(), time.fromisoformat(values["time"]), tzinfo=zone), None
    first, last = SLOTS[values["slot"]]
    # Wall-clock arithmetic: a window keeps its hours on a day when the clocks change.
    return midnight + timedelta(hours=first), midnight + timedelta(hours=last)


def _in_reach(values: Values, zone: ZoneInfo) -> None:
    start, end = moments(values, zone)
    last = end or start
    if last is None:
        return
    if last <= now():
        field = "time" if values["slot"] == EXACT else "slot"
        raise AnswersRefused({"day" if last.date() < now().astimezone(zone).date() else field: PAST})
    ahead = int(settings.RULES["task_ahead_days"])
    if last > now() + timedelta(days=ahead + 1):
        raise AnswersRefused({"day": str(_("Choose a day within the next %(days)s days.")) % {"days": ahead}})


def _day(value: Any) -> date | None:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return day if 2000 <= day.year <= 2200 else None  # outside, arithmetic with time zones fails


def _clock(value: Any) -> time | None:
    try:
        return time.fromisoformat(value).replace(second=0, microsecond=0, tzinfo=None)
    except (TypeError, ValueError):
        return None
