"""Stays kept batch by batch are the stays found in bulk."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from fraud.features.inputs import Pings
from fraud.geometry.globe import Flags, Floats, Ints, degrees, metres, unit
from fraud.stays.bulk import find_stays
from fraud.stays.detector import OpenStay, Stay, StayRules, advance, open_stay, told_accuracy
from tests.fraud.model.days import DAY, HOUR, Track, came, small_shard


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_positions_in_batches_give_the_same_stays(size: int) -> None:
    made = small_shard()
    part = slice(0, int(made.pings.bounds[1]))
    at, accuracy = made.pings.at[part], told_accuracy(made.pings.accuracy_m[part])
    state, found = OpenStay(), []
    for begin in range(0, len(at), size):
        batch = slice(begin, begin + size)
        done = advance(
            state, at=at[batch].tolist(), vectors=made.pings.vectors[part][batch], accuracy_m=accuracy[batch].tolist()
        )
        state, found = done.open, found + done.stays
    if (last := open_stay(state)) is not None:
        found.append(last)
    bulk = find_stays(made.pings)
    mine = slice(0, int(bulk.bounds[1]))
    assert [stay.start for stay in found] == bulk.start[mine].tolist()
    assert [stay.end for stay in found] == bulk.end[mine].tolist()
    lat, lon = degrees(bulk.vectors[mine])
    np.testing.assert_allclose([(stay.lat, stay.lon) for stay in found], np.stack([lat, lon], axis=1), atol=1e-9)


def test_a_day_with_work_has_its_three_stays() -> None:
    stays = find_stays(came().pings())
    today = stays.start >= DAY
    assert today.sum() == 3
    assert (stays.end - stays.start)[today][1] / 60 == pytest.approx(78, abs=8)


def test_a_stay_ends_when_somebody_is_seen_elsewhere_or_was_silent_long() -> None:
    track = (
        Track()
        .stand(DAY, DAY + HOUR)
        .stand(DAY + HOUR + 600, DAY + 2 * HOUR, east=900)
        .stand(DAY + 7 * HOUR, DAY + 8 * HOUR, east=900)
    )
    stays = find_stays(track.pings())
    assert stays.count == 3
    assert stays.closed_at[0] == DAY + HOUR + 600
    assert stays.closed_at[1] == stays.end[1] + 14_400


def test_late_positions_are_counted_and_left_out() -> None:
    here = unit(np.array([55.0, 55.0]), np.array([37.0, 37.0]))
    known = advance(None, at=[100.0, 500.0], vectors=here, accuracy_m=[10.0, 10.0]).open
    done = advance(known, at=[300.0, 600.0], vectors=here, accuracy_m=[10.0, 10.0])
    assert done.late == 1
    assert (done.open.fixes, done.open.end) == (3, 600.0)
    assert isinstance(open_stay(done.open), Stay)


@dataclass(frozen=True, slots=True)
class Found:
    """Stays from their first to their last position, by whichever detector."""

    who: Ints
    start: Floats
    end: Floats
    place: Floats

    def part(self, rows: Flags) -> "Found":
        return Found(self.who[rows], self.start[rows], self.end[rows], self.place[rows])

    def long(self) -> "Found":
        """Of twenty minutes and more: shorter ones it makes of single positions."""
        return self.part(self.end - self.start >= 1200)


def _its_stays(pings: Pings) -> Found:
    """As recorded. It ends a stay at the next position, elsewhere; here it ends at the last one before."""
    known = json.loads(Path(__file__).with_name("trackintel.json").read_text())
    assert pings.count == known["positions"]
    who, start, end, lat, lon = np.array(known["stays"]).T
    tracks = [pings.at[pings.bounds[one] : pings.bounds[one + 1]] for one in who.astype(int)]
    last = [at[np.searchsorted(at, until - 1e-3) - 1] for at, until in zip(tracks, end, strict=True)]
    return Found(who.astype(np.int64), start, np.maximum(start, last), unit(lat, lon))


def _covered(these: Found, those: Found) -> float:
    """The share of these of whose time those within 60 m of them cover at least 80 %."""
    good = 0
    for who, start, end, place in zip(these.who, these.start, these.end, these.place, strict=True):
        there = those.part((those.who == who) & (metres(those.place, place) <= 60))
        shared = np.clip(np.minimum(there.end, end) - np.maximum(there.start, start), 0, None).sum()
        good += bool(shared >= 0.8 * (end - start))
    return good / len(these.who)


def test_the_stays_agree_with_trackintels() -> None:
    """Both ways, on the same positions with the same radius and silence, either's stays from their first to their last
    position; its own as `record_trackintel` wrote them down. Stated tolerance: of the stays of twenty minutes and more, 95 %
    of either's are covered to at least 80 % of their time by the other's with the centre within 60 m (found: 99 % of its,
    96 % of ours). It measures from a stay's first position, we from the running centre, so a network position parts one of
    ours into two or three of its. Left out are those of ours before a silence of over four hours, 18 %: it keeps no stay that
    such a silence ends, we end it at its last position. With them 82 % of ours are covered."""
    pings = small_shard(2).pings
    bulk = find_stays(pings)
    who = np.repeat(np.arange(len(bulk.bounds) - 1), np.diff(bulk.bounds))
    ours, its = Found(who, bulk.start, bulk.end, bulk.vectors), _its_stays(pings)
    silent = bulk.closed_at - bulk.end >= StayRules().max_gap_s
    assert len(its.long().who) > 1000
    assert len(ours.part(~silent).long().who) > 500
    assert _covered(its.long(), ours) >= 0.95
    assert _covered(ours.part(~silent).long(), its) >= 0.95
    assert len(ours.part(silent).long().who) <= 0.2 * len(ours.long().who)
