"""The readable rule on tracks of every kind: who worked all the same, and who only looks like it. Measured as a live score
is."""

from datetime import timedelta
from math import prod

import numpy as np
import pytest

from fraud.evidence.situation import Fix
from fraud.features.dwell import nearness
from fraud.model.services import DayRow, DealRow, Measured, PingRow, measure
from fraud.models import Evidence
from fraud.scoring.findings import verdict_of
from fraud.stays.detector import Stay
from tests.fraud.tracks import FAR, PLACE, at, deal, joined, moved, ride, stand

Place = tuple[float, float]
MATCH, NO_MATCH, UNVERIFIABLE = Evidence.Verdict.MATCHES, Evidence.Verdict.DOES_NOT_MATCH, Evidence.Verdict.UNVERIFIABLE
BEFORE, AFTER = stand(FAR, 11, 13.5), stand(FAR, 15.5, 18)
WORKED = joined(BEFORE, ride(FAR, PLACE, 13.5, 14), stand(PLACE, 14.1, 15), ride(PLACE, FAR, 15, 15.5), AFTER)
SEEN = 23  # days before with positions


def found(
    fixes: list[Fix], *, here: int = 0, home: Place = FAR, there: Place = PLACE, moment: str = "plus_2h",
    context: dict[str, float] | None = None, **agreed: object,
) -> Measured:  # fmt: skip
    """`here`: on so many other days an hour at `there`; `home`: where each day began and ended."""
    told = deal(**agreed)  # type: ignore[arg-type]
    row = DealRow(
        told.lat, told.lon, told.window_start, told.window_end, told.chosen_at, told.cancelled_at, told.expected_minutes,
        context or {},
    )  # fmt: skip
    return measure(
        deal=row,
        pings=[PingRow(fix.at, fix.lat, fix.lon, fix.accuracy_m) for fix in fixes],
        stays=[_stay(days, there) for days in range(1, here + 1)],
        days=[DayRow(at(9) - timedelta(days=n), home[1], home[0], home[1], home[0]) for n in range(1, SEEN + 1)],
        moment=moment,
    )


def _stay(days: int, place: Place) -> Stay:
    start = (at(10) - timedelta(days=days)).timestamp()
    return Stay(start, start + 3600, start + 7200, place[1], place[0], 12.0, 12, 15.0)


def kinds(measured: Measured, side: str) -> set[str]:
    return {fact.kind for fact in measured.facts if fact.side == side}


def low(measured: Measured) -> int:
    (stay,) = [fact.params for fact in measured.facts if fact.kind == "stayed"]
    return int(stay["low"])


def test_who_came_after_the_cancellation_and_worked_is_found_with_the_facts() -> None:
    told = found(WORKED)
    assert verdict_of(told) == MATCH
    assert told.rule > 0.8
    assert {"stayed", "after", "never_before", "came_and_left"} <= kinds(told, "for")
    stay = next(fact.params for fact in told.facts if fact.kind == "stayed")
    assert (stay["low"], stay["fixes"]) == (55, 12)
    assert stay["low"] < stay["high"] <= stay["low"] + 60
    assert stay["metres"] <= 15


@pytest.mark.parametrize(
    ("track", "known"),
    [
        (WORKED, {}),
        (WORKED, {"here": 1, "context": {"pair_cancellations": 2.0}}),
        (WORKED, {"context": {"pair_cancellations": 3.0, "other_job_near": 0.0}}),
        (WORKED, {"here": 6, "home": PLACE, "context": {"other_job_near": 1.0}}),
        (stand(PLACE, 13, 18, accuracy=200), {}),
        (stand(FAR, 11, 19), {}),
        ([], {}),
    ],
    ids=["worked", "a pair again", "a pair often", "usual place and another job", "inexact", "elsewhere", "nothing"],
)
def test_the_factors_multiply_to_the_score(track: list[Fix], known: dict[str, object]) -> None:
    told = found(track, **known)  # type: ignore[arg-type]
    assert set(told.factors) == {
        "presence", "closeness", "accuracy", "sent_away", "other_days", "home", "other_job", "pair",
    }  # fmt: skip
    assert told.rule == pytest.approx(prod(told.factors.values()), abs=1e-4)
    assert 0 <= told.rule <= 0.99


def test_without_the_cited_positions_the_score_falls() -> None:
    whole = found(WORKED)
    stay = next(fact.params for fact in whole.facts if fact.kind == "stayed")
    rest = [fix for fix in WORKED if not stay["start"] <= fix.at.timestamp() <= stay["end"]]
    assert found(rest).rule < 0.2 * whole.rule


def test_a_neighbour_is_at_home() -> None:
    home = moved(PLACE, 90)
    told = found(stand(home, 8, 19), here=20, there=home, home=home)
    assert verdict_of(told) == NO_MATCH
    assert told.rule < 0.05
    assert {"rests_here", "here_before"} <= kinds(told, "against")


def test_who_is_seen_at_home_only_where_days_begin_is_a_neighbour_too() -> None:
    home = moved(PLACE, 90)
    assert found(stand(home, 8, 19), home=home).factors["home"] == 0.08
    assert found(stand(home, 8, 19)).factors["home"] == 1


def test_a_place_somebody_comes_to_on_other_days_is_no_news() -> None:
    assert found(WORKED, here=6).rule < 0.1
    assert found(WORKED, here=1).rule < found(WORKED).rule


def test_who_came_and_was_sent_away_is_a_victim() -> None:
    track = joined(
        stand(FAR, 11, 13),
        ride(FAR, PLACE, 13, 13.9),
        stand(PLACE, 13.9, 14.3, every=3),
        ride(PLACE, FAR, 14.3, 15),
        AFTER,
    )
    told = found(track, cancelled=14.15)
    assert verdict_of(told) == NO_MATCH
    assert told.rule < 0.2
    assert told.factors["sent_away"] < 1
    assert "seen_until" in kinds(told, "against")


def test_who_was_there_at_the_cancellation_and_stayed_to_work_is_found() -> None:
    track = joined(BEFORE, stand(PLACE, 14, 16), ride(PLACE, FAR, 16, 16.5), stand(FAR, 16.5, 18))
    told = found(track, cancelled=14.2)
    assert verdict_of(told) == MATCH
    assert told.factors["sent_away"] == 1
    assert "seen_until" not in kinds(told, "against")


def test_work_done_and_then_cancelled_is_found_but_waiting_in_vain_is_not() -> None:
    done = joined(BEFORE, stand(PLACE, 14, 15.6), ride(PLACE, FAR, 15.6, 16), stand(FAR, 16, 18))
    assert verdict_of(found(done, cancelled=15.7)) == MATCH
    waited = joined(BEFORE, stand(PLACE, 14, 14.4, every=3), ride(PLACE, FAR, 14.4, 15), AFTER)
    assert verdict_of(found(waited, cancelled=14.45)) == NO_MATCH


def test_passing_by_is_nothing() -> None:
    through = joined(
        BEFORE,
        ride(FAR, PLACE, 13.5, 14),
        ride(PLACE, moved(PLACE, -6000), 14, 14.5),
        stand(moved(PLACE, -6000), 14.5, 18),
    )
    told = found(through)
    assert verdict_of(told) == NO_MATCH
    assert told.rule < 0.2


def test_another_deal_in_the_same_building_explains_the_stay() -> None:
    told = found(WORKED, context={"other_job_near": 1.0})
    assert verdict_of(told) == NO_MATCH
    assert "other_deal" in kinds(told, "against")
    assert found(WORKED, context={"other_job_near": 0.0}).rule == found(WORKED).rule


def test_no_positions_is_unverifiable_and_never_proof() -> None:
    told = found([])
    assert (verdict_of(told), told.rule) == (UNVERIFIABLE, 0)
    assert "unseen" in kinds(told, "against")


def test_a_phone_silent_in_the_window_is_unverifiable() -> None:
    told = found(stand(FAR, 12.5, 13))
    assert (verdict_of(told), told.rule) == (UNVERIFIABLE, 0)


def test_a_silence_long_enough_to_have_been_there_is_named_and_no_match() -> None:
    told = found(joined(stand(FAR, 11, 13), stand(FAR, 17.5, 18)))
    assert (verdict_of(told), told.rule) == (NO_MATCH, 0)
    gap = next(fact.params for fact in told.facts if fact.kind == "longest_gap")
    assert gap["minutes"] == 270


def test_who_was_elsewhere_all_the_time_does_not_match() -> None:
    told = found(stand(FAR, 11, 19))
    assert (verdict_of(told), told.rule) == (NO_MATCH, 0)
    assert "elsewhere" in kinds(told, "against")
    assert not kinds(told, "for"), "that it is no usual place says nothing of who was not there"


def test_a_silence_in_the_middle_parts_the_stay_and_is_named() -> None:
    told = found(joined(BEFORE, stand(PLACE, 14, 14.5), stand(PLACE, 15.25, 16), stand(FAR, 16.6, 18)))
    assert "dark_near" in kinds(told, "for")
    assert low(told) == 45


def test_one_wild_position_does_not_part_a_stay() -> None:
    told = found(joined(WORKED, [Fix(at(14.55), *moved(PLACE, 500), 700)]))
    assert verdict_of(told) == MATCH
    assert low(told) == 55


def test_positions_from_a_distant_tower_alone_do_not_flag() -> None:
    told = found(stand(moved(PLACE, 100), 13, 18, accuracy=750, error=50))
    assert verdict_of(told) != MATCH


def test_inexact_positions_count_less() -> None:
    exact, vague = (found(stand(PLACE, 13, 18, accuracy=metres)) for metres in (15, 200))
    assert (exact.factors["accuracy"], vague.factors["accuracy"]) == (1, 0.6)
    assert vague.rule < exact.rule


def test_parking_at_the_edge_counts_less_than_standing_at_the_door() -> None:
    track = joined(BEFORE, stand(moved(PLACE, 135), 14.1, 15, error=3), stand(FAR, 15.5, 18))
    assert found(track).rule < found(WORKED).rule


def test_only_the_time_that_the_consent_names_is_looked_at() -> None:
    told = found(joined(stand(PLACE, 8, 11.5), stand(PLACE, 19.5, 22)))
    assert (told.measures["fixes"], told.rule) == (0, 0)


def test_at_an_early_moment_later_positions_are_not_known() -> None:
    early = found(WORKED, moment="cancellation")
    assert verdict_of(early) != MATCH
    assert early.rule == 0
    assert (
        verdict_of(found(joined(ride(FAR, PLACE, 13.5, 14), stand(PLACE, 14.1, 15)), moment="cancellation"))
        == UNVERIFIABLE
    )


def test_a_pair_that_cancels_again_and_again_raises_the_score_of_a_stay_only() -> None:
    again = {"pair_cancellations": 2.0}
    assert found(WORKED, here=1, context=again).rule > found(WORKED, here=1).rule
    assert found(WORKED, here=1, context=again).factors["pair"] > 1
    assert "pair_again" in kinds(found(WORKED, context=again), "for")
    assert found(stand(FAR, 11, 19), context=again).rule == 0
    assert found(WORKED, here=6, context=again).factors["pair"] == 1, "a doubtful score is not raised"


def test_the_antimeridian_is_a_line_like_any_other() -> None:
    place = (179.9999, 52.0)
    track = joined(stand(place, 14, 15), stand(moved(place, 5000), 15.5, 18))
    assert any(fix.lon < 0 for fix in track[:13])
    told = found(track, lon=place[0], lat=place[1])
    assert verdict_of(told) == MATCH
    assert told.measures["stay_m"] <= 15


@pytest.mark.parametrize("every", [1, 5, 15])
def test_the_same_stay_is_found_at_any_cadence(every: float) -> None:
    track = joined(
        stand(FAR, 11, 13.5, every=every), stand(PLACE, 14, 15.5, every=every), stand(FAR, 16, 18, every=every)
    )
    assert verdict_of(found(track)) == MATCH


def test_nearness_falls_with_distance_and_with_doubt() -> None:
    near = nearness(np.array([0.0, 150.0, 300.0, 0.0]), np.array([15.0, 15.0, 15.0, 750.0]), 150)
    assert near[0] > 0.99
    assert near[1] == pytest.approx(0.5, abs=0.01)
    assert near[2] < 0.01
    assert near[3] < 0.05
