"""Small made-up days for the model's tests, on plain columns; no database."""

from dataclasses import dataclass

import numpy as np

from fraud.features.inputs import Deals, Pings, make_pings
from fraud.features.table import Table, features, tracks_of
from fraud.geometry.globe import moved
from fraud.world.learning import Harvest, joined, one_shard
from fraud.world.plan import STANDARD, Plan
from fraud.world.shards import Shard, shard

DAY = 1_790_000_000.0 - 1_790_000_000.0 % 86_400  # a midnight UTC
HOUR = 3600.0
SMALL = Plan(
    "small",
    fraud_share=0.3,
    executors=12,
    days=20,
    cancellations=10,
    cadences_s={180.0: 0.5, 300.0: 0.5},
    fresh_share=0.0,
)


@dataclass
class Track:
    """Positions of one person, added piece by piece in metres around a point."""

    lat: float = 55.75
    lon: float = 37.62

    def __post_init__(self) -> None:
        self.rows: list[tuple[float, float, float, float]] = []

    def stand(
        self, start: float, end: float, *, east: float = 0, north: float = 0, every: float = 300, error: float = 8,
        accuracy: float = 15.0, seed: int = 1,
    ) -> "Track":  # fmt: skip
        dice = np.random.default_rng(seed)
        at = np.arange(start, end + 1, every)
        lat, lon = moved(
            np.full(len(at), self.lat), np.full(len(at), self.lon),
            east + dice.normal(0, error, len(at)), north + dice.normal(0, error, len(at)),
        )  # fmt: skip
        self.rows += zip(at.tolist(), lat.tolist(), lon.tolist(), [accuracy] * len(at), strict=True)
        return self

    def ride(self, start: float, end: float, *, start_m: float, end_m: float, every: float = 60) -> "Track":
        at = np.arange(start, end + 1, every)
        east = np.interp(at, [start, end], [start_m, end_m])
        lat, lon = moved(np.full(len(at), self.lat), np.full(len(at), self.lon), east, np.zeros(len(at)))
        self.rows += zip(at.tolist(), lat.tolist(), lon.tolist(), [12.0] * len(at), strict=True)
        return self

    def pings(self, order: list[int] | None = None) -> Pings:
        rows = [self.rows[place] for place in order] if order is not None else self.rows
        table = np.array(rows, dtype=float).reshape(-1, 4)
        return make_pings(
            executor=np.zeros(len(table), dtype=np.int64), at=table[:, 0], lat=table[:, 1], lon=table[:, 2],
            accuracy_m=table[:, 3], people=1,
        )  # fmt: skip


def came(lat: float = 55.75, lon: float = 37.62) -> Track:
    """Three other days elsewhere; on the day from 5 km away to the point, there 14:05–15:25, and away again."""
    track = Track(lat, lon)
    for day in (1, 2, 3):
        track.stand(DAY - day * 86_400 + 8 * HOUR, DAY - day * 86_400 + 18 * HOUR, east=5000, seed=day)
    track.stand(DAY + 12 * HOUR, DAY + 13.6 * HOUR, east=5000, seed=9)
    track.ride(DAY + 13.65 * HOUR, DAY + 14.05 * HOUR, start_m=5000, end_m=0)
    track.stand(DAY + 14.1 * HOUR, DAY + 15.4 * HOUR, seed=8)
    track.ride(DAY + 15.45 * HOUR, DAY + 15.9 * HOUR, start_m=0, end_m=5000)
    return track.stand(DAY + 16 * HOUR, DAY + 19 * HOUR, east=5000, seed=7)


def deal(lat: float = 55.75, lon: float = 37.62, **changes: float) -> Deals:
    """Chosen the evening before for 14–17 UTC, cancelled at 12:30, an hour and a half of work."""
    values = {
        "window_start": DAY + 14 * HOUR, "window_end": DAY + 17 * HOUR, "chosen_at": DAY - 6 * HOUR,
        "cancelled_at": DAY + 12.5 * HOUR, "expected_min": 90.0,
    } | changes  # fmt: skip
    return Deals(
        executor=np.zeros(1, dtype=np.int64), lat=np.array([lat]), lon=np.array([lon]),
        **{name: np.array([value]) for name, value in values.items()},
    )  # fmt: skip


def measured(pings: Pings, deals: Deals, moment: str = "plus_2h") -> Table:
    return features(tracks_of(pings), deals, moment)


def small_shard(number: int = 0, plan: Plan = SMALL) -> Shard:
    return shard(plan, seed=77, number=number)


def small_harvest(plan: Plan = STANDARD, count: int = 1, seed: int = 78) -> Harvest:
    return joined([one_shard(plan, seed=seed, number=number) for number in range(count)])
