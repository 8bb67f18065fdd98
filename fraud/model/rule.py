"""The readable rule: a score from 0 to 1 as a product of named factors on the table of measures. Presence after the cancellation
makes the score, everything that has an innocent reading lowers it, earlier cancellations of the same two raise it.

It judges live while no model serves, and stands beside every figure of a model: one rule, on the same measures. The score
decides only whether a person looks."""

from math import prod

import numpy as np

from fraud.features.table import Table
from fraud.geometry.globe import Flags, Floats

MOST = 0.99  # nothing is certain
PAIR_FROM, PAIR_LEFT = (
    0.3,
    0.7,
)  # a pair's record counts beside some presence; of the doubt each cancellation leaves so much


def rule_factors(table: Table) -> dict[str, Floats]:
    """By name, in the order of reading; their product is the score."""
    factors = {
        "presence": _presence(table),
        "closeness": _closeness(table),
        "accuracy": np.where(table.column("stay_accuracy_m") > 150, 0.6, 1.0),
        "sent_away": _sent_away(table),
        "other_days": _other_days(table),
        "home": np.where(table.column("past_edge_share") >= 0.2, 0.08, 1.0),
        "other_job": np.where(table.column("other_job_near") > 0, 0.1, 1.0),
    }
    return factors | {"pair": _pair(table, _product(factors))}


def rule_scores(table: Table) -> Floats:
    """0–1; 0 without positions near by."""
    return score_of(rule_factors(table))


def score_of(factors: dict[str, Floats]) -> Floats:
    return np.round(_product(factors), 4)


def _product(factors: dict[str, Floats]) -> Floats:
    return np.asarray(prod(factors.values()), dtype=float)


def _presence(table: Table) -> Floats:
    """Minutes near after the cancellation against 40 % of the usual work (15 to 45 min); work done before it counts too, when
    it was most of the usual work, but less: somebody may have waited in vain."""
    usual = table.column("expected_min")
    after = table.column("after_150") / np.clip(0.4 * usual, 15, 45)
    before = table.column("before_150") / np.maximum(30, 0.6 * usual)
    enough = np.minimum(MOST, np.maximum(after, 0.7 * np.minimum(1, before)))
    return np.where(table.column("stay_min") > 0, enough, 0.0)


def _closeness(table: Table) -> Floats:
    """Half when all the time was spent at the edge of the near zone, one when it was within 100 m."""
    wide = table.column("dwell_150")
    return np.where(wide > 0, 0.5 + 0.5 * table.column("dwell_100") / np.maximum(wide, 1e-9), 0.5)


def _other_days(table: Table) -> Floats:
    days, seen = table.column("past_here_days"), table.column("past_days")
    often = (days >= 4) | ((days >= 2) & (days >= 0.2 * seen))
    return np.select([often, days >= 2, days == 1, seen >= 3], [0.08, 0.25, 0.7, 1.0], 0.85)


def _sent_away(table: Table) -> Floats:
    """Was there when it was cancelled, and left soon: an honest person whom nobody let in."""
    minutes, after = table.column("stay_min"), table.column("stay_end_min")
    there = (after > -20) & (after <= 20)
    waited: Flags = minutes < np.maximum(30, 0.6 * table.column("expected_min")) + np.clip(after, 0, None)
    return np.where(there & waited, 0.25, 1.0)


def _pair(table: Table, score: Floats) -> Floats:
    """Above one: how much earlier cancellations of these two raise a score that says something by itself."""
    times = np.nan_to_num(table.column("pair_cancellations"))
    raised = np.minimum(MOST, 1 - (1 - score) * PAIR_LEFT**times)
    return np.where(score >= PAIR_FROM, raised / np.maximum(score, 1e-9), 1.0)
