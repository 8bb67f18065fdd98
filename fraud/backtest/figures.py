"""The study's figures: both worlds, four base rates, the closed loop and the cost of hiding, with what holds."""

from dataclasses import replace
from typing import Any

import numpy as np

from fraud.backtest import evasion, metrics
from fraud.backtest.judging import Judged, judge
from fraud.backtest.loop import Moderators, a_year
from fraud.backtest.naive import any_position, twenty_minutes
from fraud.backtest.study import at_base_rate
from fraud.features.table import Table
from fraud.model.rule import rule_scores
from fraud.model.trained import Trained
from fraud.world.cancellations import FIRST_FRAUD, KINDS
from fraud.world.learning import Harvest

BASE_RATES = (0.0, 0.01, 0.05, 0.08)


def of_world(rows: Harvest, models: dict[str, Trained]) -> dict[str, Any]:
    """As report.json of a back-test, and by base rate."""
    scores = {name: model.scores(rows.table) for name, model in models.items()} | {"rule": rule_scores(rows.table)}
    judged = Judged(rows.label, rows.weight, rows.kinds, scores, rows.group)
    result = judge(judged)
    result["fraud_kinds"] = list(KINDS[FIRST_FRAUD:])
    result["naive"] = {
        "any position within 150 m": _yes_no(rows, any_position(rows.table)),
        "20 min within 150 m": _yes_no(rows, twenty_minutes(rows.table)),
    }
    result["base_rates"] = {
        name: [_at_rate(rows, scores[name], model, share) for share in BASE_RATES] for name, model in models.items()
    }
    return result


def _yes_no(rows: Harvest, flagged: np.ndarray) -> dict[str, float]:
    honest = rows.label == 0
    neighbours = np.array(rows.kinds) == "next_door"
    return {
        "recall": float(flagged[~honest].mean()),
        "false_flags": float(flagged[honest].mean()),
        "false_flags_next_door": float(flagged[neighbours].mean()),
    }


def _at_rate(rows: Harvest, score: np.ndarray, model: Trained, share: float) -> dict[str, float]:
    """With the line that the model came with (0.1 % of its own training's honest), nothing tuned to this world."""
    line = float(model.facts["thresholds"]["0.001"])
    weighted = at_base_rate(rows, share)
    honest = rows.label == 0
    out = {
        "share": share,
        "flags_per_1000": 1000 * metrics.share_flagged(score, weighted.weight, np.ones(len(score), dtype=bool), line),
        "false_flags_per_1000_honest": 1000 * metrics.share_flagged(score, rows.weight, honest, line),
    }
    if share:
        out["precision_of_flags"] = float(np.average(rows.label[score >= line], weights=weighted.weight[score >= line]))
        out["pr_auc"] = metrics.pr_auc(metrics.curve(score, rows.label, weighted.weight))
    return out


def of_loop(rows: Harvest, held: Harvest) -> dict[str, Any]:
    """The year with audit and weights, and the same year as it is often done: what nobody looked at counts as honest."""
    audited = a_year(rows, held, Moderators())
    without = a_year(rows, held, Moderators(audit=0.0), weighted=False, every=4)
    return {
        "full_pr_auc": audited.full,
        "by_month": audited.learned,
        "by_month_without_audit": without.learned,
        "kept": audited.kept,
        "kept_without_audit": without.kept,
        "looked_at": audited.labelled,
        "cancellations": len(rows.label),
    }


def two_sides(rows: Harvest) -> tuple[Harvest, Harvest]:
    """Seven of ten people live through the year, the others judge what was learned."""
    people = np.random.default_rng(12).permutation(np.unique(rows.person))
    cut = 7 * len(people) // 10
    return some(rows, people[:cut]), some(rows, people[cut:])


def of_evasion(model: Trained, threshold: float) -> dict[str, Any]:
    out = {}
    for dial in evasion.DIALS:
        points = evasion.curve(dial, model, threshold)
        out[dial.name] = {"unit": dial.unit, "points": points, "halved_at": evasion.halved_at(points)}
    return out


def some(rows: Harvest, people: np.ndarray) -> Harvest:
    """The rows of these people."""
    mine = np.isin(rows.person, people)
    return replace(
        rows,
        table=Table(rows.table.values[mine], rows.table.as_of[mine]),
        label=rows.label[mine], kind=rows.kind[mine], person=rows.person[mine], at=rows.at[mine],
        weight=rows.weight[mine], group={name: values[mine] for name, values in rows.group.items()},
    )  # fmt: skip
