"""The readable rule as a scorer: the baseline, and what judges, with a model's second opinion, while no model serves."""

from fraud.rules import rule
from fraud.scoring.asked import Asked, Scored

PREFIX = "rule-"
VERSION = f"{PREFIX}2"


def score(asked: Asked) -> Scored:
    measured = asked.measured
    return Scored(
        model_version=VERSION,
        probability=measured.rule,
        verifiable=measured.verifiable,
        flagged=measured.rule >= rule("threshold"),
    )
