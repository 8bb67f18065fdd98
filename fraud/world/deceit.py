"""What the kind of a deal does to the reports of its day: a phone off, far away, left behind, or made to lie."""

import numpy as np

from fraud.geometry.globe import Flags, Floats, Ints
from fraud.world.cancellations import CODE, Called, turned
from fraud.world.days import Timeline
from fraud.world.people import HOUR, Dice
from fraud.world.phones import Reports
from fraud.world.plan import Plan


def disturb(dice: Dice, plan: Plan, called: Called, reports: Reports, without: Timeline) -> Reports:
    """What the kind of the deal does to the reports of its day. `without`: the days without
    the visit, for the phone that stayed behind."""
    number = np.full(plan.executors * plan.days, -1)
    number[called.person * plan.days + called.day] = np.arange(called.count)
    mine = number[reports.day]
    keep = np.ones(len(mine), dtype=bool)
    n = called.count
    kind = np.where(mine >= 0, called.kind[mine], -1)
    keep &= kind != CODE["no_gps"]
    off_from = (called.visit - dice.uniform(-400, 1500, n))[mine]
    off_to = (called.visit + called.stay_s * dice.uniform(*plan.dark_share, n) + 120)[mine]
    keep &= ~((kind == CODE["phone_off"]) & (reports.second > off_from) & (reports.second < off_to))
    keep &= _first_of_each(reports.second, mine, dice.uniform(600, 1200, n)) | (kind != CODE["sparse"])
    keep &= _first_of_each(reports.second, mine, dice.uniform(300, 1200, n)) | ~_pocketed(
        dice, plan, called, reports, mine
    )
    shift = (turned(dice, n) * dice.uniform(*plan.parked_m, n)[:, None])[mine]
    parked = (kind == CODE["parked"]) & (reports.second > called.visit[mine] - 120)
    parked &= reports.second < (called.visit + called.stay_s)[mine] + 120
    reports.at[parked] += shift[parked]
    elsewhere = np.flatnonzero(kind == CODE["other_phone"])
    where, _slot, _under_way = without.where(reports.day[elsewhere], reports.second[elsewhere])
    reports.at[elsewhere] = where + dice.normal(0, 12, where.shape)
    return _replayed(dice, plan, called, reports.only(keep))


def _pocketed(dice: Dice, plan: Plan, called: Called, reports: Reports, mine: Ints) -> Flags:
    """Reports of days, or of the hours of the deal, in which the page was hardly ever open: that happens to everybody alike."""
    n = called.count
    thin, whole = dice.random(n) < plan.thin_share, dice.random(n) < 0.5
    around = (reports.second > (called.start - 2 * HOUR)[mine]) & (reports.second < (called.end + 2 * HOUR)[mine])
    return np.asarray((mine >= 0) & thin[mine] & (whole[mine] | around))


def _first_of_each(second: Floats, mine: Ints, every_s: Floats) -> Flags:
    """The first report in each stretch of so many seconds of its day. `every_s`: by deal."""
    if not len(second):
        return np.zeros(0, dtype=bool)
    slot = np.floor(second / every_s[mine])
    return np.asarray(np.r_[True, (slot[1:] != slot[:-1]) | (mine[1:] != mine[:-1])])


def _replayed(dice: Dice, plan: Plan, called: Called, reports: Reports) -> Reports:
    """Reports from an hour before the window on are those of an earlier day, only the clock is moved."""
    rows = np.flatnonzero(called.of("replay"))
    parts = [reports]
    drop = np.zeros(len(reports.day), dtype=bool)
    for row in rows.tolist():
        today = int(called.person[row] * plan.days + called.day[row])
        low, high = called.start[row] - HOUR, max(called.end[row], called.visit[row] + called.stay_s[row]) + 1.5 * HOUR
        earlier = int(called.person[row] * plan.days + dice.integers(0, called.day[row]))
        a, b = np.searchsorted(reports.day, [earlier, earlier + 1])
        source = np.arange(a, b)[(reports.second[a:b] >= low) & (reports.second[a:b] < high)]
        if len(source) < 5:
            continue
        c, d = np.searchsorted(reports.day, [today, today + 1])
        drop[c:d] |= (reports.second[c:d] >= low) & (reports.second[c:d] < high)
        parts.append(
            Reports(
                np.full(len(source), today),
                reports.second[source] + dice.uniform(0, 5),
                reports.at[source],
                reports.accuracy_m[source],
                reports.network[source],
            )
        )
    parts[0] = reports.only(~drop)
    return Reports(*(np.concatenate([getattr(part, name) for part in parts]) for name in Reports.__slots__))
