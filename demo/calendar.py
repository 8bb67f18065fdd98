"""When things happen in the life of a task, by its fate. All moments are UTC and relative to the moment of loading."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from demo.dice import Dice

# The share of tasks that end up so. `cancelled` is before the choice; cancellations after it are made by the real services.
FATES = {
    "open": 0.25, "assigned": 0.06, "in_progress": 0.025, "done": 0.03, "closed": 0.46,
    "cancelled": 0.06, "expired": 0.085, "disputed": 0.005, "removed": 0.025,
}  # fmt: skip
CHOSEN = frozenset({"assigned", "in_progress", "done", "closed", "disputed"})
OPEN_DAYS = 14
HISTORY_DAYS = 120


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


def times_of(dice: Dice, fate: str, zone: ZoneInfo, minutes: int, now: datetime) -> Times:
    """`minutes`: how long the work usually takes."""
    if fate == "open":
        return _open(dice, zone, now)
    if fate in CHOSEN:
        return _chosen(dice, fate, minutes, now)
    return _ended_unchosen(dice, fate, zone, now)


def _open(dice: Dice, zone: ZoneInfo, now: datetime) -> Times:
    """Most are fresh; they are wanted today, tomorrow or within a week, or at any time."""
    created = now - (dice.minutes(4, 20 * 60) if dice.chance(0.6) else dice.minutes(20 * 60, 9 * 1440))
    kind = dice.weighted({"flexible": 0.3, "window": 0.35, "exact": 0.35})
    if kind == "flexible":
        return Times(created, None, None, max(created + timedelta(days=OPEN_DAYS), now + timedelta(hours=20)))
    days = dice.weighted({0: 0.3, 1: 0.3, 2: 0.14, 3: 0.1, 4: 0.06, 5: 0.05, 6: 0.05})
    starts = _daytime(dice, now + timedelta(days=days), zone)
    if starts < now + timedelta(minutes=40):
        starts = _daytime(dice, now + timedelta(days=days + 1), zone)
    ends = starts + timedelta(hours=dice.randint(2, 6)) if kind == "window" else None
    return Times(created, starts, ends, ends or starts)


def _chosen(dice: Dice, fate: str, minutes: int, now: datetime) -> Times:
    length = timedelta(minutes=max(30, min(minutes, 600) * dice.uniform(0.7, 1.2)))
    if fate == "assigned":
        starts = now + (dice.minutes(15, 90) if dice.chance(0.15) else dice.minutes(120, 3 * 1440))
    elif fate == "in_progress":
        starts = now - min(dice.minutes(10, 170), length * 0.8)
    elif fate in ("done", "disputed"):
        starts = now - length - dice.minutes(60, 58 * 60)
    else:
        starts = now - length - timedelta(minutes=30) - dice.minutes(60, HISTORY_DAYS * 1440 - 9000)
    starts = _round(starts)
    chosen = min(starts, now) - dice.minutes(35, 30 * 60)
    created = chosen - dice.minutes(40, 20 * 60)
    window = starts + timedelta(hours=dice.randint(2, 5)) if dice.chance(0.5) else None
    flexible = dice.chance(0.2)
    begins, ends = (None, None) if flexible else (starts, window)
    respond_by = created + timedelta(days=OPEN_DAYS) if flexible else (window or starts)
    if fate == "assigned":
        return Times(created, begins, ends, respond_by, chosen)
    started = starts + dice.minutes(-5, 15)
    if fate == "in_progress":
        return Times(created, begins, ends, respond_by, chosen, min(started, now - timedelta(minutes=3)))
    done = started + length
    ended = None
    if fate == "disputed":
        ended = min(done + dice.minutes(20, 300), now)
    elif fate == "closed":
        ended = done + (timedelta(hours=72) if dice.chance(0.12) else dice.minutes(4, 1200))
        ended = min(ended, now - timedelta(minutes=5))
    return Times(created, begins, ends, respond_by, chosen, started, done, ended)


def _ended_unchosen(dice: Dice, fate: str, zone: ZoneInfo, now: datetime) -> Times:
    ended = now - dice.minutes(30, HISTORY_DAYS * 1440 - 30_000)
    if fate == "expired":
        created = ended - dice.minutes(600, 4 * 1440)
        flexible = dice.chance(0.3)
        if flexible:
            created = ended - timedelta(days=OPEN_DAYS)
        return Times(created, None if flexible else ended, None, ended, ended=ended)
    created = ended - (dice.minutes(8, 300) if fate == "removed" else dice.minutes(60, 2 * 1440))
    starts = _daytime(dice, ended + timedelta(days=dice.randint(1, 3)), zone)
    return Times(created, starts, None, starts, ended=ended)


def _daytime(dice: Dice, day: datetime, zone: ZoneInfo) -> datetime:
    local = day.astimezone(zone).replace(
        hour=dice.randint(9, 19), minute=dice.pick([0, 0, 30]), second=0, microsecond=0
    )
    return local.astimezone(day.tzinfo)


def _round(moment: datetime) -> datetime:
    """People agree on quarters of an hour."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
