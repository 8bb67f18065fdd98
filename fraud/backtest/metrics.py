"""Figures of a score against labels, weighted where labels are."""

from dataclasses import dataclass

import numpy as np

from fraud.geometry.globe import Flags, Floats, Ints

RATES = (0.001, 0.01)
CURVE_POINTS = 400


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of recall against precision, and recall against false flags, from the highest score down."""

    threshold: Floats
    recall: Floats
    precision: Floats
    false_rate: Floats


def curve(score: Floats, label: Ints, weight: Floats) -> Curve:
    order = np.argsort(-score, kind="stable")
    ranked, mass = score[order], weight[order]
    hits = np.cumsum(mass * (label[order] == 1))
    misses = np.cumsum(mass * (label[order] == 0))
    ends = np.flatnonzero(np.r_[ranked[1:] != ranked[:-1], True]) if len(ranked) else np.zeros(0, dtype=np.int64)
    hits, misses = hits[ends], misses[ends]
    return Curve(
        ranked[ends],
        hits / max(hits[-1], 1e-12),
        hits / np.maximum(hits + misses, 1e-12),
        misses / max(misses[-1], 1e-12),
    )


def pr_auc(found: Curve) -> float:
    """Average precision."""
    return float(np.sum(np.diff(np.r_[0.0, found.recall]) * found.precision))


def threshold_at(found: Curve, rate: float) -> float:
    """The lowest score at which at most `rate` of the honest are flagged; above every score when there is none."""
    allowed = np.flatnonzero(found.false_rate <= rate)
    return float(found.threshold[allowed[-1]]) if len(allowed) else float(found.threshold[0]) + 1.0


def points(curve: Curve) -> list[tuple[float, float, float]]:
    """(recall, precision, false flags) to draw, more of them where few are flagged."""
    keep = np.unique(np.linspace(0, max(len(curve.recall) - 1, 0), CURVE_POINTS).astype(np.int64))
    early = np.flatnonzero(curve.false_rate <= 0.02)[:: max(1, int(np.sum(curve.false_rate <= 0.02)) // CURVE_POINTS)]
    places = np.union1d(keep, early)
    triples = zip(curve.recall[places], curve.precision[places], curve.false_rate[places], strict=True)
    return [(round(float(a), 5), round(float(b), 5), round(float(c), 6)) for a, b, c in triples]


def recall_at(found: Curve, rate: float) -> float:
    allowed = np.flatnonzero(found.false_rate <= rate)
    return float(found.recall[allowed[-1]]) if len(allowed) else 0.0


def precision_in_top(score: Floats, label: Ints, weight: Floats, share: float = 0.02) -> float:
    """Of the cases that moderators have time for: the `share` of all with the highest scores."""
    order = np.argsort(-score, kind="stable")
    mass = np.cumsum(weight[order])
    top = order[mass <= max(share * mass[-1], mass[0])]
    return float(np.sum(weight[top] * label[top]) / np.sum(weight[top]))


def calibration_bins(score: Floats, label: Ints, weight: Floats, bins: int = 10) -> list[tuple[float, float, float]]:
    """(mean score, share of cases, share of all rows) in bins of equal mass, lowest scores first."""
    order = np.argsort(score, kind="stable")
    mass = np.cumsum(weight[order])
    part = np.minimum((mass - weight[order] / 2) / mass[-1] * bins, bins - 1e-9).astype(int)
    out = []
    for number in range(bins):
        rows = order[part == number]
        if len(rows):
            w = weight[rows]
            out.append(
                (
                    float(np.average(score[rows], weights=w)),
                    float(np.average(label[rows], weights=w)),
                    w.sum() / mass[-1],
                )
            )
    return out


def calibration_error(score: Floats, label: Ints, weight: Floats) -> tuple[float, float]:
    """Expected calibration error over 20 bins of equal mass, and the error in the top decile."""
    bins = calibration_bins(score, label, weight, 20)
    top = calibration_bins(score, label, weight, 10)[-1]
    return sum(share * abs(said - was) for said, was, share in bins), abs(top[0] - top[1])


def share_flagged(score: Floats, weight: Floats, rows: Flags, threshold: float) -> float:
    total = weight[rows].sum()
    return float(weight[rows & (score >= threshold)].sum() / total) if total else float("nan")


def figures(score: Floats, label: Ints, weight: Floats) -> dict[str, float]:
    """The table of every comparison: one row for the model, one for the rule."""
    found = curve(score, label, weight)
    error, top = calibration_error(score, label, weight)
    return {
        "pr_auc": pr_auc(found),
        **{f"recall_at_{rate:g}": recall_at(found, rate) for rate in RATES},
        "precision_top_2pct": precision_in_top(score, label, weight),
        "ece": error,
        "top_decile_error": top,
    }


def by_kind(score: Floats, kind: list[str], weight: Floats, threshold: float) -> dict[str, dict[str, float]]:
    names = np.array(kind)
    return {
        name: {
            "count": int(np.sum(names == name)),
            "flagged": share_flagged(score, weight, names == name, threshold),
        }
        for name in sorted(set(kind))
    }
