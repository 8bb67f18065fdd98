"""The measures on tracks of every kind: nothing of the future, nothing that depends on order, place or the clock's zone."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from fraud.features.inputs import Pings, make_pings
from fraud.features.look import MOMENTS, as_of
from fraud.features.table import COLUMNS, Table, features, tracks_of
from tests.fraud.model.days import DAY, HOUR, Track, came, deal, measured, small_shard

MINUTES = ("dwell_60", "dwell_100", "dwell_150", "dwell_250", "dwell_400", "after_150", "stay_min", "seen_min")


def minutes(table: Table) -> dict[str, float]:
    return {name: float(table.column(name)[0]) for name in MINUTES}


def test_an_hour_and_a_quarter_at_the_point_is_measured_as_that() -> None:
    table = measured(came().pings(), deal())
    assert table.column("dwell_150")[0] == pytest.approx(78, abs=8)
    assert table.column("stay_min")[0] == pytest.approx(78, abs=8)
    assert table.column("stay_m")[0] < 12
    assert table.column("came_from_m")[0] > 4000
    assert table.column("left_to_m")[0] > 4000
    assert table.column("past_here_days")[0] == 0
    assert table.column("past_days")[0] == 3


def test_what_comes_later_changes_nothing() -> None:
    made = small_shard()
    for moment in MOMENTS:
        before = features(tracks_of(made.pings), made.deals, moment)
        until = as_of(made.deals, moment)
        for row in range(0, made.deals.count, 17):
            one = made.deals.part(np.array([row]))
            bent = _with_another_future(made.pings, int(one.executor[0]), float(until[row]))
            after = features(tracks_of(bent), one, moment)
            np.testing.assert_allclose(after.values[0], before.values[row], err_msg=f"{moment} {row}")


def _with_another_future(pings: Pings, person: int, moment: float) -> Pings:
    """The same past; after the moment the person sits at the North Pole, or is silent."""
    who = np.repeat(np.arange(len(pings.bounds) - 1), np.diff(pings.bounds))
    future = (who == person) & (pings.at > moment)
    keep = (who == person) & ~(future & (np.arange(len(who)) % 2 == 0))
    return make_pings(
        executor=who[keep], at=pings.at[keep], lat=np.where(future, 89.9, pings.lat)[keep], lon=pings.lon[keep],
        accuracy_m=pings.accuracy_m[keep], people=len(pings.bounds) - 1,
    )  # fmt: skip


def test_a_later_past_is_not_the_past() -> None:
    """A life at the very point that begins after the window is no excuse."""
    track = came()
    plain = measured(track.pings(), deal())
    for day in range(1, 30):
        track.stand(DAY + day * 86_400, DAY + day * 86_400 + 20 * HOUR, seed=day)
    np.testing.assert_array_equal(measured(track.pings(), deal()).values, plain.values)


def test_order_and_repetition_of_positions_do_not_matter() -> None:
    track = came()
    plain = measured(track.pings(), deal())
    order = np.random.default_rng(3).permutation(len(track.rows)).tolist()
    np.testing.assert_array_equal(measured(track.pings(order), deal()).values, plain.values)
    np.testing.assert_array_equal(measured(track.pings([*order, *order[:50]]), deal()).values, plain.values)


def test_a_single_position_and_none_are_measured() -> None:
    one = Track().stand(DAY + 14.5 * HOUR, DAY + 14.5 * HOUR)
    table = measured(one.pings(), deal())
    assert table.column("fixes")[0] == 1
    assert minutes(table) == dict.fromkeys(MINUTES, 0.0)
    nothing = measured(Track().pings(), deal())
    assert nothing.column("fixes")[0] == 0
    assert np.isnan(nothing.column("closest_m")[0])


@pytest.mark.parametrize(
    "place", [(-17.0, 179.9999), (-17.0, -179.9999), (89.9995, 10.0), (-89.9995, 0.0), (0.0, 0.0001)]
)
def test_the_globe_has_no_special_places(place: tuple[float, float]) -> None:
    """Over the antimeridian and around a pole the same walk is the same walk."""
    here, there = measured(came().pings(), deal()), measured(came(*place).pings(), deal(*place))
    ordinary, special = minutes(here), minutes(there)
    assert special == pytest.approx(ordinary, abs=0.2)
    assert there.column("stay_m")[0] == pytest.approx(here.column("stay_m")[0], abs=0.5)


def test_the_night_of_the_clock_change_is_an_ordinary_night() -> None:
    """Times with a zone, across the hour that Berlin lives twice: an hour of work stays an hour."""
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=0).timestamp()
    end = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=1).timestamp()
    assert end - start == HOUR
    track = (
        Track()
        .stand(start - 3 * HOUR, start - HOUR, east=4000)
        .stand(start, end)
        .stand(end + HOUR, end + 3 * HOUR, east=4000)
    )
    when = {
        "window_start": start - HOUR,
        "window_end": end + HOUR,
        "chosen_at": start - 9 * HOUR,
        "cancelled_at": start - 2 * HOUR,
    }
    assert measured(track.pings(), deal(**when)).column("stay_min")[0] == pytest.approx(60, abs=1)


@pytest.mark.parametrize("every", [1, 5, 15, 60, 300, 900])
def test_the_cadence_of_the_phone_hardly_matters(every: float) -> None:
    track = Track().stand(DAY + 11.9 * HOUR, DAY + 13.5 * HOUR, east=4000, every=every)
    track.stand(DAY + 14 * HOUR, DAY + 16 * HOUR, every=every).stand(
        DAY + 16.5 * HOUR, DAY + 19 * HOUR, east=4000, every=every
    )
    table = measured(track.pings(), deal())
    assert table.column("dwell_150")[0] == pytest.approx(120, abs=20)
    assert table.column("stay_min")[0] == pytest.approx(120, abs=20)


def test_passing_by_is_not_staying() -> None:
    track = Track().ride(DAY + 14 * HOUR, DAY + 14.5 * HOUR, start_m=-9000, end_m=9000)
    table = measured(track.pings(), deal())
    assert table.column("closest_m")[0] < 200
    assert table.column("dwell_150")[0] < 2
    assert table.column("stay_min")[0] < 2


def test_yesterdays_track_sent_again_is_recognised() -> None:
    track = Track().ride(DAY - 10 * HOUR, DAY - 8 * HOUR, start_m=3000, end_m=20_000)
    assert measured(track.pings(), deal()).column("replay_share")[0] == 0
    track.rows += [(at + 86_400, lat, lon, accuracy) for at, lat, lon, accuracy in track.rows]
    assert measured(track.pings(), deal()).column("replay_share")[0] > 0.9


def test_places_that_recur_at_another_pace_are_no_replay() -> None:
    """A place's entry in a list, a network: the coordinates are the same each day, the pace is not."""
    track = Track()
    for day in range(4):
        for stop, east in enumerate((3000, 9000, 15_000, 4000, 12_000)):
            when = DAY - day * 86_400 + (10 + 2 * stop + 0.1 * day * stop) * HOUR
            track.stand(when, when, east=east, error=0)
    assert measured(track.pings(), deal()).column("replay_share")[0] == 0


def test_a_lone_wild_position_changes_no_measure() -> None:
    """Receivers throw a position kilometres away and back: neither a leap nor an end of the stay."""
    plain = measured(came().pings(), deal())
    wild = came()
    for minutes, east, north in ((2.5, 5000.0, 4000.0), (42.5, -9000.0, 300.0)):
        wild.stand(DAY + 14.1 * HOUR + 60 * minutes, DAY + 14.1 * HOUR + 60 * minutes, east=east, north=north)
    table = measured(wild.pings(), deal())
    for name in ("leaps", "stay_min", "stay_m", "dwell_150", "closest_m", "stay_end_min"):
        assert table.column(name)[0] == plain.column(name)[0], name


def test_walls_that_hide_a_visit_leave_a_silence_that_touches_the_address() -> None:
    there = Track().stand(DAY + 12 * HOUR, DAY + 13.6 * HOUR, east=5000)
    there.ride(DAY + 13.65 * HOUR, DAY + 14.05 * HOUR, start_m=5000, end_m=0)
    there.ride(DAY + 15.5 * HOUR, DAY + 15.9 * HOUR, start_m=1500, end_m=5000)
    table = measured(there.pings(), deal())
    assert table.column("silent_there_min")[0] == pytest.approx(84, abs=15)
    assert table.column("gap_near_m")[0] < 30
    assert table.column("gap_detour_m")[0] < 60
    passing = Track().ride(DAY + 14 * HOUR, DAY + 14.5 * HOUR, start_m=-9000, end_m=9000)
    assert measured(passing.pings(), deal()).column("silent_there_min")[0] == 0


def test_impossible_positions_are_dropped() -> None:
    track = came()
    plain = measured(track.pings(), deal())
    track.rows += [(DAY + 15 * HOUR + 1, 95.0, 10.0, 5.0), (DAY + 15 * HOUR + 2, float("nan"), 1.0, 5.0)]
    track.rows += [(DAY + 15 * HOUR + 3, 0.0, 0.0, 5.0)]
    np.testing.assert_array_equal(measured(track.pings(), deal()).values, plain.values)


def test_an_unknown_person_is_measured_as_unseen() -> None:
    strangers = replace(deal(), executor=np.array([-1]))
    table = measured(came().pings(), strangers)
    assert table.column("fixes")[0] == 0
    assert len(table.values[0]) == len(COLUMNS)
