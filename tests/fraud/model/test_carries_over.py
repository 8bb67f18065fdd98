"""What only a generated world would hold against somebody: how rarely a phone reported that day, when somebody came, what two
people have in common, how short a time somebody is known."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from fraud.features.context import COLUMNS as CONTEXT
from fraud.features.inputs import Deals, Pings, make_pings
from fraud.features.look import MOMENTS
from fraud.features.table import features, tracks_of
from fraud.geometry.globe import Flags, Floats
from fraud.model.lines import flagged_at
from fraud.model.trained import GEOGRAPHY_ONLY, WITH_CONTEXT, shipped
from fraud.world.plan import STANDARD
from fraud.world.shards import Shard, shard

HOUR = 3600.0


@cache
def honest(kind: str, number: int = 0) -> Shard:
    """A thousand deals and more of one honest kind; nobody is new, no day is thin."""
    plan = replace(
        STANDARD,
        fraud_share=0.0,
        honest={kind: 1.0},
        executors=50,
        thin_share=0.0,
        fresh_share=0.0,
        unread_share=0.0,
        long_wait_share=0.0,
    )
    return shard(plan, seed=611, number=number)


def only(pings: Pings, keep: Flags) -> Pings:
    who = np.repeat(np.arange(len(pings.bounds) - 1), np.diff(pings.bounds))
    return make_pings(
        executor=who[keep], at=pings.at[keep], lat=pings.lat[keep], lon=pings.lon[keep],
        accuracy_m=pings.accuracy_m[keep], people=len(pings.bounds) - 1,
    )  # fmt: skip


def in_looks(pings: Pings, deals: Deals) -> Flags:
    inside = np.zeros(pings.count, dtype=bool)
    for who, start, end in zip(deals.executor, deals.window_start, deals.window_end, strict=True):
        first, last = pings.bounds[who], pings.bounds[who + 1]
        at = pings.at[first:last]
        inside[first:last] |= (at >= start - 2 * HOUR) & (at <= end + 2 * HOUR)
    return inside


def flagged(pings: Pings, deals: Deals, feature_set: str = GEOGRAPHY_ONLY) -> tuple[float, Floats]:
    """The share flagged at any moment, and the last scores."""
    model, tracks = shipped(feature_set), tracks_of(pings)
    tables = {moment: features(tracks, deals, moment) for moment in MOMENTS}
    any_ = np.logical_or.reduce([flagged_at(model, table, moment) for moment, table in tables.items()])
    return float(any_.mean()), model.scores(tables[MOMENTS[-1]])


@pytest.mark.parametrize("kind", ["errand_near", "no_show"])
def test_the_same_honest_day_told_more_rarely_is_not_flagged_more(kind: str) -> None:
    made = honest(kind)
    who = np.repeat(np.arange(len(made.pings.bounds) - 1), np.diff(made.pings.bounds))
    slot = np.floor(made.pings.at / 1200)
    first = np.r_[True, (slot[1:] != slot[:-1]) | (who[1:] != who[:-1])]
    often, _ = flagged(made.pings, made.deals)
    rarely, _ = flagged(only(made.pings, first | ~in_looks(made.pings, made.deals)), made.deals)
    assert rarely <= often + 0.01


def test_who_came_because_the_message_was_not_seen_is_not_flagged() -> None:
    """Ten minutes at the door, the deal called off hours before."""
    made = honest("no_show")
    early = replace(made.deals, cancelled_at=np.maximum(made.deals.chosen_at + 60, made.deals.window_start - 3 * HOUR))
    share, _ = flagged(made.pings, early)
    assert share <= 0.02


def test_who_lives_next_door_is_not_flagged_on_the_first_day_with_us() -> None:
    made = honest("next_door")
    first = np.unique(made.deals.executor, return_index=True)[1]
    deals = made.deals.part(first)
    begin = np.full(len(made.pings.bounds) - 1, np.inf)
    begin[deals.executor] = deals.window_start - 6 * HOUR
    who = np.repeat(np.arange(len(made.pings.bounds) - 1), np.diff(made.pings.bounds))
    share, scores = flagged(only(made.pings, made.pings.at >= begin[who]), deals)
    assert len(scores) == 50
    assert share == 0


WORST = {
    "by_customer": 1, "reason_vague": 1, "price_minor": 250_000, "fee_minor": 15_000, "pair_deals": 20, "pair_cancellations": 3,
    "executor_cancel_share": 0.3, "customer_cancel_share": 0.3, "contacts_in_chat": 1, "silent_after": 1, "reposted": 0,
    "other_job_near": 0,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "most"), [("stayed_away", 0.002), ("next_door", 0.01), ("no_show", 0.02)])
def test_what_is_known_of_two_people_proves_no_visit(kind: str, most: float) -> None:
    """The worst record that two can have, and positions that show another place, a home near by or ten minutes at the door."""
    assert set(WORST) <= set(CONTEXT)
    made = honest(kind)
    record = {name: np.full(made.deals.count, float(value)) for name, value in WORST.items()}
    share, _ = flagged(made.pings, replace(made.deals, context=record), WITH_CONTEXT)
    assert share <= most
