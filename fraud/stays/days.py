"""Days with positions, in few numbers: of each hour the first and the last position, and the marks of the day's steps.
Made from positions in order; what is kept of a day, with newer positions added to it, gives what all of them give at once.
"""

from dataclasses import dataclass

import numpy as np

from fraud.features.inputs import DAY_S, REPLAY_RUN, Pings, run_ends, slot_firsts, steps_of
from fraud.features.past import solar_offset
from fraud.geometry.globe import Flags, Floats, Ints, unit

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Edges:
    """First and last positions of hours, sorted by time: Unix seconds and degrees."""

    at: Floats
    lat: Floats
    lon: Floats

    def part(self, rows: slice | Flags) -> "Edges":
        return Edges(self.at[rows], self.lat[rows], self.lon[rows])

    def to_bytes(self) -> bytes:
        return np.stack([self.at, self.lat, self.lon]).astype("<f8").tobytes()


@dataclass(frozen=True, slots=True)
class Marks:
    """Steps: when each ended, and its mark, see `fraud.features.inputs.steps_of`."""

    at: Floats
    mark: Ints

    def part(self, rows: slice | Flags) -> "Marks":
        return Marks(self.at[rows], self.mark[rows])

    def to_bytes(self) -> bytes:
        return self.at.astype("<f8").tobytes() + self.mark.astype("<i8").tobytes()


def edges_from(parts: list[bytes]) -> Edges:
    tables = [np.frombuffer(part, dtype="<f8").reshape(3, -1) for part in parts]
    table = np.concatenate(tables, axis=1) if tables else np.zeros((3, 0))
    return Edges(table[0], table[1], table[2])


def marks_from(parts: list[bytes]) -> Marks:
    at = [np.frombuffer(part[: len(part) // 2], dtype="<f8") for part in parts]
    mark = [np.frombuffer(part[len(part) // 2 :], dtype="<i8") for part in parts]
    return Marks(np.concatenate([np.zeros(0), *at]), np.concatenate([np.zeros(0, dtype=np.int64), *mark]))


def edges_of(known: Edges, pings: Pings) -> Edges:
    """`known`: of what came before `pings`, which are one person's and newer."""
    at = np.concatenate([known.at, pings.at])
    lat, lon = np.concatenate([known.lat, pings.lat]), np.concatenate([known.lon, pings.lon])
    kept = slot_firsts(at)
    hour = np.floor(at[kept] / HOUR_S)
    begins = np.r_[True, hour[1:] != hour[:-1]] if len(hour) else np.zeros(0, dtype=bool)
    ends = np.r_[begins[1:], True] if len(hour) else begins
    chosen = kept[begins | ends]
    return Edges(at[chosen], lat[chosen], lon[chosen])


def marks_of(before: tuple[float, float, float] | None, pings: Pings) -> Marks:
    """`before`: time, latitude and longitude of the position before the first of `pings`."""
    lead = np.array([] if before is None else [before]).reshape(-1, 3)
    at, lat, lon = (
        np.concatenate([lead[:, place], column]) for place, column in enumerate((pings.at, pings.lat, pings.lon))
    )
    step, mark = steps_of(at, lat, lon, unit(lat, lon), np.zeros(len(at), dtype=np.int64))
    return Marks(at[step], mark)


def joined(old: Marks, new: Marks) -> Marks:
    return Marks(np.concatenate([old.at, new.at]), np.concatenate([old.mark, new.mark]))


def replayed(marks: Marks, start: float, end: float) -> Floats:
    """When the steps ended, in [start, end], that end a run which the person had made at least half a day before. `marks`: in
    the order of time."""
    upto = marks.part(marks.at <= end)
    first = max(0, int(np.searchsorted(upto.at, start)) - (REPLAY_RUN - 1))
    asked = upto.at[first:]
    again = asked[run_ends(asked, asked - _first_made(upto, upto.mark[first:]))]
    return np.asarray(again[again >= start])


def _first_made(marks: Marks, asked: Ints) -> Floats:
    """When a step of each of these marks was made for the first time."""
    same = marks.part(np.isin(marks.mark, asked))
    known, place = np.unique(same.mark, return_index=True)
    return np.asarray(same.at[place][np.searchsorted(known, asked)])


def solar_days(edges: Edges, lon: float) -> tuple[list[int], list[int]]:
    """Places in `edges` of the first and of the last position of each day by the sun at the longitude."""
    day = np.floor((edges.at + solar_offset(np.array([lon]))[0]) / DAY_S)
    if not len(day):
        return [], []
    begins = np.flatnonzero(np.r_[True, day[1:] != day[:-1]])
    return begins.tolist(), (np.r_[begins[1:], len(day)] - 1).tolist()
