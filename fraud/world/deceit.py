"""What the kind of a deal does to the reports of its day: a phone off, far away, left behind, or made to lie."""

import numpy as np

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
    slot = np.floor(reports.second / dice.uniform(600, 1200, n)[mine])
    first = np.r_[True, (slot[1:] != slot[:-1]) | (mine[1:] != mine[:-1])] if len(mine) else keep
    keep &= first | (kind != CODE["sparse"])
    shift = (turned(dice, n) * dice.uniform(*plan.parked_m, n)[:, None])[mine]
    parked = (kind == CODE["parked"]) & (reports.second > called.visit[mine] - 120)
    parked &= reports.second < (called.visit + called.stay_s)[mine] + 120
    reports.at[parked] += shift[parked]
    elsewhere = np.flatnonzero(kind == CODE["other_phone"])
    where, _slot, _under_way = without.where(reports.day[elsewhere], reports.second[elsewhere])
    reports.at[elsewhere] = where + dice.normal(0, 12, where.shape)
    return _replayed(dice, plan, called, reports.only(keep))


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
