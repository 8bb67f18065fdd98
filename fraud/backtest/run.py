"""One back-test from files to files."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pyarrow.parquet as pq
from django.utils import translation

from fraud.backtest import files, metrics, report
from fraud.backtest.columns import BadFile
from fraud.backtest.examples import examples_of
from fraud.backtest.files import Labels, Loaded
from fraud.backtest.judging import Judged, judge
from fraud.backtest.scoring import Measured, has_context, measure, score_table
from fraud.features.look import MOMENTS, PLUS_2H
from fraud.features.table import Table
from fraud.geometry.globe import Flags
from fraud.model.rule import rule_scores
from fraud.model.trained import GEOGRAPHY_ONLY, WITH_CONTEXT, Trained, UntrustedModel, load, save, shipped
from fraud.model.training import Examples, fit

PRIOR_CASES, ENOUGH = (
    25,
    20,
)  # the labels of a file are the truth, not decisions in which people err: they count for more


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `workers`: processes of a local cluster, 0 for none; `model`: a model file, None for the shipped;
    `language`: of the words in scores.parquet, "ru" or "en" (the report is English)."""

    pings: Path
    cancellations: Path
    out: Path
    labels: Path | None = None
    train: bool = False
    model: Path | None = None
    workers: int = 0
    words: bool = True
    language: str = "ru"


Tell = Callable[[str, int, int], None]


def backtest(order: Order, tell: Tell = lambda stage, done, total: None) -> dict[str, Any]:
    """Writes scores.parquet, and with labels report.json and report.html; returns the report. Raises BadFile."""
    loaded = files.load(order.pings, order.cancellations)
    labels = _split(files.labels_for(order.labels, loaded.ids), loaded, order.train) if order.labels else None
    if labels is not None:
        _something_to_judge(labels, order.train)
    given = _given(order.model) if order.model is not None else None
    measured = _measured(order, loaded, tell)
    models = (
        {str(given.facts["feature_set"]): given, GEOGRAPHY_ONLY: given}
        if given
        else _models(order, loaded, measured, labels)
    )
    best = models.get(WITH_CONTEXT) or models[GEOGRAPHY_ONLY]
    order.out.mkdir(parents=True, exist_ok=True)
    with translation.override(order.language):
        scores = score_table(measured, best, loaded.ids, words=order.words)
    pq.write_table(scores, order.out / "scores.parquet")
    result: dict[str, Any] = {"facts": _facts(loaded, best, labels)}
    if labels is not None:
        rows = _judged_rows(labels, order.train)
        result |= _judged(measured, models, labels, rows)
        (order.out / "report.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        with translation.override(report.LANGUAGE):
            chosen = examples_of(loaded, labels, best.scores(measured.last), measured.last, rows)
        page = report.html(result, title="Back-test of the fraud model", examples=chosen)
        (order.out / "report.html").write_text(page)
    return result


def _measured(order: Order, loaded: Loaded, tell: Tell) -> Measured:
    if order.workers:
        from fraud.backtest.cluster import measure_on_cluster

        return measure_on_cluster(loaded, order.workers, tell)
    total, done = loaded.deals.count * len(MOMENTS), 0

    def heard(rows: int) -> None:
        nonlocal done
        done += rows
        tell("measuring", done, total)

    return measure(loaded, heard)


def _models(order: Order, loaded: Loaded, measured: Measured, labels: Labels | None) -> dict[str, Trained]:
    """Shipped or trained here: geography always, with context when the file tells of it."""
    sets = [GEOGRAPHY_ONLY, WITH_CONTEXT] if has_context(loaded) else [GEOGRAPHY_ONLY]
    if not order.train or labels is None:
        return {name: shipped(name) for name in sets}
    examples = training_rows(loaded, measured.last, labels)
    found = {
        name: fit(examples, feature_set=name, prior=shipped(name), prior_cases=PRIOR_CASES, enough=ENOUGH)
        for name in sets
    }
    for name, trained in found.items():
        save(trained, order.out / f"model-{name}.skops")
    return found


def _given(file: Path) -> Trained:
    try:
        return load(file)
    except FileNotFoundError as error:
        raise BadFile(f"{file}: there is no such file") from error
    except UntrustedModel as error:
        raise BadFile(f"{file}: holds what a model of ours does not: {error}") from error
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise BadFile(f"{file} is not a model file") from error


def training_rows(loaded: Loaded, table: Table, labels: Labels) -> Examples:
    """The labelled rows of split "train" that weigh something. Raises BadFile when they are of one class only."""
    rows = np.flatnonzero((labels.label >= 0) & ~_judged_rows(labels, train=True) & (labels.weight > 0))
    if len(np.unique(labels.label[rows])) < 2:
        raise BadFile(
            "labels: the rows to train on name only one class; without a split “train” they are those of 60 % of the people"
        )
    who = np.unique(np.array(loaded.executors), return_inverse=True)[1]
    return Examples(
        table=Table(table.values[rows], table.as_of[rows]),
        label=labels.label[rows],
        weight=labels.weight[rows],
        group=who[rows],
        at=loaded.deals.cancelled_at[rows],
    )


def _split(labels: Labels, loaded: Loaded, train: bool) -> Labels:
    """Without a split of the file's own: 60 % of the people, by a hash of their names, are for training."""
    if not train or "train" in labels.split:
        return labels
    mine = ["train" if sha256(who.encode()).digest()[0] < 154 else "test" for who in loaded.executors]
    return replace(labels, split=mine)


def _something_to_judge(labels: Labels, train: bool) -> None:
    """Raises BadFile."""
    rows = _judged_rows(labels, train)
    if not rows.any():
        raise BadFile(
            "labels: nothing is left to judge; there is no cancellation, or every labelled row is of split “train” or has no label"
        )
    if not labels.weight[rows].sum():
        raise BadFile("labels: every row that is to be judged has the weight 0")


def _judged_rows(labels: Labels, train: bool) -> Flags:
    """What the report speaks of: never what was trained on."""
    split = np.array(labels.split)
    held = split != "train" if train else np.ones(len(split), dtype=bool)
    if not train and (split == "test").any():
        held = split == "test"
    return np.asarray((labels.label >= 0) & held)


def _judged(measured: Measured, models: dict[str, Trained], labels: Labels, rows: Flags) -> dict[str, Any]:
    table = Table(measured.last.values[rows], measured.last.as_of[rows])
    scores = {name: model.scores(table) for name, model in models.items()} | {"rule": rule_scores(table)}
    kinds = [kind for kind, take in zip(labels.kind, rows, strict=True) if take]
    label, weight = labels.label[rows], labels.weight[rows]
    judged = Judged(label, weight, kinds, scores, _cadence_groups(table))
    result = judge(judged)
    result["fraud_kinds"] = sorted({kind for kind, is_case in zip(kinds, label, strict=True) if is_case == 1})
    result["moments"] = _by_moment(measured, models, labels, rows)
    return result


def _by_moment(measured: Measured, models: dict[str, Trained], labels: Labels, rows: Flags) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for moment, whole in measured.tables.items():
        if moment == PLUS_2H:
            continue
        table = Table(whole.values[rows], whole.as_of[rows])
        for name, model in models.items():
            figures = metrics.figures(model.scores(table), labels.label[rows], labels.weight[rows])
            out.setdefault(moment, {})[name] = figures
    return out


def _cadence_groups(table: Table) -> dict[str, Any]:
    return {
        "positions every 2 min or oftener": (table.column("cadence_min") <= 2).astype(np.int64),
        "fewer than 7 days of past": (table.column("past_days") < 7).astype(np.int64),
        "accuracy told": (np.nan_to_num(table.column("told_share")) > 0.5).astype(np.int64),
    }


def _facts(loaded: Loaded, model: Trained, labels: Labels | None) -> dict[str, Any]:
    return {
        "positions": f"{loaded.pings.count:,}",
        "executors": f"{len(loaded.people):,}",
        "cancellations": f"{loaded.deals.count:,}",
        "labelled": "none" if labels is None else f"{int(np.sum(labels.label >= 0)):,}",
        "model": model.version,
        "calibration": model.calibration.kind,
    }
