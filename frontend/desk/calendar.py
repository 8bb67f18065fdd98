"""The executor's other days around one place as a small calendar: the 42 days before the agreed one."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fraud.evidence.situation import Deal
from fraud.rules import rule
from tasks_app import selectors as tasks

SHOWN = 42


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    seen: bool
    here: bool

    @property
    def title(self) -> str:
        what = _("was here") if self.here else _("was elsewhere") if self.seen else _("no positions")
        return f"{date_format(self.day, 'j E')}: {what}"


def calendar_of(deal: tasks.CancelledAssignment, agreed: Deal) -> list[Day]:
    """The caller has logged the look."""
    start, end = tasks.days_before(agreed.window_start, SHOWN, deal.time_zone)
    past = tasks.PastOf(deal.executor_id, agreed.lon, agreed.lat, start, end, deal.time_zone)
    known = {row.day: row for row in tasks.days_near(past, near_m=rule("near_m"))}
    first = start.date()
    days = [first + timedelta(days=n) for n in range(SHOWN)]
    return [Day(day, day in known, day in known and known[day].near >= 2) for day in days]
