"""Tracks of another character than the generated cities', which no model of ours is trained on: a logger that records
ways only, a taxi that never rests, people who check in. They show whether what was learned carries over."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from fraud.features.inputs import Deals, make_pings
from fraud.geometry.globe import Floats, moved
from fraud.world.cancellations import KINDS
from fraud.world.days import DAY_S
from fraud.world.people import HOUR, Dice
from fraud.world.shards import Shard

PEOPLE, DAYS = 40, 45
FIRST_DAY = 20_600
STRANGERS = ("logger", "taxi", "check-ins")
PLACE = {"logger": (39.98, 116.32), "taxi": (39.91, 116.40), "check-ins": (-33.87, 151.21)}


@dataclass(slots=True)
class Track:
    """One person's positions: Unix seconds, metres east and north of the city's centre."""

    at: list[Floats] = field(default_factory=list)
    where: list[Floats] = field(default_factory=list)

    def add(self, at: Floats, where: Floats) -> None:
        self.at.append(at)
        self.where.append(where)


@dataclass(slots=True)
class Asked:
    """One cancelled deal: kind, the point, the window and when it was cancelled."""

    kind: str
    point: Floats
    start: float
    end: float
    cancelled: float
    usual_min: float = 60.0


Live = Callable[[Dice, Track, list[Asked]], None]


def strangers(name: str, *, seed: int = 9000, people: int = PEOPLE) -> Shard:
    """`name`: "logger", "taxi" or "check-ins"."""
    live: dict[str, Live] = {"logger": _logger, "taxi": _taxi, "check-ins": _check_ins}
    lives = []
    for person in range(people):
        track, asked = Track(), list[Asked]()
        live[name](np.random.default_rng([seed, person, *name.encode()]), track, asked)
        lives.append((track, asked))
    return _shard(lives, *PLACE[name])


def _shard(lives: list[tuple[Track, list[Asked]]], lat: float, lon: float) -> Shard:
    at = [np.concatenate(track.at) for track, _asked in lives]
    where = np.concatenate([np.concatenate(track.where) for track, _asked in lives])
    count = len(where)
    north, east = moved(np.full(count, lat), np.full(count, lon), where[:, 0], where[:, 1])
    asked = [(person, one) for person, (_track, mine) in enumerate(lives) for one in mine]
    point = np.array([one.point for _person, one in asked])
    rows = len(asked)
    deal_lat, deal_lon = moved(np.full(rows, lat), np.full(rows, lon), point[:, 0], point[:, 1])
    start = np.array([one.start for _person, one in asked])
    kind = np.array([KINDS.index(one.kind) for _person, one in asked])
    return Shard(
        pings=make_pings(
            executor=np.repeat(np.arange(len(lives)), [len(one) for one in at]),
            at=np.concatenate(at), lat=north, lon=east, accuracy_m=np.full(count, np.nan), people=len(lives),
        ),
        deals=Deals(
            executor=np.array([person for person, _one in asked]), lat=deal_lat, lon=deal_lon, window_start=start,
            window_end=np.array([one.end for _person, one in asked]), chosen_at=start - 20 * HOUR,
            cancelled_at=np.array([one.cancelled for _person, one in asked]),
            expected_min=np.array([one.usual_min for _person, one in asked]),
        ),
        label=(kind >= KINDS.index("plain")).astype(np.int64),
        kind=kind,
        customer=np.arange(rows),
        group={},
    )  # fmt: skip


def _logger(dice: Dice, track: Track, asked: list[Asked]) -> None:
    """A position in 1–5 s on the way, none indoors but for some minutes of drift; no accuracy, some wild outliers."""
    home, work = dice.normal(0, 4000, 2), dice.normal(0, 4000, 2)
    every, drifts = dice.uniform(1, 5), dice.random() < 0.3
    for day in range(DAYS):
        if dice.random() < 0.35:
            continue
        now = (FIRST_DAY + day) * DAY_S + dice.uniform(7.5, 9.5) * HOUR
        stops = [(work, dice.uniform(2, 4) * HOUR)]
        kind = dice.choice(["plain", "no_show", "pass_by", "next_door", "stayed_away"], p=[0.2, 0.15, 0.15, 0.2, 0.3])
        there = dice.normal(0, 4500, 2)
        if kind in ("plain", "no_show", "pass_by"):
            length = {"plain": dice.uniform(35, 110), "no_show": dice.uniform(3, 14), "pass_by": 0.0}[kind]
            stops.append((there, length * 60))
        here = home
        met = now + 5 * HOUR
        for place, length in [*stops, (home, 0.0)]:
            now = _go(dice, track, here, place, now, every)
            if place is there:
                met = now
            _indoors(dice, track, place, now, length, every, drifts)
            now, here = now + length, place
        point = {"next_door": home + dice.uniform(25, 90) * _way(dice)}.get(str(kind), there)
        start = met - dice.uniform(0.1, 1.2) * HOUR
        cancelled = met + dice.uniform(5, 15) * 60 if kind == "no_show" else start - dice.uniform(0.2, 10) * HOUR
        asked.append(Asked(str(kind), point + dice.normal(0, 12, 2), start, start + 3 * HOUR, cancelled))


def _go(dice: Dice, track: Track, a: Floats, b: Floats, now: float, every: float) -> float:
    """On the way, with the logger on; returns when somebody arrives."""
    corner = np.array([b[0], a[1]])
    legs = [np.abs(b[0] - a[0]), np.abs(b[1] - a[1])]
    whole = max(float(sum(legs)), 1.0)
    took = whole / dice.choice([1.4, 4.0, 8.0], p=[0.2, 0.3, 0.5]) + 60
    at = now + np.arange(0, took, every)
    gone = (at - now) / took * whole
    first = (np.minimum(gone, legs[0]) / max(legs[0], 1e-9))[:, None]
    second = (np.clip(gone - legs[0], 0, None) / max(legs[1], 1e-9))[:, None]
    where = a + (corner - a) * first + (b - corner) * second
    where = where + np.cumsum(dice.normal(0, 0.4, (len(at), 2)), axis=0) + dice.normal(0, 2, (len(at), 2))
    wild = dice.random(len(at)) < 0.003
    where[wild] += dice.normal(0, 400, (int(wild.sum()), 2))
    track.add(at, where)
    return now + float(took)


def _indoors(dice: Dice, track: Track, place: Floats, now: float, length: float, every: float, drifts: bool) -> None:
    """The fix is lost after a minute or two; some loggers go on and drift between the walls."""
    lasts = length if drifts else min(length, dice.uniform(30, 150))
    at = now + np.arange(0, lasts, every * (4 if drifts else 1))
    walk = np.cumsum(dice.normal(0, 3.0, (len(at), 2)), axis=0)
    track.add(at, place + 45 * np.tanh(walk / 45) + dice.normal(0, 6, (len(at), 2)))


def _taxi(dice: Dice, track: Track, asked: list[Asked]) -> None:
    """A position in one to five minutes for ten hours, from fare to fare, waits of minutes at a rank."""
    ranks = dice.normal(0, 4000, (4, 2))
    every = dice.uniform(60, 300)
    for day in range(DAYS):
        now = (FIRST_DAY + day) * DAY_S + dice.uniform(6, 10) * HOUR
        ends, here = now + 10 * HOUR, dice.normal(0, 4000, 2)
        kind = str(dice.choice(["plain", "pass_by", "stayed_away"], p=[0.15, 0.25, 0.6]))
        point, start = dice.normal(0, 5000, 2), now + dice.uniform(2, 5) * HOUR
        done = kind == "stayed_away"
        while now < ends:
            there, wait = dice.normal(0, 5000, 2), dice.uniform(30, 240)
            if dice.random() < 0.3:
                there, wait = ranks[dice.integers(4)], dice.uniform(4, 25) * 60
            if not done and now > start:
                there, wait, done = point, (dice.uniform(40, 100) * 60 if kind == "plain" else 20.0), True
            took = float(np.abs(there - here).sum()) / dice.uniform(5, 11) + 30
            at = np.arange(now, now + took + wait, every) + dice.uniform(0, 20)
            share = np.clip((at - now) / took, 0, 1)[:, None]
            track.add(at, here + (there - here) * share + dice.normal(0, 9, (len(at), 2)))
            now, here = now + took + wait, there
        cancelled = start - dice.uniform(0.1, 5) * HOUR
        asked.append(Asked(kind, point + dice.normal(0, 12, 2), start, start + 3 * HOUR, cancelled))


def _check_ins(dice: Dice, track: Track, asked: list[Asked]) -> None:
    """One to six positions a day, each at a place's own coordinates."""
    usual = dice.normal(0, 3000, (12, 2))
    liking = dice.dirichlet(np.full(12, 0.4))
    for day in range(DAYS):
        midnight = (FIRST_DAY + day) * DAY_S
        at = np.sort(midnight + dice.uniform(8, 22, dice.integers(1, 7)) * HOUR)
        where = usual[dice.choice(12, len(at), p=liking)]
        kind = str(dice.choice(["plain", "next_door", "stayed_away"], p=[0.15, 0.25, 0.6]))
        start = midnight + dice.uniform(10, 17) * HOUR
        point = dice.normal(0, 3500, 2)
        if kind == "next_door":
            point = usual[dice.choice(12, p=liking)] + dice.uniform(20, 100) * _way(dice)
        if kind == "plain":
            came = start + dice.uniform(0.2, 1.5) * HOUR
            at, where = np.append(at, came), np.vstack([where, point])
        track.add(at, where)
        asked.append(Asked(kind, point, start, start + 3 * HOUR, start - dice.uniform(0.1, 5) * HOUR))


def _way(dice: Dice) -> Floats:
    angle = dice.uniform(0, 2 * np.pi)
    return np.array([np.cos(angle), np.sin(angle)])
