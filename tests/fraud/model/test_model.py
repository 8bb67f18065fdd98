"""The model: monotone, calibrated, honest about what it cannot see, and the same live as in bulk."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skops import io as skops_io

from fraud.features.inputs import Pings
from fraud.features.look import MOMENTS, Look, as_of, look
from fraud.features.table import COLUMNS, FEATURES, Table, features, thinned, tracks_of
from fraud.geometry.globe import Ints, degrees
from fraud.model.explain import reasons
from fraud.model.facts import BESIDE_M, Told, facts_of
from fraud.model.rule import rule_scores
from fraud.model.services import DayRow, DealRow, PingRow, score_cancellation
from fraud.model.times import times_of
from fraud.model.trained import (
    CEILING,
    GEOGRAPHY_ONLY,
    WITH_CONTEXT,
    Trained,
    UntrustedModel,
    load,
    save,
    shipped,
    verifiable,
)
from fraud.model.training import Examples, fit
from fraud.stays.bulk import find_stays
from fraud.stays.detector import Stay
from fraud.world.learning import Harvest
from fraud.world.shards import Shard
from tests.fraud.model.days import SMALL, Track, came, deal, measured, small_harvest, small_shard


@pytest.fixture(scope="module")
def rows() -> Harvest:
    return small_harvest(replace(SMALL, executors=40, cancellations=14))


@pytest.fixture(scope="module")
def geography() -> Trained:
    return shipped(GEOGRAPHY_ONLY)


@pytest.mark.parametrize("feature_set", [GEOGRAPHY_ONLY, WITH_CONTEXT])
def test_the_score_moves_only_in_the_promised_direction(feature_set: str, rows: Harvest) -> None:
    model = shipped(feature_set)
    values = rows.table.columns(list(model.names))[::20]
    for place, name in enumerate(model.names):
        way = FEATURES[name][0]
        known = values[:, place][np.isfinite(values[:, place])]
        if not way or not len(known):
            continue
        levels = []
        for level in np.quantile(known, [0, 0.5, 0.9, 1]):
            changed = values.copy()
            changed[:, place] = level
            levels.append(model.raw(changed))
        assert np.all(np.diff(np.array(levels), axis=0) * way >= -1e-9), name


def test_a_plain_case_is_flagged_and_its_facts_say_why(geography: Trained) -> None:
    table = measured(came().pings(), deal())
    assert geography.scores(table)[0] > 0.5
    weights = {reason.code: reason.weight for reason in reasons(geography, table)[0]}
    assert weights["presence"] > 0


def test_without_the_cited_positions_the_score_is_lower(geography: Trained) -> None:
    made = small_shard()
    tracks = tracks_of(made.pings)
    score = geography.scores(features(tracks, made.deals, "plus_2h"))
    cited = np.flatnonzero((score > 0.3) & (made.label == 1))
    assert len(cited) >= 10
    left = features(tracks_of(_without_near(made)), made.deals, "plus_2h")
    near = features(tracks, made.deals, "plus_2h").column("dwell_150")[cited] > 10
    after = geography.scores(left)[cited]
    assert np.all(after[near] < score[cited][near])


def test_a_flag_has_facts_and_without_what_they_cite_the_score_is_lower(geography: Trained) -> None:
    """Each fact that speaks for it names times or distances: deleting exactly those positions lowers the score."""
    made = small_shard()
    tracks, at = tracks_of(made.pings), as_of(made.deals, "plus_2h")
    table = features(tracks, made.deals, "plus_2h")
    score = geography.scores(table)
    flagged = np.flatnonzero(score >= geography.facts["thresholds"]["0.001"])
    assert len(flagged) >= 10
    seen = look(made.pings, made.deals, at)
    gone: list[int] = []
    for row in flagged.tolist():
        deal, mine = made.deals.part(np.array([row])), np.flatnonzero(seen.row == row)
        measures = dict(zip(COLUMNS, table.values[row].tolist(), strict=True))
        told = facts_of(measures, times_of(tracks, deal, at[[row]], measures))
        cited = [place for fact in told if fact.side == "for" for place in _cited(fact, seen, mine)]
        assert cited, [fact.text() for fact in told]
        gone += cited
    after = geography.scores(features(tracks_of(_without(made, seen, np.array(gone))), made.deals, "plus_2h"))
    assert np.all(after[flagged] < score[flagged])


def _cited(fact: Told, seen: Look, mine: Ints) -> list[int]:
    """Places in the look. A silence is told by the positions around it that were near."""
    at, metres = seen.at[mine], seen.metres[mine]
    if fact.kind in ("stayed", "beside", "seen_once"):
        told = (at >= fact.params["start"]) & (at <= fact.params["end"])
    elif fact.kind == "dark_near":
        told = metres <= max(BESIDE_M, fact.params["near"])
    elif fact.kind == "dark_after":
        told = at == at[-1]
    elif fact.kind == "replayed":
        told = seen.seen_before[mine]
    else:
        return []
    return list(mine[told].tolist())


def _without_near(made: Shard) -> Pings:
    seen = look(made.pings, made.deals, as_of(made.deals, "plus_2h"))
    return _without(made, seen, np.flatnonzero(seen.metres <= 450))


def _without(made: Shard, seen: Look, near: Ints) -> Pings:
    gone = {(int(person), at) for person, at in zip(made.deals.executor[seen.row[near]], seen.at[near], strict=True)}
    who = np.repeat(np.arange(len(made.pings.bounds) - 1), np.diff(made.pings.bounds))
    keep = np.array([(person, at) not in gone for person, at in zip(who.tolist(), made.pings.at.tolist(), strict=True)])
    bounds = np.searchsorted(who[keep], np.arange(len(made.pings.bounds)))
    track = made.pings
    return Pings(
        bounds, track.at[keep], track.lat[keep], track.lon[keep], track.accuracy_m[keep], track.vectors[keep],
        track.seen_before[keep],
    )  # fmt: skip


def test_absence_is_unverifiable_and_never_proof(geography: Trained) -> None:
    for track in (Track(), Track().stand(0, 0)):
        table = measured(track.pings(), deal())
        assert not verifiable(table)[0]
        assert geography.scores(table)[0] <= CEILING


@pytest.mark.parametrize("moment", MOMENTS)
def test_live_scores_equal_those_in_bulk(moment: str) -> None:
    made = small_shard(1)
    model = shipped(WITH_CONTEXT)
    table = features(tracks_of(made.pings), made.deals, moment)
    bulk, by_rule = model.scores(table), rule_scores(table)
    for row in range(0, made.deals.count, 12):
        live = score_cancellation(**as_rows(made, row), moment=moment, model=model)
        assert live.probability == pytest.approx(bulk[row], abs=1e-9)
        assert live.rule == pytest.approx(by_rule[row], abs=1e-4)
    assert moment == "cancellation" or by_rule.max() > 0.5, "or nothing was compared"


def as_rows(made: Shard, row: int) -> dict[str, Any]:
    deals, pings = made.deals.part(np.array([row])), made.pings
    person = int(deals.executor[0])
    part = slice(int(pings.bounds[person]), int(pings.bounds[person + 1]))

    def time(moment: float) -> datetime:
        return datetime.fromtimestamp(float(moment), UTC)

    late = part.start + int(np.searchsorted(pings.at[part], deals.window_start[0] - 7300))
    track = [
        PingRow(
            time(pings.at[k]), float(pings.lat[k]), float(pings.lon[k]),
            None if np.isnan(pings.accuracy_m[k]) else float(pings.accuracy_m[k]), seen_before=bool(pings.seen_before[k]),
        )
        for k in range(late, part.stop) if pings.at[k] < deals.window_end[0] + 7300
    ]  # fmt: skip
    offset = round(((float(deals.lon[0]) + 180) % 360 - 180) / 15) * 3600
    kept = thinned(pings)
    mine = slice(int(kept.bounds[person]), int(kept.bounds[person + 1]))
    number = np.floor((kept.at[mine] + offset) / 86_400)
    days = []
    for day in np.unique(number):
        places = np.flatnonzero(number == day) + mine.start
        a, b = places[0], places[-1]
        days.append(
            DayRow(time(kept.at[a]), float(kept.lat[a]), float(kept.lon[a]), float(kept.lat[b]), float(kept.lon[b]))
        )
    return {
        "deal": DealRow(
            float(deals.lat[0]), float(deals.lon[0]), time(deals.window_start[0]), time(deals.window_end[0]),
            time(deals.chosen_at[0]), time(deals.cancelled_at[0]), float(deals.expected_min[0]),
            {name: float(values[0]) for name, values in deals.context.items()},
        ),
        "pings": track, "stays": _stays(made, person), "days": days,
    }  # fmt: skip


def _stays(made: Shard, person: int) -> list[Stay]:
    found = find_stays(made.pings)
    lat, lon = degrees(found.vectors)
    return [
        Stay(
            float(found.start[k]), float(found.end[k]), float(found.closed_at[k]), float(lat[k]), float(lon[k]),
            float(found.spread_m[k]), int(found.fixes[k]), 20.0,
        )
        for k in range(int(found.bounds[person]), int(found.bounds[person + 1]))
    ]  # fmt: skip


def test_a_column_without_any_value_is_no_obstacle(rows: Harvest) -> None:
    values = rows.table.values.copy()
    for name in ("stay_accuracy_m", "told_share", "gap_from_m"):
        values[:, COLUMNS.index(name)] = np.nan
    table = Table(values, rows.table.as_of)
    examples = Examples(table, rows.label, rows.weight, rows.person, rows.at)
    model = fit(examples, feature_set=GEOGRAPHY_ONLY, rounds=30, folds=2)
    assert "told_share" not in model.names
    assert np.isfinite(model.scores(table)).all()


def test_a_model_file_is_read_back_and_a_foreign_one_is_refused(
    tmp_path: Path, geography: Trained, rows: Harvest
) -> None:
    save(geography, tmp_path / "model.skops")
    again = load(tmp_path / "model.skops")
    np.testing.assert_array_equal(again.scores(rows.table), geography.scores(rows.table))
    assert again.version == geography.version
    skops_io.dump({"trees": Path.unlink, "facts": "{}"}, tmp_path / "foreign.skops")
    with pytest.raises(UntrustedModel):
        load(tmp_path / "foreign.skops")
