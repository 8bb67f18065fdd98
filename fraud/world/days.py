"""From plans to where everybody is at every moment of every day."""

from dataclasses import dataclass

import numpy as np

from fraud.geometry.globe import Floats, Ints
from fraud.world.people import PLANS, People, Plans

DAY_S = 86_400.0
SLOTS = 2 * PLANS + 2
GO_HOME_S = 4500.0
LATEST_S = 5400.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """[person × day, slot]: places in order with arrival and leaving (seconds of the day; +inf: slot not used). Between
    two of them the way goes along two streets at a right angle. `plan`: number of the plan, −1 for home."""

    at: Floats
    arrive: Floats
    leave: Floats
    plan: Ints

    def where(self, day: Ints, second: Floats) -> tuple[Floats, Ints, Floats]:
        """Place (metres), slot, and whether under way (0 or 1), for flat arrays of person × day and second of the day."""
        rows = self.arrive.shape[0]
        key = (np.arange(rows)[:, None] * 10 * DAY_S + np.minimum(self.arrive, 9 * DAY_S)).ravel()
        slot = np.searchsorted(key, day * 10 * DAY_S + second, side="right") - 1 - day * SLOTS
        slot = np.clip(slot, 0, SLOTS - 1)
        following = np.minimum(slot + 1, SLOTS - 1)
        here, there = self.at[day, slot], self.at[day, following]
        left, come = self.leave[day, slot], self.arrive[day, following]
        travelling = (second > left) & np.isfinite(come) & (following > slot)
        span = np.maximum(np.where(travelling, come, 1.0) - np.where(travelling, left, 0.0), 1.0)
        done = np.where(travelling, np.clip((second - np.where(travelling, left, 0.0)) / span, 0, 1), 0.0)
        return _along(here, there, done), slot, travelling.astype(float)


def _along(here: Floats, there: Floats, done: Floats) -> Floats:
    """First east or west, then north or south."""
    shift = there - here
    across, up = np.abs(shift[..., 0]), np.abs(shift[..., 1])
    gone = done * (across + up)
    east = np.where(across > 0, np.minimum(gone, across) * np.sign(shift[..., 0]), 0.0)
    north = np.clip(gone - across, 0, None) * np.sign(shift[..., 1])
    return np.asarray(here + np.stack([east, north], axis=-1))


def way_s(a: Floats, b: Floats, speed: Floats) -> Floats:
    return np.asarray(np.abs(a - b).sum(axis=-1) / speed + 60.0)


def timeline(who: People, plans: Plans) -> Timeline:
    """Plans in the order of their start; what would begin much too late is dropped; long pauses are spent at home."""
    n, days, _ = plans.start.shape
    rows = n * days
    home = np.repeat(who.home, days, axis=0)
    speed = np.repeat(who.speed, days)
    start = np.where(plans.kept, plans.start, np.inf).reshape(rows, PLANS)
    order = np.argsort(start, axis=1)
    start = np.take_along_axis(start, order, 1)
    length = np.take_along_axis(plans.length.reshape(rows, PLANS), order, 1)
    at = np.take_along_axis(plans.at.reshape(rows, PLANS, 2), order[..., None], 1)
    line = Timeline(
        np.repeat(home[:, None], SLOTS, axis=1),
        np.full((rows, SLOTS), np.inf),
        np.full((rows, SLOTS), np.inf),
        np.full((rows, SLOTS), -1),
    )
    line.arrive[:, 0] = 0.0
    used = np.zeros(rows, dtype=np.int64)
    free = np.zeros(rows)
    for k in range(PLANS):
        free = _take(line, used, free, home, speed, (start[:, k], length[:, k], at[:, k], order[:, k]))
    _return_home(line, used, np.arange(rows), free, home, speed)
    return line


def _take(
    line: Timeline, used: Ints, free: Floats, home: Floats, speed: Floats, plan: tuple[Floats, Floats, Floats, Ints]
) -> Floats:
    """One more plan for every row where it can still be reached in time; returns when each row is free again."""
    start, length, at, number = plan
    rows = np.arange(len(used))
    here = line.at[rows, used]
    way = way_s(here, at, speed)
    takes = np.isfinite(start) & (free + way <= start + LATEST_S)
    pause = takes & (start - free > way + GO_HOME_S + way_s(here, home, speed)) & (np.abs(here - home).sum(axis=1) > 1)
    r = rows[pause]
    _return_home(line, used, r, free, home, speed)
    free = np.where(pause, line.arrive[rows, used], free)
    way = way_s(line.at[rows, used], at, speed)
    from_deal = (
        line.plan[rows, used] == PLANS - 1
    )  # nobody lingers at a customer's door: rather early at the next place
    begin = np.where(from_deal, free + way, np.maximum(start, free + way))
    r = rows[takes]
    line.leave[r, used[r]] = (begin - way)[r]
    used[r] += 1
    line.at[r, used[r]], line.arrive[r, used[r]], line.plan[r, used[r]] = at[r], begin[r], number[r]
    return np.where(takes, np.maximum(start, begin) + length, free)


def _return_home(line: Timeline, used: Ints, rows: Ints, free: Floats, home: Floats, speed: Floats) -> None:
    away = rows[np.abs(line.at[rows, used[rows]] - home[rows]).sum(axis=1) > 1]
    way = way_s(line.at[away, used[away]], home[away], speed[away])
    line.leave[away, used[away]] = free[away]
    used[away] += 1
    line.at[away, used[away]], line.arrive[away, used[away]] = home[away], free[away] + way
