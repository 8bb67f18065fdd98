"""Deals that were chosen and then cancelled: some were done all the same, most were not. Planned here, lived through the real
services by `replay`."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from demo.calendar import Clock, Times
from demo.dice import Dice
from demo.people import Customer, Executor
from demo.places import Address, Places
from demo.responses import respond, settle
from demo.tasks import Plan, plan_task, put_place
from demo.tracks import Tracks, Visit, away, ordinary_day, trip
from tasks_app.catalogue.selectors import district_of_cell
from tasks_app.models import Category
from tasks_app.posting.grid import public_point

# What really happened, and how often of 60.
KINDS = {"leak": 20, "sent_away": 8, "waited": 5, "neighbour": 5, "no_positions": 7, "elsewhere": 15}
_CUSTOMER_REASONS = ["plans_changed", "found_another", "agreed", "circumstances", "executor_late"]
_RIDE = timedelta(minutes=25)
LONG_AGO = timedelta(days=30)  # before the oldest of them: who joined later cannot have answered


@dataclass
class Cancelled:
    kind: str
    plan: Plan
    executor: Executor
    at: datetime
    by_executor: bool
    reason: str
    # Of its own: which honest cancellations get a blind look is drawn by the system, and must not change the rest of the world.
    dice: Dice


def plan_cancelled(
    dice: Dice, places: Places, executors: list[Executor], customers: list[Customer], count: int, now: datetime
) -> list[Cancelled]:
    kinds = [kind for kind, times in KINDS.items() for _ in range(max(1, round(times * count / 60)))]
    fit = [executor for executor in executors if _onsite(executor) and executor.user.date_joined < now - LONG_AGO]
    return [_one(dice, places, kind, number, fit, customers, now) for number, kind in enumerate(kinds)]


def _onsite(executor: Executor) -> list[Category]:
    return [c for c in executor.categories if c.place == "onsite" and 60 <= c.default_minutes <= 240]


def _one(
    dice: Dice,
    places: Places,
    kind: str,
    number: int,
    executors: list[Executor],
    customers: list[Customer],
    now: datetime,
) -> Cancelled:
    customer = dice.pick(customers)
    near = [executor for executor in executors if executor.town is customer.town] or executors
    executor = dice.pick(near)
    if executor.town is not customer.town:
        customer = replace(customer, town=executor.town)
    category = dice.pick(_onsite(executor))
    clock = Clock.of(now, customer.town.zone, category)
    times = _times(dice, clock, category.default_minutes, recent=number % 5 < 2)
    plan = plan_task(dice, places, customer, category, "assigned", times, home=False)
    if kind == "neighbour":
        put_place(dice, plan.task, _next_door(executor))
    by_executor, reason = _why(dice, kind)
    at = _cancelled_at(dice, kind, times)
    plan.cancelled = True
    _add_responses(dice, plan, executor, near, now)
    return Cancelled(kind, plan, executor, at, by_executor, reason, Dice(dice.getrandbits(64)))


def _times(dice: Dice, clock: Clock, minutes: int, *, recent: bool) -> Times:
    """Recent ones still wait for a decision; the others were decided long ago."""
    length = timedelta(minutes=max(120, minutes + 40))
    ends = clock.now - (dice.minutes(3 * 60, 40 * 60) if recent else dice.minutes(4.5 * 1440, 25 * 1440))
    starts = clock.start_before(dice, ends - length, length)
    chosen = clock.awake(dice, starts - dice.minutes(150, 18 * 60))
    created = clock.awake(dice, chosen - dice.minutes(60, 10 * 60))
    return Times(created, starts, starts + length, starts + length, chosen)


def _why(dice: Dice, kind: str) -> tuple[bool, str]:
    if kind == "leak":
        return dice.pick(
            [(False, "plans_changed"), (False, "found_another"), (False, "agreed"), (True, "customer_asked")]
        )
    if kind in ("sent_away", "waited"):
        return dice.pick([(True, "no_access"), (True, "customer_unreachable"), (False, "circumstances")])
    if dice.chance(0.3):
        return True, dice.pick(["cannot_come", "circumstances", "customer_asked"])
    return False, dice.pick(_CUSTOMER_REASONS)


def _cancelled_at(dice: Dice, kind: str, times: Times) -> datetime:
    assert times.starts is not None and times.chosen is not None  # noqa: PT018, S101
    if kind in ("sent_away", "waited"):
        return times.starts + dice.minutes(8, 13)
    if kind == "leak" and dice.chance(0.25):
        return times.starts + dice.minutes(3, 12)
    return max(times.chosen + timedelta(minutes=20), times.starts - dice.minutes(10, 110))


def _next_door(executor: Executor) -> Address:
    point = away(executor.home.point, east=55, north=45)
    cell = public_point(point)
    district = district_of_cell(cell, city=executor.town.city)
    return Address(executor.home.text, point, cell, district.pk if district else None)


def _add_responses(dice: Dice, plan: Plan, executor: Executor, near: list[Executor], now: datetime) -> None:
    assert plan.times.chosen is not None  # noqa: S101
    others = [e for e in near if e is not executor and plan.task.category in e.categories]
    until = plan.times.chosen - timedelta(minutes=20)
    for one in [executor, *dice.sample(others, k=min(len(others), dice.randint(0, 3)))]:
        sent = dice.moment(plan.times.created + timedelta(minutes=3), until)
        response = respond(dice, plan, one, sent)
        plan.responses.append(response)
        if one is executor:
            plan.chosen = response
    for response in plan.responses:
        settle(dice, plan, response, now)
    plan.task.responses_count = sum(response.status != "withdrawn" for response in plan.responses)


def walk_cancelled(dice: Dice, tracks: Tracks, deals: list[Cancelled]) -> None:
    """Where the executors were that day and on the days before it."""
    for deal in deals:
        for back in range(1, 13):
            if dice.chance(0.6):
                day = deal.at - timedelta(days=back)
                somewhere = away(
                    deal.executor.home.point, east=dice.uniform(-4000, 4000), north=dice.uniform(1500, 4000)
                )
                tracks.walk(deal.executor.user, list(ordinary_day(dice, deal.executor.home.point, somewhere, day)))
        visits = _visits(dice, deal)
        if visits:
            tracks.walk(deal.executor.user, visits)


def _visits(dice: Dice, deal: Cancelled) -> list[Visit]:
    times, home, task = deal.plan.times, deal.executor.home.point, deal.plan.task
    assert times.starts is not None and times.ends is not None and task.point is not None  # noqa: PT018, S101
    usual = timedelta(minutes=task.category.default_minutes)
    if deal.kind == "leak":
        arrive = max(times.starts, deal.at - timedelta(minutes=5)) + dice.minutes(-5, 12)
        place = away(task.point, east=dice.uniform(-18, 18), north=dice.uniform(-18, 18))
        return trip(home, place, arrive, arrive + usual * dice.uniform(0.3, 1.05), ride=_RIDE)
    if deal.kind == "sent_away":
        return trip(home, task.point, times.starts - timedelta(minutes=4), deal.at + dice.minutes(2, 6), ride=_RIDE)
    if deal.kind == "waited":
        # Sent away, and had a coffee round the corner: looks like work from far, and is not.
        cafe = away(task.point, east=dice.uniform(60, 105), north=dice.uniform(-30, 30))
        left = deal.at + dice.minutes(30, 65)
        rest = timedelta(minutes=12)
        return [
            Visit(home, times.starts - _RIDE - rest, times.starts - _RIDE),
            Visit(task.point, times.starts - timedelta(minutes=4), deal.at),
            Visit(cafe, deal.at + timedelta(minutes=3), left),
            Visit(home, left + _RIDE, left + _RIDE + rest),
        ]
    if deal.kind == "neighbour":
        return [Visit(home, times.starts - timedelta(hours=2), times.ends + timedelta(hours=1))]
    if deal.kind == "elsewhere":
        other = away(home, east=dice.uniform(2500, 5000), north=dice.uniform(-4000, -2000))
        return trip(home, other, times.starts, times.starts + usual, ride=_RIDE)
    return []
