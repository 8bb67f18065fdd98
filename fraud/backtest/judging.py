"""The report's figures: the model and the rule side by side, by kind and by group, with what is promised."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fraud.backtest import metrics
from fraud.geometry.globe import Floats, Ints

# name: (comparison, bar)
TARGETS = {
    "geography": {
        "recall_at_0.001": (">=", 0.40), "recall_at_0.01": (">=", 0.70), "precision_top_2pct": (">=", 0.95),
        "ece": ("<=", 0.01), "top_decile_error": ("<=", 0.05),
    },
    "context": {
        "recall_at_0.001": (">=", 0.60), "recall_at_0.01": (">=", 0.85), "precision_top_2pct": (">=", 0.95),
        "ece": ("<=", 0.01), "top_decile_error": ("<=", 0.05),
    },
}  # fmt: skip
KIND_TARGETS = {"plain": (">=", 0.85), "sparse": (">=", 0.85)}
NEIGHBOUR_TARGET = ("<=", 0.002)
GROUP_TARGET = ("<=", 3.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows with a label and the scores of all contestants, by name."""

    label: Ints
    weight: Floats
    kind: list[str]
    scores: dict[str, Floats]
    groups: dict[str, Ints]


def judge(judged: Judged) -> dict[str, Any]:
    """JSON for report.json: figures by contestant, flags by kind at 0.1 % and 1 % false flags, group ratios, targets."""
    report: dict[str, Any] = {
        "rows": len(judged.label),
        "honest": int(np.sum(judged.label == 0)),
        "cases": int(np.sum(judged.label == 1)),
        "contestants": {},
        "curves": {},
        "targets": [],
    }
    for name, score in judged.scores.items():
        report["contestants"][name] = contestant(judged, score)
        report["curves"][name] = metrics.points(metrics.curve(score, judged.label, judged.weight))
        report["targets"] += _targets(name, report["contestants"][name])
    return report


def contestant(judged: Judged, score: Floats) -> dict[str, Any]:
    if not np.any(judged.label == 1) or not np.any(judged.label == 0):
        return {"flagged_share": {}, "figures": {}}
    found = metrics.curve(score, judged.label, judged.weight)
    at = {f"{rate:g}": metrics.threshold_at(found, rate) for rate in metrics.RATES}
    low, high = _interval(judged, score)
    return {
        "figures": metrics.figures(score, judged.label, judged.weight),
        "intervals": {"recall_at_0.001": low, "recall_at_0.01": high},
        "thresholds": at,
        "by_kind": {rate: metrics.by_kind(score, judged.kind, judged.weight, limit) for rate, limit in at.items()},
        "groups": {rate: group_ratios(judged, score, limit) for rate, limit in at.items()},
        "bins": metrics.calibration_bins(score, judged.label, judged.weight, 20),
    }


def group_ratios(judged: Judged, score: Floats, threshold: float) -> dict[str, float]:
    """False flags of each group over the mean."""
    honest = judged.label == 0
    mean = metrics.share_flagged(score, judged.weight, honest, threshold)
    out = {}
    for name, values in judged.groups.items():
        for value in np.unique(values):
            rows = honest & (values == value)
            if rows.sum() >= 1000 and mean > 0:
                out[f"{name}: {'yes' if value else 'no'}"] = (
                    metrics.share_flagged(score, judged.weight, rows, threshold) / mean
                )
    return out


def _interval(judged: Judged, score: Floats, times: int = 40) -> tuple[list[float], list[float]]:
    """90 % bootstrap intervals of the recalls at 0.1 % and 1 %."""
    dice = np.random.default_rng(5)
    found = []
    for _ in range(times):
        rows = dice.integers(0, len(score), len(score))
        drawn = metrics.curve(score[rows], judged.label[rows], judged.weight[rows])
        found.append([metrics.recall_at(drawn, rate) for rate in metrics.RATES])
    low, high = np.percentile(np.array(found), [5, 95], axis=0)
    return [float(low[0]), float(high[0])], [float(low[1]), float(high[1])]


def _targets(name: str, result: dict[str, Any]) -> list[dict[str, Any]]:
    if name not in TARGETS or not result["figures"]:
        return []
    rows = [_row(name, figure, result["figures"][figure], bar) for figure, bar in TARGETS[name].items()]
    kinds = result["by_kind"]["0.01"]
    if name == "geography":
        rows += [
            _row(name, f"{kind} at 1 % false flags", kinds[kind]["flagged"], bar)
            for kind, bar in KIND_TARGETS.items() if kind in kinds
        ]  # fmt: skip
    neighbours = result["by_kind"]["0.001"].get("next_door")
    if neighbours:
        rows.append(_row(name, "false flags next door at 0.1 %", neighbours["flagged"], NEIGHBOUR_TARGET))
    groups = result["groups"]["0.01"]
    if groups:
        rows.append(_row(name, "worst group over the mean at 1 %", max(groups.values()), GROUP_TARGET))
    return rows


def _row(contestant_name: str, figure: str, value: float, bar: tuple[str, float]) -> dict[str, Any]:
    sign, limit = bar
    holds = value >= limit if sign == ">=" else value <= limit
    return {
        "contestant": contestant_name,
        "figure": figure,
        "value": round(float(value), 4),
        "bar": f"{sign} {limit:g}",
        "holds": bool(holds),
    }
