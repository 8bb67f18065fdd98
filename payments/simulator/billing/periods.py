"""Billing periods: months end on the anchor's day, or on the month's last."""

import calendar
from datetime import UTC, datetime, timedelta

from payments.simulator.shapes import Obj


def after(moment: int, anchor: int, recurring: Obj) -> int:
    """The end of the period that starts at `moment` (unix seconds), counted from the anchor so that the 31st stays the 31st."""
    count = int(recurring["interval_count"])
    match recurring["interval"]:
        case "day":
            return moment + count * 86400
        case "week":
            return moment + count * 7 * 86400
        case "month":
            return _months(moment, anchor, count)
        case _:
            return _months(moment, anchor, 12 * count)


def _months(moment: int, anchor: int, count: int) -> int:
    here, start = datetime.fromtimestamp(moment, UTC), datetime.fromtimestamp(anchor, UTC)
    month = here.year * 12 + here.month - 1 + count
    year, index = divmod(month, 12)
    day = min(start.day, calendar.monthrange(year, index + 1)[1])
    return int(start.replace(year=year, month=index + 1, day=day).timestamp())


def days(count: float) -> int:
    return int(timedelta(days=count).total_seconds())
