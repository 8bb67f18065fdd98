"""Tracks of a character that no model of ours has seen: the scores stay sane."""

import numpy as np
import pytest

from fraud.features.look import PLUS_2H
from fraud.features.table import features, tracks_of
from fraud.model.trained import CEILING, GEOGRAPHY_ONLY, shipped, verifiable
from fraud.world.cancellations import KINDS
from fraud.world.strangers import strangers


@pytest.mark.parametrize(
    ("track", "people", "found"), [("logger", 6, 0.85), ("taxi", 10, 0.85), ("check-ins", 20, 0.5)]
)
def test_stays_are_found_and_the_honest_left_in_peace(track: str, people: int, found: float) -> None:
    made = strangers(track, people=people)
    model = shipped(GEOGRAPHY_ONLY)
    table = features(tracks_of(made.pings), made.deals, PLUS_2H)
    score, plain = model.scores(table), made.kind == KINDS.index("plain")
    strict, usual = (float(model.facts["thresholds"][rate]) for rate in ("0.001", "0.01"))
    honest = made.label == 0
    assert honest.sum() >= 100
    assert np.isfinite(score).all()
    assert np.mean(score[honest] >= strict) <= 0.01
    assert np.mean(score[honest] >= usual) <= 0.03
    assert np.mean(score[plain] >= usual) >= found
    assert (score[~verifiable(table)] <= CEILING).all()
