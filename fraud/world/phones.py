"""What phones report of where people are: cadence, gaps, errors indoors, network positions, accuracy as phones tell it."""

from dataclasses import dataclass

import numpy as np

from fraud.geometry import ragged
from fraud.geometry.globe import Flags, Floats, Ints
from fraud.world.days import DAY_S, SLOTS, Timeline
from fraud.world.people import Dice
from fraud.world.plan import Plan

NETWORK_M = 70.0  # from one network to the next


@dataclass(frozen=True, slots=True)
class Phones:
    """Per person: seconds between positions, whether accuracy is told; whether nights are reported too; whether walls
    hide it; whether it knows networks alone, each of which has one place, and reports in an even beat: such phones repeat
    places and steps honestly."""

    cadence_s: Floats
    told: Flags
    nights: Flags
    walled: Flags
    fixed: Flags


@dataclass(slots=True)
class Reports:
    """Flat, by person × day: second of the day, the reported place (metres in the city's plane), accuracy, network."""

    day: Ints
    second: Floats
    at: Floats
    accuracy_m: Floats
    network: Flags

    def only(self, keep: Flags) -> "Reports":
        return Reports(self.day[keep], self.second[keep], self.at[keep], self.accuracy_m[keep], self.network[keep])


def phones(dice: Dice, plan: Plan) -> Phones:
    n = plan.executors
    cadence = dice.choice(list(plan.cadences_s), n, p=list(plan.cadences_s.values())) * dice.uniform(0.85, 1.2, n)
    fixed = dice.random(n) < plan.fixed_share
    return Phones(
        np.where(fixed, np.round(cadence / 30) * 30, cadence),
        dice.random(n) >= plan.untold_share,
        dice.random(n) < 0.25,
        dice.random(n) < plan.walled_share,
        fixed,
    )


def times(dice: Dice, plan: Plan, kit: Phones, joined: Ints, must: Ints) -> tuple[Ints, Floats]:
    """When positions are reported: (person × day, second of the day), in order; none before the day on which somebody
    `joined`. `must`: days on which the phone is on."""
    rows = plan.executors * plan.days
    who = np.repeat(np.arange(plan.executors), plan.days)
    on = dice.random(rows) < plan.tracked_days
    on[must] = True
    on &= np.tile(np.arange(plan.days), plan.executors) >= joined[who]
    start = np.where(kit.nights[who], 0.0, dice.normal(8.0, 1.3, rows).clip(4, 12) * 3600)
    end = np.where(kit.nights[who], DAY_S - 1, dice.normal(20.5, 1.5, rows).clip(15, 23.9) * 3600)
    count = np.where(on, (end - start) / kit.cadence_s[who], 0).astype(np.int64)
    day, number = ragged.spread(np.zeros(rows, dtype=np.int64), count)
    uneven = np.where(kit.fixed[who[day]], 0.0, dice.uniform(-0.3, 0.3, len(day)))
    second = (
        np.where(kit.fixed[who], np.round(start / 60) * 60, start)[day] + (number + uneven) * kit.cadence_s[who[day]]
    )
    keep = _outside_gaps(dice, rows, day, second) & (second >= 0) & (second < DAY_S)
    day, second = day[keep], second[keep]
    order = np.lexsort((second, day))
    return day[order], second[order]


def _outside_gaps(dice: Dice, rows: int, day: Ints, second: Floats) -> Flags:
    """The browser sleeps now and then: up to three silences a day, 20 minutes in the median."""
    keep = np.ones(len(day), dtype=bool)
    for share in (0.6, 0.3, 0.15):
        begin = np.where(dice.random(rows) < share, dice.uniform(6, 22, rows) * 3600, np.inf)
        length = dice.lognormal(np.log(20 * 60), 0.9, rows)
        keep &= (second < begin[day]) | (second > (begin + length)[day])
    return keep


def report(dice: Dice, plan: Plan, kit: Phones, line: Timeline, day: Ints, second: Floats) -> Reports:
    """Errors: a bias that stays for the whole visit (walls), a new error each time, and network positions."""
    true, slot, under_way = line.where(day, second)
    rows = line.arrive.shape[0]
    bias = (dice.normal(0, 9, (rows, SLOTS, 2)) * dice.lognormal(0, 0.5, (rows, SLOTS, 1)))[day, slot]
    n = len(day)
    sigma = np.where(under_way > 0, 7.0, 11.0) * dice.lognormal(0, 0.45, n)
    network = dice.random(n) < plan.network_share * np.where(under_way > 0, 0.5, 1.2)
    sigma = np.where(network, dice.lognormal(np.log(55), 0.8, n).clip(15, 600), sigma)
    at = true + bias * (1 - under_way)[:, None] + dice.normal(0, 1, (n, 2)) * sigma[:, None]
    who = day // plan.days
    told = 1.18 * sigma * dice.lognormal(-0.15, 0.35, n)
    fixed = kit.fixed[who]
    at, told = np.where(fixed[:, None], _of_network(true), at), np.where(fixed, NETWORK_M / 2, told)
    accuracy = np.where(kit.told[who], np.round(np.maximum(told, 3.0), 1), np.nan)
    hidden = kit.walled[who] & (under_way == 0) & (second - line.arrive[day, slot] > 240) & (dice.random(n) < 0.95)
    return Reports(day, second, at, accuracy, network | fixed).only(~hidden)


def _of_network(true: Floats) -> Floats:
    """The place that the nearest network is known by: some tens of metres off, always the same."""
    cell = np.round(true / NETWORK_M)
    return np.asarray(cell * NETWORK_M + 20 * np.sin(12.9898 * cell[:, ::-1] + 4.1 * cell))
