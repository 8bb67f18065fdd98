"""Cancelled deals of every kind: when, where, what really happened, and what it does to the phone's reports."""

from dataclasses import dataclass

import numpy as np

from fraud.geometry.globe import Flags, Floats, Ints
from fraud.world.days import DAY_S, Timeline
from fraud.world.people import HABITS, HOUR, Dice, People, Plans, add_visit, places
from fraud.world.plan import City, Plan

KINDS = (
    "stayed_away", "next_door", "pass_by", "no_show", "errand_near", "same_building", "moved", "no_gps",
    "plain", "sparse", "parked", "phone_off", "late", "replay", "other_phone",
)  # fmt: skip
FIRST_FRAUD = KINDS.index("plain")
CODE = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(slots=True)
class Called:
    """One row a cancelled deal; seconds of its day, metres in the city's plane. `place`: the true address; `point`: where
    the platform believes it is; `visit`, `stay_s`: when the executor was at the address, NaN for never."""

    person: Ints
    day: Ints
    kind: Ints
    start: Floats
    end: Floats
    usual_s: Floats
    chosen: Floats
    cancelled: Floats
    place: Floats
    point: Floats
    visit: Floats
    stay_s: Floats

    @property
    def count(self) -> int:
        return len(self.person)

    @property
    def fraud(self) -> Flags:
        return self.kind >= FIRST_FRAUD

    def of(self, *kinds: str) -> Flags:
        return np.isin(self.kind, [CODE[kind] for kind in kinds])

    def only(self, keep: Flags) -> "Called":
        return Called(*(getattr(self, name)[keep] for name in Called.__slots__))


def call_off(dice: Dice, plan: Plan, city: City, who: People) -> Called:
    """Who, when and of which kind; the place comes next. Nobody has deals before joining."""
    n, each = plan.executors, plan.cancellations
    days = np.sort(np.argsort(dice.random((n, plan.days - 4)), axis=1)[:, :each] + 3, axis=1)
    total = n * each
    eager = np.repeat(dice.beta(0.5, 2.0, n), each)
    chance = np.clip(plan.fraud_share * eager / eager.mean(), 0, 0.9)
    fraud = dice.random(total) < chance
    kind = np.where(fraud, _drawn(dice, plan.fraud, total), _drawn(dice, plan.honest, total))
    start = dice.integers(16, 38, total) * 1800.0
    length = dice.choice([1.0, 2.0, 3.0, 4.0, 6.0], total, p=[0.2, 0.3, 0.25, 0.15, 0.1]) * HOUR
    chosen = start - dice.lognormal(np.log(16), 1.1, total).clip(0.7, 240) * HOUR
    notice = dice.random(total) ** 1.5
    # When it is called off tells little of what was done: mostly before, now and then amid, or hours and days after the end, which
    # those who settle beside us do less: they want their fee back.
    share, late = dice.random(total), np.where(fraud, 0.03, 0.07)
    after = start + length + (dice.lognormal(np.log(4), 1.2, total).clip(0.05, 100)) * HOUR
    cancelled = np.select(
        [share < 0.18, share < 0.18 + late],
        [start + dice.random(total) * length, after],
        start - 120 - notice * (start - chosen - 240),
    )
    called = Called(
        person=np.repeat(np.arange(n), each),
        day=days.ravel(),
        kind=kind,
        start=np.asarray(start, dtype=float),
        end=start + length,
        usual_s=dice.choice([30.0, 60.0, 90.0, 120.0, 180.0], total, p=[0.2, 0.3, 0.2, 0.2, 0.1]) * 60,
        chosen=chosen,
        cancelled=np.maximum(cancelled, chosen + 60),
        place=places(dice, city, total),
        point=np.zeros((total, 2)),
        visit=np.full(total, np.nan),
        stay_s=np.full(total, np.nan),
    )
    return called.only(called.day >= who.joined[called.person])


def _drawn(dice: Dice, mix: dict[str, float], count: int) -> Ints:
    shares = np.array(list(mix.values()))
    return dice.choice([CODE[kind] for kind in mix], count, p=shares / shares.sum())


def settle_places(dice: Dice, plan: Plan, who: People, called: Called, line: Timeline) -> None:
    """Where the address is, for the kinds that need it near to where somebody is anyway. `line`: the days without deals."""
    near = called.of("next_door")
    usual = np.concatenate([who.home[:, None], who.home[:, None], who.habit_at], axis=1)
    at = usual[called.person, dice.integers(0, 2 + HABITS, called.count)]
    called.place = np.where(near[:, None], at + _around(dice, called.count, 20, 150), called.place)
    row = called.person * plan.days + called.day
    second = called.start + dice.random(called.count) * (called.end - called.start)
    inside, leg = _met(dice, line, row, called, line.plan >= 0)
    errand = called.of("errand_near") & inside
    called.place[errand] = line.at[row, leg][errand] + _around(dice, called.count, 5, 400)[errand]
    called.kind[called.of("errand_near") & ~inside] = CODE["stayed_away"]
    moving = np.full(called.count, False)
    spot = np.zeros((called.count, 2))
    for _ in range(4):
        where, _slot, under_way = line.where(row, second)
        take = (under_way > 0) & ~moving
        spot[take], moving = where[take], moving | take
        second = called.start + dice.random(called.count) * (called.end - called.start)
    passing = called.of("pass_by") & moving
    called.place[passing] = spot[passing] + _around(dice, called.count, 0, 60)[passing]
    called.kind[called.of("pass_by") & ~moving] = CODE["stayed_away"]
    same = called.of("same_building") & (dice.random(called.count) < 0.5)
    habit = who.habit_at[called.person, dice.integers(0, HABITS, called.count)]
    called.place[same] = habit[same] + dice.normal(0, 8, (called.count, 2))[same]


def _met(dice: Dice, line: Timeline, row: Ints, called: Called, wanted: Flags) -> tuple[Flags, Ints]:
    arrive = line.arrive[row]
    good = wanted[row] & (arrive > called.start[:, None] - 1800) & (arrive < called.end[:, None])
    slot = np.argmax(good * dice.random(good.shape), axis=1)
    return np.asarray(good.any(axis=1)), np.asarray(slot)


def visit(dice: Dice, plan: Plan, called: Called) -> None:
    """When the executor is at the address, and what that means for the moment of the cancellation."""
    n = called.count
    came = called.of("no_show")
    called.visit[came] = (called.start + dice.normal(0, 700, n))[came]
    long = dice.random(n) < plan.long_wait_share  # waited in vain for an hour, or began and fell out with the customer
    minutes = np.where(long, dice.uniform(25, 90, n), dice.lognormal(np.log(9), 0.6, n).clip(2, 35))
    called.stay_s[came] = (minutes * 60)[came]
    gone = called.visit + called.stay_s
    told = np.where(
        dice.random(n) < 0.3, dice.lognormal(np.log(2), 1.2, n).clip(0.1, 60) * HOUR, dice.normal(0, 240, n)
    )
    unread = came & ~long & (dice.random(n) < plan.unread_share)  # called off long before, and the message was not seen
    called.cancelled[came & ~unread] = (gone + told)[came & ~unread]
    worked = called.fraud | called.of("same_building", "moved")
    length = called.end - called.start
    punctual = dice.random(n) < 0.5
    begin = called.start + np.where(punctual, dice.normal(0, 700, n), dice.uniform(-0.12, 0.65, n) * length)
    begin = np.minimum(begin, called.start + np.maximum(length - 1200, 600))
    begin = np.where(called.of("late"), called.end + dice.uniform(*plan.late_h, n) * HOUR, begin)
    called.visit[worked] = np.minimum(begin, 20.5 * HOUR)[worked]
    called.stay_s[worked] = (called.usual_s * dice.lognormal(-0.1, 0.3, n)).clip(900, 5 * HOUR)[worked]
    amid = called.fraud & (dice.random(n) < 0.25)
    called.cancelled[amid] = (called.visit + dice.uniform(0.05, 0.9, n) * called.stay_s)[amid]
    called.cancelled = np.maximum(called.cancelled, called.chosen + 60)


def put_into_plans(dice: Dice, called: Called, plans: Plans, plan: Plan) -> None:
    """Adds the visits to the days, and for some addresses an earlier, honest job there."""
    there = np.isfinite(called.visit) & ~called.of("other_phone")
    away = called.of("moved")
    at = np.where(away[:, None], called.place + _around(dice, called.count, 1000, 5000), called.place)
    add_visit(plans, called.person[there], called.day[there], at[there], called.visit[there], called.stay_s[there])
    busy = np.zeros((plan.executors, plan.days), dtype=bool)
    busy[called.person, called.day] = True
    before = (dice.random(called.count) * called.day).astype(np.int64)
    again = (dice.random(called.count) < np.where(called.fraud, 0.15, 0.04)) & ~busy[called.person, before]
    start = dice.uniform(9, 17, called.count) * HOUR
    add_visit(plans, called.person[again], before[again], called.place[again], start[again], called.usual_s[again])


def geocode(dice: Dice, plan: Plan, called: Called) -> None:
    """The platform's point: near the address, now and then in the wrong yard."""
    n = called.count
    error = dice.lognormal(np.log(plan.geocoder_m), 0.6, n)
    error = np.where(dice.random(n) < plan.gross_share, dice.uniform(120, 500, n), error)
    called.point = called.place + turned(dice, n) * error[:, None]


def _around(dice: Dice, count: int, low: float, high: float) -> Floats:
    return turned(dice, count) * dice.uniform(low, high, count)[:, None]


def turned(dice: Dice, count: int) -> Floats:
    angle = dice.uniform(0, 2 * np.pi, count)
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def clock(plan: Plan, lon: float, day: Ints, second: Floats) -> Floats:
    """Second of a local day → Unix seconds."""
    return (plan.start_day + day) * DAY_S + second - round(lon / 15) * 3600.0
