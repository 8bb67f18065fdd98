"""A world as a stream of shards: one city's people each, small enough to hold; shard i of a seed never changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from fraud.features.inputs import Deals, Pings, make_pings
from fraud.geometry.globe import Floats, Ints, moved
from fraud.world import cancellations, days, people, phones, talk
from fraud.world.cancellations import Called
from fraud.world.deceit import disturb
from fraud.world.plan import City, Plan

NEW_DAYS = 12


@dataclass(frozen=True, slots=True)
class Shard:
    """`label`: 1 for fraud; `kind`: number in cancellations.KINDS; `customer`: number, the same for a pair's deals."""

    pings: Pings
    deals: Deals
    label: Ints
    kind: Ints
    customer: Ints
    group: dict[str, Ints]


def shards(plan: Plan, *, seed: int, count: int, first: int = 0) -> Iterator[Shard]:
    for number in range(first, first + count):
        yield shard(plan, seed=seed, number=number)


def shard(plan: Plan, *, seed: int, number: int) -> Shard:
    dice = np.random.default_rng([seed, number])
    city = plan.cities[number % len(plan.cities)]
    who, kit = people.people(dice, plan, city), phones.phones(dice, plan)
    planned = people.plans(dice, plan, city, who)
    called = cancellations.call_off(dice, plan, city, who)
    without = days.timeline(who, planned)
    cancellations.settle_places(dice, plan, who, called, without)
    cancellations.visit(dice, plan, called)
    cancellations.put_into_plans(dice, called, planned, plan)
    cancellations.geocode(dice, plan, called)
    line = days.timeline(who, planned)
    must = called.person * plan.days + called.day
    day, second = phones.times(dice, plan, kit, who.joined, must)
    reports = phones.report(dice, plan, kit, line, day, second)
    reports = disturb(dice, plan, called, reports, without)
    return Shard(
        pings=_pings(plan, city, reports),
        deals=_deals(plan, city, called, talk.context(dice, called)),
        label=called.fraud.astype(np.int64),
        kind=called.kind,
        customer=dice.integers(0, 10**6, called.count) + number * 10**6,
        group=_groups(plan, kit, who, called),
    )


def _pings(plan: Plan, city: City, reports: phones.Reports) -> Pings:
    lat, lon = _degrees(city, reports.at)
    return make_pings(
        executor=reports.day // plan.days,
        at=cancellations.clock(plan, city.lon, reports.day % plan.days, reports.second),
        lat=np.round(lat, 6),
        lon=np.round(lon, 6),
        accuracy_m=reports.accuracy_m,
        network=reports.network,
        people=plan.executors,
    )


def _deals(plan: Plan, city: City, called: Called, context: dict[str, Floats]) -> Deals:
    lat, lon = _degrees(city, called.point)

    def clock(second: Floats) -> Floats:
        return np.asarray(np.round(cancellations.clock(plan, city.lon, called.day, second)))

    return Deals(
        executor=called.person,
        lat=lat,
        lon=lon,
        window_start=clock(called.start),
        window_end=clock(called.end),
        chosen_at=clock(called.chosen),
        cancelled_at=clock(called.cancelled),
        expected_min=called.usual_s / 60,
        context=context,
    )


def _degrees(city: City, at: Floats) -> tuple[Floats, Floats]:
    here = np.full(len(at), city.lat), np.full(len(at), city.lon)
    return moved(here[0], here[1], at[:, 0], at[:, 1])


def _groups(plan: Plan, kit: phones.Phones, who: people.People, called: Called) -> dict[str, Ints]:
    """Who might be treated differently: by density of positions, district, time with us, kind of phone."""
    far = np.hypot(*who.home.T) > np.median(np.hypot(*who.home.T))
    new = called.day - who.joined[called.person] < NEW_DAYS
    return {
        "dense positions": (kit.cadence_s[called.person] <= 90).astype(np.int64),
        "outer district": far[called.person].astype(np.int64),
        "newcomer": new.astype(np.int64),
        "newcomer next door": (new & called.of("next_door")).astype(np.int64),
        "phone tells no accuracy": (~kit.told[called.person]).astype(np.int64),
        "nights reported": kit.nights[called.person].astype(np.int64),
    }


def varied(plan: Plan, *, seed: int, number: int) -> Plan:
    """The plan with cadence, errors and coverage drawn anew: training must not learn one world's phones."""
    dice = np.random.default_rng([seed, number, 7])
    cadences = [30.0, *dice.choice([60.0, 120.0, 300.0, 600.0, 900.0, 1200.0], 3, replace=False).tolist()]
    return replace(
        plan,
        cadences_s=dict(zip(cadences, [0.03, 0.32, 0.35, 0.3], strict=True)),
        geocoder_m=float(dice.uniform(8, 30)),
        gross_share=float(dice.uniform(0.0, 0.04)),
        tracked_days=float(dice.uniform(0.2, 0.95)),
        network_share=float(dice.uniform(0.0, 0.2)),
        untold_share=float(dice.uniform(0.05, 0.5)),
        walled_share=float(dice.choice([0.0, 0.15, 0.5])),
        dark_share=(0.4, float(dice.choice([1.15, 6.0]))),
        cities=(replace(plan.cities[number % len(plan.cities)], radius_m=float(dice.uniform(1200, 9000))),),
    )
