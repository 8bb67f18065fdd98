"""The executor's other days around one place as a small calendar: the six weeks before the agreed day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import get_day_names
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fraud.evidence.situation import Deal
from fraud.rules import rule
from frontend import words
from tasks_app import selectors as tasks

SHOWN = 42
WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    seen: bool
    here: bool

    @property
    def title(self) -> str:
        what = _("was here") if self.here else _("was elsewhere") if self.seen else _("no positions")
        return f"{date_format(self.day, 'j E')}: {what}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """`weeks`: from Monday on; None outside of the time looked at. `days`: oldest first."""

    weekdays: list[tuple[str, str]]
    weeks: list[list[Day | None]]
    days: Sequence[Day]

    @property
    def summary(self) -> str:
        """On how many of the days with positions the person was here."""
        seen, here = sum(day.seen for day in self.days), sum(day.here for day in self.days)
        if not seen:
            return _("No positions of other days: it is not known how usual this place is.")
        text = ngettext(
            "In these six weeks within %(metres)s m of the address on %(here)s of %(seen)s day with positions.",
            "In these six weeks within %(metres)s m of the address on %(here)s of %(seen)s days with positions.",
            seen,
        )
        return text % {"metres": round(rule("near_m")), "here": here, "seen": seen}


def calendar_of(deal: tasks.CancelledAssignment, agreed: Deal) -> Calendar:
    """The caller has logged the look."""
    start, end = tasks.days_before(agreed.window_start, SHOWN, deal.time_zone)
    past = tasks.PastOf(deal.executor_id, agreed.lon, agreed.lat, start, end, deal.time_zone)
    known = {row.day: row for row in tasks.days_near(past, near_m=rule("near_m"))}
    first = start.date()
    days = [first + timedelta(days=n) for n in range(SHOWN)]
    shown = [Day(day, day in known, day in known and known[day].near >= 2) for day in days]
    cells: list[Day | None] = [*[None] * first.weekday(), *shown]
    cells += [None] * (-len(cells) % WEEK)
    return Calendar(_weekdays(), [cells[n : n + WEEK] for n in range(0, len(cells), WEEK)], shown)


def _weekdays() -> list[tuple[str, str]]:
    """Short and full names, Monday first."""
    short = get_day_names("abbreviated", locale=words.locale())
    full = get_day_names("wide", locale=words.locale())
    return [(short[n], full[n]) for n in range(WEEK)]
