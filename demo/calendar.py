"""When things happen in the life of a task, by its fate. All moments are UTC and relative to the moment of loading; work is done
in the hours in which people let somebody in, by the clock of its city."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from demo.dice import Dice
from tasks_app.models import Category

# The share of tasks that end up so. `cancelled` is before the choice; cancellations after it are made by the real services.
FATES = {
    "open": 0.25, "assigned": 0.06, "in_progress": 0.025, "done": 0.03, "closed": 0.46,
    "cancelled": 0.06, "expired": 0.085, "disputed": 0.005, "removed": 0.025,
}  # fmt: skip
CHOSEN = frozenset({"assigned", "in_progress", "done", "closed", "disputed"})
OPEN_DAYS = 14
HISTORY_DAYS = 120

# Local hours: not before the first, over by the second. Drilling wakes children; dogs wake early; guests stay late.
USUAL_HOURS = (9, 20)
HOURS_OF_GROUP = {
    "couriers": (8, 21), "cargo": (8, 21), "cleaning": (8, 20), "beauty": (9, 21), "tutors": (9, 20), "events": (10, 23), "pets": (7, 21),
}  # fmt: skip
ROUND_THE_CLOCK = frozenset({"courier-by-car", "truck-and-crane", "vet-at-home"})
LONGEST_DAY = timedelta(hours=10)  # of one visit; longer work goes on another day


@dataclass(frozen=True)
class Times:
    """`chosen`, `started`, `done`, `ended`: None when it never came to that. The window is the asked one (None: any time)."""

    created: datetime
    starts: datetime | None
    ends: datetime | None
    respond_by: datetime
    chosen: datetime | None = None
    started: datetime | None = None
    done: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """The present of a city, and the hours in which such work is done there."""

    now: datetime
    zone: ZoneInfo
    first: int
    last: int

    @classmethod
    def of(cls, now: datetime, zone: ZoneInfo, category: Category) -> "Clock":
        if category.slug in ROUND_THE_CLOCK:
            return cls(now, zone, 0, 24)
        return cls(now, zone, *HOURS_OF_GROUP.get(category.group.slug, USUAL_HOURS))

    def is_day(self, start: datetime, length: timedelta) -> bool:
        """Whether work from `start` on fits into the day."""
        return self.opens(start) <= start and start + length <= self.opens(start) + timedelta(
            hours=self.last - self.first
        )

    def start(self, dice: Dice, day: datetime, length: timedelta) -> datetime:
        """On the local day of the moment, so that the work is over in time; to quarters of an hour, as people agree."""
        room = max(0, int((timedelta(hours=self.last - self.first) - length).total_seconds()) // 900)
        return self.opens(day) + timedelta(minutes=15 * dice.randint(0, room))

    def opens(self, day: datetime) -> datetime:
        return day.astimezone(self.zone).replace(hour=self.first, minute=0, second=0, microsecond=0).astimezone(UTC)

    def window(self, start: datetime, hours: int) -> datetime | None:
        """The end of a window that is asked for; None when the day is over soon."""
        end = min(start + timedelta(hours=hours), self.opens(start) + timedelta(hours=self.last - self.first))
        return end if end - start >= timedelta(hours=1) else None

    def start_before(self, dice: Dice, latest: datetime, length: timedelta) -> datetime:
        """A start not after `latest` and not long before it: at that time of the day when it fits, else at another."""
        start, day = _quarter(latest), latest
        while not self.is_day(start, length) or start > latest:
            start = self.start(dice, day, length)
            day -= timedelta(hours=12)
        return start

    def start_after(self, dice: Dice, earliest: datetime, length: timedelta) -> datetime:
        start, day = _quarter(earliest + timedelta(minutes=14)), earliest
        while not self.is_day(start, length) or start < earliest:
            start = self.start(dice, day, length)
            day += timedelta(hours=12)
        return start

    def awake(self, dice: Dice, moment: datetime) -> datetime:
        """Not in the small hours: then it was the evening before."""
        local = moment.astimezone(self.zone)
        return moment - timedelta(hours=local.hour) - dice.minutes(60, 200) if local.hour < 7 else moment


def length_of(minutes: int) -> timedelta:
    """Of one visit."""
    return min(timedelta(minutes=max(30, minutes)), LONGEST_DAY)


def times_of(dice: Dice, fate: str, clock: Clock, minutes: int) -> Times:
    """`minutes`: how long the work usually takes."""
    if fate == "open":
        return _open(dice, clock, length_of(minutes))
    if fate in CHOSEN:
        return _chosen(dice, fate, clock, minutes)
    return _ended_unchosen(dice, fate, clock, length_of(minutes))


def can_be_now(clock: Clock, minutes: int) -> bool:
    """Whether such work may be under way at this hour."""
    return clock.is_day(clock.now - timedelta(minutes=15), min(length_of(minutes), timedelta(hours=3)))


def _open(dice: Dice, clock: Clock, length: timedelta) -> Times:
    """Most are fresh; they are wanted today, tomorrow or within a week, or at any time."""
    now = clock.now
    created = now - (dice.minutes(4, 20 * 60) if dice.chance(0.6) else dice.minutes(20 * 60, 9 * 1440))
    created = clock.awake(dice, created)
    kind = dice.weighted({"flexible": 0.3, "window": 0.35, "exact": 0.35})
    if kind == "flexible":
        return Times(created, None, None, max(created + timedelta(days=OPEN_DAYS), now + timedelta(hours=20)))
    days = dice.weighted({0: 0.3, 1: 0.3, 2: 0.14, 3: 0.1, 4: 0.06, 5: 0.05, 6: 0.05})
    starts = clock.start(dice, now + timedelta(days=days), length)
    if starts < now + timedelta(minutes=40):
        starts = clock.start(dice, now + timedelta(days=days + 1), length)
    ends = clock.window(starts, dice.randint(2, 6)) if kind == "window" else None
    return Times(created, starts, ends, ends or starts)


def _chosen(dice: Dice, fate: str, clock: Clock, minutes: int) -> Times:
    now = clock.now
    length = timedelta(minutes=max(30, min(minutes, 570) * dice.uniform(0.7, 1.05)))
    starts = _start(dice, fate, clock, length)
    chosen = clock.awake(dice, min(starts, now) - dice.minutes(35, 30 * 60))
    created = clock.awake(dice, chosen - dice.minutes(40, 20 * 60))
    window = clock.window(starts, dice.randint(2, 5)) if dice.chance(0.5) else None
    flexible = dice.chance(0.2)
    begins, ends = (None, None) if flexible else (starts, window)
    respond_by = created + timedelta(days=OPEN_DAYS) if flexible else (window or starts)
    if fate == "assigned":
        return Times(created, begins, ends, respond_by, chosen)
    started = starts + dice.minutes(0, 15)
    if fate == "in_progress":
        return Times(created, begins, ends, respond_by, chosen, min(started, now - timedelta(minutes=3)))
    done = starts + length
    ended = None
    if fate == "disputed":
        ended = min(done + dice.minutes(20, 300), now)
    elif fate == "closed":
        ended = done + (timedelta(hours=72) if dice.chance(0.12) else dice.minutes(4, 1200))
        ended = min(ended, now - timedelta(minutes=5))
    return Times(created, begins, ends, respond_by, chosen, started, done, ended)


def _start(dice: Dice, fate: str, clock: Clock, length: timedelta) -> datetime:
    now = clock.now
    if fate == "assigned":
        ahead = dice.minutes(15, 90) if dice.chance(0.15) else dice.minutes(120, 3 * 1440)
        return clock.start_after(dice, now + ahead, length)
    if fate == "in_progress":
        return _quarter(max(now - min(dice.minutes(10, 170), length * 0.8), clock.opens(now)))
    back = dice.minutes(60, 58 * 60) if fate in ("done", "disputed") else dice.minutes(90, HISTORY_DAYS * 1440 - 9000)
    return clock.start_before(dice, now - length - back, length)


def _ended_unchosen(dice: Dice, fate: str, clock: Clock, length: timedelta) -> Times:
    ended = clock.now - dice.minutes(30, HISTORY_DAYS * 1440 - 30_000)
    if fate == "expired":
        if dice.chance(0.3):
            created = clock.awake(dice, ended - timedelta(days=OPEN_DAYS))
            ended = created + timedelta(days=OPEN_DAYS)
            return Times(created, None, None, ended, ended=ended)
        ended = clock.start_before(dice, ended, length)
        created = clock.awake(dice, ended - dice.minutes(600, 4 * 1440))
        return Times(created, ended, None, ended, ended=ended)
    ended = clock.awake(dice, ended)
    created = clock.awake(dice, ended - (dice.minutes(8, 300) if fate == "removed" else dice.minutes(60, 2 * 1440)))
    starts = clock.start(dice, ended + timedelta(days=dice.randint(1, 3)), length)
    return Times(created, starts, None, starts, ended=ended)


def _quarter(moment: datetime) -> datetime:
    """People agree on quarters of an hour."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
