"""Homes, habits and what each person plans on each day, as arrays [person, day, plan]."""

from dataclasses import dataclass

import numpy as np

from fraud.geometry.globe import Flags, Floats, Ints
from fraud.world.plan import City, Plan

HABITS, ERRANDS, JOBS, SPECIAL = 3, 2, 2, 1
PLANS = HABITS + ERRANDS + JOBS + SPECIAL
HOUR = 3600.0
Dice = np.random.Generator


@dataclass(frozen=True, slots=True)
class People:
    """Metres in the city's plane (east, north); m/s; hours. `habit_*`: [person, habit]; the last habit recurs on one day of
    the week. `joined`: the first day of which anything is known."""

    home: Floats
    speed: Floats
    habit_at: Floats
    habit_share: Floats
    habit_hour: Floats
    habit_min: Floats
    joined: Ints


@dataclass(slots=True)
class Plans:
    """[person, day, plan]: where, when (seconds of the day), how long; `kept`: whether it takes place."""

    at: Floats
    start: Floats
    length: Floats
    kept: Flags


def places(dice: Dice, city: City, count: int) -> Floats:
    """Addresses, huddled in quarters."""
    centres = dice.normal(0, city.radius_m, (city.blocks, 2))
    return np.asarray(centres[dice.integers(0, city.blocks, count)] + dice.normal(0, 180, (count, 2)))


def people(dice: Dice, plan: Plan, city: City) -> People:
    n = plan.executors
    return People(
        home=places(dice, city, n),
        speed=dice.uniform(2.5, 9.0, n),
        habit_at=places(dice, city, n * HABITS).reshape(n, HABITS, 2),
        habit_share=dice.beta(1.2, 2.5, (n, HABITS)),
        habit_hour=dice.uniform(8, 20, (n, HABITS)),
        habit_min=dice.lognormal(np.log(70), 0.7, (n, HABITS)).clip(10, 480),
        joined=np.where(dice.random(n) < plan.fresh_share, dice.integers(4, plan.days - 4, n), 0),
    )


def plans(dice: Dice, plan: Plan, city: City, who: People) -> Plans:
    """What a person means to do; the last plan of each day is empty, for what a cancelled deal adds."""
    n, days = plan.executors, plan.days
    shape = (n, days, PLANS)
    at, start, length = np.zeros((*shape, 2)), np.zeros(shape), np.zeros(shape)
    kept = np.zeros(shape, dtype=bool)
    habits = slice(0, HABITS)
    at[:, :, habits] = who.habit_at[:, None]
    start[:, :, habits] = (who.habit_hour[:, None] + dice.normal(0, 0.8, (n, days, HABITS))) * HOUR
    length[:, :, habits] = who.habit_min[:, None] * 60 * dice.lognormal(0, 0.3, (n, days, HABITS))
    kept[:, :, habits] = dice.random((n, days, HABITS)) < who.habit_share[:, None]
    weekly = np.arange(days) % 7 == dice.integers(0, 7, (n, 1))
    kept[:, :, HABITS - 1] = weekly & (dice.random((n, days)) < 0.85)
    errands = slice(HABITS, HABITS + ERRANDS)
    reach = dice.exponential(2500, (n, days, ERRANDS, 1)) * _directions(dice, (n, days, ERRANDS))
    at[:, :, errands] = who.home[:, None, None] + reach
    start[:, :, errands] = dice.uniform(9, 20.5, (n, days, ERRANDS)) * HOUR
    length[:, :, errands] = dice.lognormal(np.log(16), 0.8, (n, days, ERRANDS)).clip(3, 150) * 60
    kept[:, :, errands] = dice.random((n, days, ERRANDS)) < 0.5
    jobs = slice(HABITS + ERRANDS, HABITS + ERRANDS + JOBS)
    at[:, :, jobs] = places(dice, city, n * days * JOBS).reshape(n, days, JOBS, 2)
    start[:, :, jobs] = dice.uniform(9, 18, (n, days, JOBS)) * HOUR
    length[:, :, jobs] = dice.lognormal(np.log(80), 0.5, (n, days, JOBS)).clip(20, 300) * 60
    kept[:, :, jobs] = dice.random((n, days, JOBS)) < 0.35
    return Plans(at, start, length, kept)


def add_visit(all_plans: Plans, person: Ints, day: Ints, at: Floats, start: Floats, length: Floats) -> None:
    """A visit that goes before other plans: whatever overlaps with it and the way there is dropped."""
    p, d = person, day
    margin = 1500.0
    clash = (all_plans.start[p, d] < (start + length + margin)[:, None]) & (
        all_plans.start[p, d] + all_plans.length[p, d] > (start - margin)[:, None]
    )
    all_plans.kept[p, d] &= ~clash
    all_plans.at[p, d, -1], all_plans.start[p, d, -1] = at, start
    all_plans.length[p, d, -1], all_plans.kept[p, d, -1] = length, True


def _directions(dice: Dice, shape: tuple[int, ...]) -> Floats:
    angle = dice.uniform(0, 2 * np.pi, shape)
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)
