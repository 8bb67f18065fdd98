"""The study's figures: both worlds, four base rates, the closed loop and the cost of hiding, with what holds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fraud.backtest import evasion, metrics
from fraud.backtest.judging import Judged, judge
from fraud.backtest.loop import AT_WORK, WAYS, a_year, judged, with_every_label
from fraud.backtest.naive import any_position, twenty_minutes
from fraud.backtest.parts import LEARNED_BY, MEASURED_BY, Parts, code_of, key_of
from fraud.backtest.study import Shards, Tell, at_base_rate, make_piece
from fraud.features.look import PLUS_2H
from fraud.features.table import Table, features, tracks_of
from fraud.model.lines import flagged_at, seconded_at, suspected_by_rule
from fraud.model.rule import rule_scores
from fraud.model.trained import GEOGRAPHY_ONLY, Trained, shipped
from fraud.world.cancellations import FIRST_FRAUD, KINDS
from fraud.world.learning import Harvest
from fraud.world.plan import Plan
from fraud.world.strangers import STRANGERS, strangers

SECONDED = "rule, seconded by geography"
BASE_RATES = (0.0, 0.01, 0.05, 0.08)
LOOP_SEEDS = (11, 12, 13)


def of_world(rows: Harvest, models: dict[str, Trained], moments: dict[str, Harvest]) -> dict[str, Any]:
    """As report.json of a back-test, and by base rate. `moments`: some of the same cancellations at each of the three."""
    scores = {name: model.scores(rows.table) for name, model in models.items()} | {"rule": rule_scores(rows.table)}
    judged = Judged(rows.label, rows.weight, rows.kinds, scores, rows.group)
    result = judge(judged)
    result["fraud_kinds"] = list(KINDS[FIRST_FRAUD:])
    result["curves"] = {name: points[::4] for name, points in result["curves"].items()}
    result["naive"] = {
        "any position within 150 m": _yes_no(rows, any_position(rows.table)),
        "20 min within 150 m": _yes_no(rows, twenty_minutes(rows.table)),
    }
    result["base_rates"] = {
        name: [_at_rate(rows, scores[name], model, share) for share in BASE_RATES] for name, model in models.items()
    }
    result["at_the_line"] = {name: _at_the_line(moments, partial(flagged_at, model)) for name, model in models.items()}
    result["at_the_line"]["rule"] = _at_the_line(moments, lambda table, moment: suspected_by_rule(table))
    result["at_the_line"][SECONDED] = _at_the_line(moments, partial(seconded_at, models[GEOGRAPHY_ONLY]))
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
    """By the last moment's line that the model came with, nothing tuned to this world."""
    line = model.line(PLUS_2H)
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


def _at_the_line(moments: dict[str, Harvest], flags: Callable[[Table, str], np.ndarray]) -> dict[str, dict[str, float]]:
    """What is flagged at each moment, and at any of them, as the live path does."""
    flagged = {moment: flags(rows.table, moment) for moment, rows in moments.items()}
    flagged["any"] = np.logical_or.reduce(list(flagged.values()))
    label = moments[PLUS_2H].label
    return {
        moment: {
            "false_flags_per_1000_honest": 1000 * float(chosen[label == 0].mean()),
            "found": float(chosen[label == 1].mean()),
            "honest": int(np.sum(label == 0)),
        }
        for moment, chosen in flagged.items()
    }


def of_loop(world: str, rows: Harvest, ways: Sequence[str], parts: Parts, tell: Tell) -> dict[str, Any]:
    """A year of learning beside the model that knows every label: as at work by every seed, by the other
    `ways` once. A finished
    year is not run again."""
    key = key_of(world, len(rows.label), code_of(MEASURED_BY), code_of(LEARNED_BY))
    rows, held = two_sides(rows)
    full = parts.figures("loop-every-label", key, lambda: with_every_label(rows, held))
    runs = [(AT_WORK, seed) for seed in LOOP_SEEDS] + [(way, LOOP_SEEDS[0]) for way in ways]
    years: dict[str, list[dict[str, Any]]] = {}
    for number, (way, seed) in enumerate(runs):

        def month(now: int, number: int = number) -> None:
            tell("a year of learning", 12 * number + now, 12 * len(runs))

        year = parts.figures(f"loop-{way}-{seed}", key, partial(a_year, rows, held, WAYS[way], month, seed=seed))
        years.setdefault(way, []).append({"seed": seed, **year, "kept": year["by_month"][-1] / full})
    shown = judged(shipped(GEOGRAPHY_ONLY), held)[0]
    return {
        "full_pr_auc": full,
        "shipped_pr_auc": shown,
        "ways": years,
        "cancellations": len(rows.label),
        "judged_on": len(held.label),
    }


def of_strangers(model: Trained) -> dict[str, Any]:
    """Tracks of another character, at the lines that the model was shipped with: share flagged by kind."""
    out = {}
    for name in STRANGERS:
        made = strangers(name)
        table = features(tracks_of(made.pings), made.deals, PLUS_2H)
        score, kinds = model.scores(table), np.array([KINDS[number] for number in made.kind.tolist()])
        weight = np.ones(len(score))
        found = metrics.curve(score, made.label, weight)
        out[name] = {
            "positions": made.pings.count,
            "pr_auc": metrics.pr_auc(found),
            "pr_auc_rule": metrics.pr_auc(metrics.curve(rule_scores(table), made.label, weight)),
            "by_kind": {
                kind: {"count": int(np.sum(kinds == kind))}
                | {
                    rate: float(np.mean(score[kinds == kind] >= line))
                    for rate, line in model.facts["thresholds"].items()
                }
                for kind in sorted(set(kinds.tolist()))
            },
        }
    return out


def two_sides(rows: Harvest) -> tuple[Harvest, Harvest]:
    """Seven of ten people live through the year, the others judge what was learned."""
    people = np.random.default_rng(12).permutation(np.unique(rows.person))
    cut = 7 * len(people) // 10
    return some(rows, people[:cut]), some(rows, people[cut:])


def of_evasion(model: Trained, threshold: float, folder: Path, tell: Tell) -> dict[str, Any]:
    done, total = 0, sum(len(dial.values) for dial in evasion.DIALS)

    def measured(plan: Plan, seed: int) -> Harvest:
        nonlocal done
        rows = make_piece(Shards(plan, seed, 1), folder, 0)
        done += 1
        tell("ways to hide", done, total)
        return rows

    out = {}
    for dial in evasion.DIALS:
        points = evasion.curve(dial, model, threshold, measured)
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
