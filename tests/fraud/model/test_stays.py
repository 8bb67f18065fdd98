"""Stays kept batch by batch are the stays found in bulk."""

import json
from pathlib import Path

import numpy as np
import pytest

from fraud.geometry.globe import degrees, metres, unit
from fraud.stays.bulk import find_stays
from fraud.stays.detector import OpenStay, Stay, advance, open_stay, told_accuracy
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


def test_the_stays_agree_with_trackintels() -> None:
    """On the same positions with the same radius and silence. Stated tolerance: of its stays of twenty minutes and more
    (shorter ones it makes of single positions), 90 % have one of ours that covers at least 80 % of them, with the centre
    within 60 m. It measures from a stay's first position, we from the running centre; the rest differ by where a network
    position parts one long stay in two."""
    known = json.loads(Path(__file__).with_name("trackintel.json").read_text())
    pings = small_shard(2).pings
    assert pings.count == known["positions"]
    ours = find_stays(pings)
    theirs = [row for row in known["stays"] if row[2] - row[1] >= 1200]
    agreeing = 0
    for who, start, end, lat, lon in theirs:
        mine = slice(int(ours.bounds[who]), int(ours.bounds[who + 1]))
        shared = np.minimum(ours.closed_at[mine], end) - np.maximum(ours.start[mine], start)
        best = int(np.argmax(shared))
        apart = metres(ours.vectors[mine][best], unit(np.array(lat), np.array(lon)))
        agreeing += bool(shared[best] >= 0.8 * (end - start) and apart <= 60)
    assert len(theirs) > 1000
    assert agreeing >= 0.9 * len(theirs), (agreeing, len(theirs))
