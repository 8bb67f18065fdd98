"""The rule on tracks of every kind: who worked all the same, and who only looks like it."""

from dataclasses import replace

import pytest

from fraud.evidence.presence import nearness, presence
from fraud.evidence.rule import MATCH, NO_MATCH, UNVERIFIABLE, Findings, apply_rule
from fraud.evidence.situation import Fix, History, OtherJob
from tests.fraud.tracks import FAR, KNOWN, PLACE, at, deal, joined, moved, ride, stand

BEFORE, AFTER = stand(FAR, 11, 13.5), stand(FAR, 15.5, 18)
WORKED = joined(BEFORE, ride(FAR, PLACE, 13.5, 14), stand(PLACE, 14.1, 15), ride(PLACE, FAR, 15, 15.5), AFTER)


def found(fixes: list[Fix], history: History = KNOWN, **agreed: object) -> Findings:
    return apply_rule(deal(**agreed), fixes, history, as_of=at(19))  # type: ignore[arg-type]


def kinds(findings: Findings, side: str) -> set[str]:
    return {fact.kind for fact in findings.facts if fact.side == side}


def test_who_came_after_the_cancellation_and_worked_is_found_with_the_facts() -> None:
    findings = found(WORKED)
    assert findings.verdict == MATCH
    assert findings.score > 0.8
    assert {"stay", "never_here", "came_after"} <= kinds(findings, "for")
    stay = next(fact.params for fact in findings.facts if fact.kind == "stay")
    assert (stay["low"], stay["fixes"]) == (55, 12)
    assert stay["low"] < stay["high"] <= stay["low"] + 40
    assert stay["metres"] <= 15


def test_the_factors_multiply_to_the_score() -> None:
    findings = found(WORKED)
    product = 1.0
    for value in findings.factors.values():
        product *= value
    assert findings.score == pytest.approx(min(product, 0.99), abs=1e-3)


def test_without_the_cited_positions_the_score_falls() -> None:
    whole = found(WORKED)
    stay = next(fact.params for fact in whole.facts if fact.kind == "stay")
    rest = [fix for fix in WORKED if not stay["start"] <= fix.at.isoformat() <= stay["end"]]
    assert found(rest).score < 0.2 * whole.score


def test_a_neighbour_is_at_home() -> None:
    home = moved(PLACE, 90)
    findings = found(stand(home, 8, 19), replace(KNOWN, days_here=20, home_m=90))
    assert findings.verdict == NO_MATCH
    assert findings.score < 0.05
    assert {"home_near", "regular_here"} <= kinds(findings, "against")


def test_a_place_somebody_comes_to_on_other_days_is_no_news() -> None:
    assert found(WORKED, replace(KNOWN, days_here=6)).score < 0.1
    assert found(WORKED, replace(KNOWN, days_here=1)).score < found(WORKED).score


def test_who_came_and_was_sent_away_is_a_victim() -> None:
    track = joined(
        stand(FAR, 11, 13),
        ride(FAR, PLACE, 13, 13.9),
        stand(PLACE, 13.9, 14.3, every=3),
        ride(PLACE, FAR, 14.3, 15),
        AFTER,
    )
    findings = found(track, cancelled=14.15)
    assert findings.verdict == NO_MATCH
    assert findings.score < 0.2
    assert "sent_away" in kinds(findings, "against")


def test_who_was_there_at_the_cancellation_and_stayed_to_work_is_found() -> None:
    track = joined(BEFORE, stand(PLACE, 14, 16), ride(PLACE, FAR, 16, 16.5), stand(FAR, 16.5, 18))
    findings = found(track, cancelled=14.2)
    assert findings.verdict == MATCH
    assert "sent_away" not in kinds(findings, "against")


def test_work_done_and_then_cancelled_is_found_but_waiting_in_vain_is_not() -> None:
    done = joined(BEFORE, stand(PLACE, 14, 15.6), ride(PLACE, FAR, 15.6, 16), stand(FAR, 16, 18))
    assert found(done, cancelled=15.7).verdict == MATCH
    waited = joined(BEFORE, stand(PLACE, 14, 14.4, every=3), ride(PLACE, FAR, 14.4, 15), AFTER)
    assert found(waited, cancelled=14.45).verdict == NO_MATCH


def test_passing_by_is_nothing() -> None:
    through = joined(
        BEFORE,
        ride(FAR, PLACE, 13.5, 14),
        ride(PLACE, moved(PLACE, -6000), 14, 14.5),
        stand(moved(PLACE, -6000), 14.5, 18),
    )
    findings = found(through)
    assert findings.verdict == NO_MATCH
    assert findings.score < 0.2


def test_another_deal_in_the_same_building_explains_the_stay() -> None:
    job = OtherJob(20, at(14), at(15.5))
    findings = found(WORKED, replace(KNOWN, other_jobs=(job,)))
    assert findings.verdict == NO_MATCH
    assert "other_job" in kinds(findings, "against")
    elsewhen = OtherJob(20, at(17), at(18))
    assert found(WORKED, replace(KNOWN, other_jobs=(elsewhen,))).score == found(WORKED).score


def test_no_positions_is_unverifiable_and_never_proof() -> None:
    findings = found([])
    assert (findings.verdict, findings.score) == (UNVERIFIABLE, 0)
    assert "no_positions" in kinds(findings, "against")


def test_a_phone_silent_in_the_window_is_unverifiable() -> None:
    findings = found(joined(stand(FAR, 11, 13), stand(FAR, 17.5, 18)))
    assert findings.verdict == UNVERIFIABLE
    gap = next(fact.params for fact in findings.facts if fact.kind == "gap")
    assert gap["minutes"] == 180


def test_who_was_elsewhere_all_the_time_does_not_match() -> None:
    findings = found(stand(FAR, 11, 19))
    assert (findings.verdict, findings.score < 0.01) == (NO_MATCH, True)
    assert "not_near" in kinds(findings, "against")
    assert not kinds(findings, "for"), "that it is no usual place says nothing of who was not there"


def test_a_silence_in_the_middle_parts_the_stay_and_is_named() -> None:
    findings = found(joined(BEFORE, stand(PLACE, 14, 14.5), stand(PLACE, 15.25, 16), stand(FAR, 16.6, 18)))
    assert "gap" in kinds(findings, "against")
    assert "more_stays" in kinds(findings, "note")
    stay = next(fact.params for fact in findings.facts if fact.kind == "stay")
    assert stay["low"] == 45


def test_one_wild_position_does_not_part_a_stay() -> None:
    wild = Fix(at(14.55), *moved(PLACE, 500), 700)
    assert found(joined(WORKED, [wild])).verdict == MATCH
    assert next(f.params for f in found(joined(WORKED, [wild])).facts if f.kind == "stay")["low"] == 55


def test_positions_from_a_distant_tower_alone_do_not_flag() -> None:
    findings = found(stand(moved(PLACE, 100), 13, 18, accuracy=750, error=50))
    assert findings.verdict != MATCH


def test_parking_at_the_edge_counts_less_than_standing_at_the_door() -> None:
    edge = moved(PLACE, 135)
    track = joined(BEFORE, stand(edge, 14.1, 15, error=3), stand(FAR, 15.5, 18))
    assert found(track).score < found(WORKED).score


def test_only_the_time_that_the_consent_names_is_looked_at() -> None:
    long_after = stand(PLACE, 19.5, 22)
    long_before = stand(PLACE, 8, 11.5)
    findings = apply_rule(deal(), joined(long_before, long_after), KNOWN, as_of=at(23))
    assert (findings.measures["fixes"], findings.score) == (0, 0)


def test_at_an_early_moment_later_positions_are_not_known() -> None:
    early = apply_rule(deal(), WORKED, KNOWN, as_of=at(13.2))
    assert early.verdict == UNVERIFIABLE
    assert early.score == 0


def test_a_pair_that_cancels_again_and_again_raises_the_score_of_a_stay_only() -> None:
    pair = replace(KNOWN, pair_cancellations=2, days_here=1)
    assert found(WORKED, pair).score > found(WORKED, replace(KNOWN, days_here=1)).score
    assert "pair_cancelled" in kinds(found(WORKED, pair), "for")
    assert found(stand(FAR, 11, 19), pair).score < 0.05


def test_the_antimeridian_is_a_line_like_any_other() -> None:
    place = (179.9999, 52.0)
    track = joined(stand(place, 14, 15), stand(moved(place, 5000), 15.5, 18))
    assert any(fix.lon < 0 for fix in track[:13])
    findings = found(track, lon=place[0], lat=place[1])
    stay = next(fact.params for fact in findings.facts if fact.kind == "stay")
    assert findings.verdict == MATCH
    assert stay["metres"] <= 15


@pytest.mark.parametrize("every", [1, 5, 15])
def test_the_same_stay_is_found_at_any_cadence(every: float) -> None:
    track = joined(
        stand(FAR, 11, 13.5, every=every), stand(PLACE, 14, 15.5, every=every), stand(FAR, 16, 18, every=every)
    )
    assert found(track).verdict == MATCH


def test_nearness_falls_with_distance_and_with_doubt() -> None:
    assert nearness(0, 15, 150) > 0.99
    assert nearness(150, 15, 150) == pytest.approx(0.5, abs=0.01)
    assert nearness(300, 15, 150) < 0.01
    assert nearness(0, 750, 150) < 0.05


def test_no_positions_give_an_empty_presence() -> None:
    nothing = presence([], lon=0, lat=0, cancelled_at=at(13))
    assert (nothing.fixes, nothing.stays, nothing.after, nothing.main_stay) == (0, (), 0, None)
