"""What the measures are taken from, as columns: positions, cancelled deals, and the past of their executors."""

from dataclasses import dataclass, field

import numpy as np

from fraud.geometry.globe import Flags, Floats, Ints, unit

DAY_S = 86_400.0
THIN_S = 15.0
REPLAY_STEP_M = 30.0
REPLAY_S = 5.0
REPLAY_RUN = 3  # steps in a row
NETWORK_ACCURACY_M = 150.0


@dataclass(frozen=True, slots=True)
class Pings:
    """Positions sorted by person, then time (Unix seconds, UTC). `accuracy_m`: NaN when not told. `seen_before`: at the end
    of a run of steps that this person already reported at least 12 hours earlier, at the same times after one another. `skew_s`:
    seconds that the receiver's clock was ahead of the phone's, NaN when not told; None: never told."""

    bounds: Ints
    at: Floats
    lat: Floats
    lon: Floats
    accuracy_m: Floats
    vectors: Floats
    seen_before: Flags
    skew_s: Floats | None = None

    @property
    def count(self) -> int:
        return len(self.at)

    def skew_at(self, places: Ints) -> Floats:
        return np.full(len(places), np.nan) if self.skew_s is None else self.skew_s[places]


@dataclass(frozen=True, slots=True)
class Deals:
    """Cancelled assignments; times in Unix seconds. `executor`: the person's number in `Pings` (−1: no positions at all).
    `context`: named columns of the same length, NaN where unknown."""

    executor: Ints
    lat: Floats
    lon: Floats
    window_start: Floats
    window_end: Floats
    chosen_at: Floats
    cancelled_at: Floats
    expected_min: Floats
    context: dict[str, Floats] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.lat)

    def part(self, rows: slice | Ints) -> "Deals":
        return Deals(
            self.executor[rows],
            self.lat[rows],
            self.lon[rows],
            self.window_start[rows],
            self.window_end[rows],
            self.chosen_at[rows],
            self.cancelled_at[rows],
            self.expected_min[rows],
            {name: values[rows] for name, values in self.context.items()},
        )


def make_pings(
    *,
    executor: Ints,
    at: Floats,
    lat: Floats,
    lon: Floats,
    accuracy_m: Floats,
    network: Flags | None = None,
    skew_s: Floats | None = None,
    people: int,
) -> Pings:
    """Any order, duplicates and nonsense allowed: impossible places are dropped, of two positions at one instant the more
    accurate is kept, a network position without accuracy counts as 150 m."""
    good = np.isfinite(at) & (np.abs(lat) <= 90) & (np.abs(lon) <= 360) & ((lat != 0) | (lon != 0)) & (executor >= 0)
    accuracy = np.where(accuracy_m >= 0, accuracy_m, np.nan)
    if network is not None:
        accuracy = np.where(np.isnan(accuracy) & network, NETWORK_ACCURACY_M, accuracy)
    order = np.flatnonzero(good)
    order = order[np.lexsort((accuracy[order], at[order], executor[order]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (executor[order][1:] != executor[order][:-1]) | (at[order][1:] != at[order][:-1])
    order = order[first]
    who, when, vectors = executor[order], at[order], unit(lat[order], lon[order])
    return Pings(
        bounds=np.searchsorted(who, np.arange(people + 1)).astype(np.int64),
        at=when,
        lat=lat[order],
        lon=lon[order],
        accuracy_m=accuracy[order],
        vectors=vectors,
        seen_before=_seen_before(who, when, lat[order], lon[order], vectors),
        skew_s=None if skew_s is None else skew_s[order],
    )


def thinned(pings: Pings) -> Pings:
    """At most one position in 15 seconds, the first of each quarter minute: a measure must not depend on how eager the
    phone is."""
    people = len(pings.bounds) - 1
    who = np.repeat(np.arange(people), np.diff(pings.bounds))
    keep = slot_firsts(pings.at, who)
    if len(keep) == pings.count:
        return pings
    return Pings(
        bounds=np.searchsorted(who[keep], np.arange(people + 1)).astype(np.int64),
        at=pings.at[keep],
        lat=pings.lat[keep],
        lon=pings.lon[keep],
        accuracy_m=pings.accuracy_m[keep],
        vectors=pings.vectors[keep],
        seen_before=pings.seen_before[keep],
        skew_s=None if pings.skew_s is None else pings.skew_s[keep],
    )


def _seen_before(who: Ints, at: Floats, lat: Floats, lon: Floats, vectors: Floats) -> Flags:
    """Real phones do not report the same run of steps, to a tenth of a metre and as many seconds apart, on two days. Single
    steps do recur honestly: between a place's entries in a list, between two networks at a fixed interval."""
    seen = np.zeros(len(at), dtype=bool)
    step, mark = steps_of(at, lat, lon, vectors, who)
    seen[step] = repeated(at[step], mark)
    return seen


def slot_firsts(at: Floats, who: Ints | None = None) -> Ints:
    """Of positions in order: the first of each quarter minute, by person."""
    slot = np.floor(at / THIN_S)
    keep = np.ones(len(at), dtype=bool)
    keep[1:] = slot[1:] != slot[:-1]
    if who is not None:
        keep[1:] |= who[1:] != who[:-1]
    return np.flatnonzero(keep)


def steps_of(at: Floats, lat: Floats, lon: Floats, vectors: Floats, who: Ints) -> tuple[Ints, Ints]:
    """Positions at the end of a real step of the same person, and the mark of each step: equal for steps between the same
    places in the same time (to five seconds). Of rounded coordinates nothing is said."""
    if len(lat) < 2:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    far = np.sum((vectors[1:] - vectors[:-1]) ** 2, axis=1) > (REPLAY_STEP_M / 6.371e6) ** 2
    fine = ~_rounded(lat, lon)
    step = np.flatnonzero(far & fine[1:] & fine[:-1] & (who[1:] == who[:-1])) + 1
    places = [part * 1e6 for part in (lat[step - 1], lon[step - 1], lat[step], lon[step])]
    mixed = who[step].astype(np.int64)
    for part in (*places, (at[step] - at[step - 1]) / REPLAY_S):
        mixed = mixed * np.int64(1_000_003) + np.round(part).astype(np.int64) * np.int64(2_654_435_761 % 2**31)
        mixed ^= mixed >> np.int64(29)
    return step, mixed


def _rounded(lat: Floats, lon: Floats) -> Flags:
    """Coordinates of at most four decimals, some eleven metres: they recur without anybody's doing."""
    parts = (lat * 1e4, lon * 1e4)
    return np.asarray(np.logical_and.reduce([np.abs(part - np.round(part)) < 1e-3 for part in parts]))


def repeated(at: Floats, mark: Ints) -> Flags:
    """Of steps by person, in the order of time: whether each ends a run that was made before, see `run_ends`."""
    order = np.lexsort((at, mark))
    begins = np.r_[True, mark[order][1:] != mark[order][:-1]] if len(at) else np.zeros(0, dtype=bool)
    ago = np.empty(len(at))
    ago[order] = at[order] - at[order][np.flatnonzero(begins)][np.cumsum(begins) - 1]
    return run_ends(at, ago)


def run_ends(at: Floats, ago: Floats) -> Flags:
    """`ago`: how long before each step the same one was made first. Whether REPLAY_RUN steps in a row, the last of them this one,
    were all made equally long before, at least half a day. Only what came before a step speaks about it."""
    seen = np.zeros(len(at), dtype=bool)
    if len(at) >= REPLAY_RUN:
        goes_on = (ago[1:] > DAY_S / 2) & (np.abs(ago[1:] - ago[:-1]) <= REPLAY_S)
        links = [goes_on[back : len(goes_on) - REPLAY_RUN + 2 + back] for back in range(REPLAY_RUN - 1)]
        seen[REPLAY_RUN - 1 :] = np.logical_and.reduce(links)
    return seen
