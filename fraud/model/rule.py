"""The readable rule on the table of measures: the baseline that stands beside every figure of the model. It reads as
`fraud.evidence.rule` does: presence after the cancellation makes the score, every innocent reading lowers it."""

import numpy as np

from fraud.features.table import Table
from fraud.geometry.globe import Flags, Floats


def rule_scores(table: Table) -> Floats:
    """0–1; 0 without positions near by."""
    score = _presence(table) * _closeness(table) * _usual(table) * _sent_away(table)
    score *= np.where(table.column("stay_accuracy_m") > 150, 0.6, 1.0)
    score *= np.where(table.column("other_job_near") > 0, 0.1, 1.0)
    return np.where(table.column("stay_min") > 0, np.round(np.minimum(score, 0.99), 4), 0.0)


def _presence(table: Table) -> Floats:
    usual = table.column("expected_min")
    after = table.column("after_150") / np.clip(0.4 * usual, 15, 45)
    before = table.column("before_150") / np.maximum(30, 0.6 * usual)
    return np.asarray(np.minimum(1, np.maximum(after, 0.7 * np.minimum(1, before))))


def _closeness(table: Table) -> Floats:
    wide = table.column("dwell_150")
    return np.where(wide > 0, 0.5 + 0.5 * table.column("dwell_100") / np.maximum(wide, 1e-9), 0.5)


def _usual(table: Table) -> Floats:
    days, seen = table.column("past_here_days"), table.column("past_days")
    often = (days >= 4) | ((days >= 2) & (days >= 0.2 * seen))
    by_days = np.select([often, days >= 2, days == 1, seen >= 3], [0.08, 0.25, 0.7, 1.0], 0.85)
    home = table.column("past_edge_share") >= 0.2
    return np.asarray(by_days * np.where(home & ~often, 0.08, 1.0))


def _sent_away(table: Table) -> Floats:
    minutes, after = table.column("stay_min"), table.column("stay_end_min")
    there = (after > -20) & (after <= 20)
    waited: Flags = minutes < np.maximum(30, 0.6 * table.column("expected_min")) + np.clip(after, 0, None)
    return np.where(there & waited, 0.25, 1.0)
