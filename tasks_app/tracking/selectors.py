"""All reads of shifts and pings. Who looks at another person's track is written down by the caller (kit.audit)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.consents import standing_consent
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from tasks_app.geometry import distance_m
from tasks_app.models import Assignment
from tasks_app.tracking import consent
from tasks_app.tracking.models import DeletedDay, Ping, Shift, TrackHold
from tasks_app.tracking.partitions import days_between
from tasks_app.tracking.policies import may_watch

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@dataclass(frozen=True, slots=True)
class Fix:
    """One position: degrees, metres of reported accuracy (None: not told), UTC."""

    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class StoredDay:
    """What is kept of one UTC day. `held`: an open check needs it, it cannot be deleted now."""

    day: date
    points: int
    first_at: datetime
    last_at: datetime
    held: bool


@dataclass(frozen=True, slots=True)
class LastPosition:
    """Where the executor was last, for the customer: metres to the task's point, minutes to come when that can
    honestly be said."""

    fix: Fix
    age: timedelta
    distance_m: float
    eta_minutes: tuple[int, int] | None


def open_shift(user_id: int) -> Shift | None:
    return Shift.objects.filter(executor_id=user_id, ended_at=None, ends_by__gt=now()).first()


def location_consent(user_id: int) -> bool:
    """Whether the person agreed to the wording of today."""
    return standing_consent(user_id=user_id, kind=consent.KIND) == consent.VERSION


def agreed_once(user_id: int) -> bool:
    """Whether the person agreed to any wording, perhaps one of yesterday, and has not taken it back."""
    return standing_consent(user_id=user_id, kind=consent.KIND) is not None


def track(*, executor_id: int, start: datetime, end: datetime) -> list[Fix]:
    """The person's positions in [start, end], oldest first. A staff member's look must be audited by the caller."""
    days = days_between(start, end)
    rows = Ping.objects.filter(executor_id=executor_id, day__range=days, at__range=(start, end))
    return [Fix(*row) for row in rows.order_by("at", "client_id").values_list("at", "lon", "lat", "accuracy_m")]


def last_position_for(*, assignment: Assignment, viewer: "User") -> LastPosition | None:
    """For the customer's map, only from "on my way" until done; None when there is no position or no right."""
    point = assignment.task.point
    if not may_watch(viewer, assignment) or point is None or assignment.on_the_way_at is None:
        return None
    last = _last_fix(executor_id=assignment.executor_id, since=assignment.on_the_way_at)
    if last is None:
        return None
    age = now() - last.at
    metres = distance_m(last.lon, last.lat, point.x, point.y)
    return LastPosition(last, age, metres, _eta(metres, age, assignment))


def stored_summary(user: "User") -> list[StoredDay]:
    """The days of which positions are kept, newest first."""
    rows = (
        Ping.objects.filter(executor=user)
        .annotate(utc_day=TruncDate("at", tzinfo=UTC))
        .values("utc_day")
        .annotate(points=Count("client_id"), first_at=Min("at"), last_at=Max("at"))
        .order_by("-utc_day")
    )
    days = list(rows)
    held = days_held(user_id=user.pk, days=[row["utc_day"] for row in days])
    return [
        StoredDay(row["utc_day"], row["points"], row["first_at"], row["last_at"], row["utc_day"] in held)
        for row in days
    ]


def day_span(day: date) -> tuple[datetime, datetime]:
    """The beginning of a UTC day and of the next one. Raises InvalidInput for the ends of the calendar, which have no
    days around them."""
    if not date.min.year < day.year < date.max.year:
        raise InvalidInput(field="day", reason=_("This is not a day."))
    start = datetime.combine(day, datetime.min.time(), UTC)
    return start, start + timedelta(days=1)


def stored_day(*, user: "User", day: date) -> list[Fix]:
    """The person's own positions of one UTC day. Raises InvalidInput."""
    start, end = day_span(day)
    return track(executor_id=user.pk, start=start, end=end - timedelta(microseconds=1))


def deleted_days(*, executor_id: int, start: datetime, end: datetime) -> list[date]:
    """The UTC days of [start, end] whose positions the person deleted, oldest first. A gap, never a proof."""
    rows = DeletedDay.objects.filter(executor_id=executor_id, day__range=(start.date(), end.date()))
    return list(rows.order_by("day").values_list("day", flat=True))


def people_sharing_a_device(*, since: datetime) -> list[tuple[int, int]]:
    """Pairs of people who reported positions from one and the same device, each pair once."""
    rows = Shift.objects.filter(started_at__gte=since).values_list("device_id", "executor_id").distinct()
    by_device: dict[str, set[int]] = {}
    for device_id, executor_id in rows:
        by_device.setdefault(device_id, set()).add(executor_id)
    return sorted({pair for owners in by_device.values() for pair in combinations(sorted(owners), 2)})


def own_deletions(user: "User") -> list[date]:
    """The days that the person deleted, newest first."""
    return list(DeletedDay.objects.filter(executor=user).order_by("-day").values_list("day", flat=True))


def days_held(*, user_id: int, days: Iterable[date]) -> set[date]:
    """Those of `days` (UTC) that an open check needs."""
    holds = list(TrackHold.objects.filter(executor_id=user_id, released_at=None).values_list("since", "until"))
    return {day for day in days if any(since.date() <= day <= until.date() for since, until in holds)}


def _last_fix(*, executor_id: int, since: datetime) -> Fix | None:
    """The newest position since a moment: one row."""
    days = days_between(since, now())
    rows = Ping.objects.filter(executor_id=executor_id, day__range=days, at__range=(since, now()))
    found = rows.order_by("-at", "-client_id").values_list("at", "lon", "lat", "accuracy_m").first()
    return None if found is None else Fix(*found)


def _eta(metres: float, age: timedelta, assignment: Assignment) -> tuple[int, int] | None:
    """Minutes, from and to: the straight line taken 1.3 to 1.7 times as long, at 25 to 15 km/h through a city, less the
    position's age. Nothing is promised from an old position, from near by or once the work began."""
    if age > timedelta(minutes=5) or metres < 150 or assignment.status != Assignment.Status.ON_THE_WAY:
        return None
    passed = age / timedelta(minutes=1)
    soonest, latest = metres * 1.3 / (25_000 / 60), metres * 1.7 / (15_000 / 60)
    return max(1, round(soonest - passed)), max(2, round(latest - passed))
