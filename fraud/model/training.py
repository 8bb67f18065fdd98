"""Fitting: gradient-boosted trees whose score can only rise with presence and only fall with an innocent reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

from fraud.features.table import FEATURES, GEOGRAPHY, Table
from fraud.geometry.globe import Floats, Ints
from fraud.model.calibration import Calibration, calibrate
from fraud.model.lines import carried
from fraud.model.trained import GEOGRAPHY_ONLY, LINES, Trained, leaning, with_prior

SEED = 20_261
PRIOR = "prior"
ENOUGH_TO_GROW = 60  # cases, from which trees of one's own are worth it
MANY = 20_000  # rows
ENOUGH_TO_CALIBRATE = 15  # of either kind; with fewer the chances stay as they are
FAR_MORE = 0.1  # of average precision
PRIOR_CASES = 500  # decided cases that the prior is taken to be worth: with as many of one's own both have an equal say


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows to learn from. `group`: whose (no person stands on both sides of a split); `at`: when, for the calibration on
    later rows; `weight`: the inverse of the chance to be labelled."""

    table: Table
    label: Ints
    weight: Floats
    group: Ints
    at: Floats


def names_of(feature_set: str) -> list[str]:
    return list(GEOGRAPHY if feature_set == GEOGRAPHY_ONLY else FEATURES)


def fit(
    examples: Examples,
    *,
    feature_set: str,
    folds: int = 3,
    rounds: int = 200,
    prior: Trained | None = None,
    enough: float = ENOUGH_TO_GROW,
    prior_cases: float = PRIOR_CASES,
) -> Trained:
    """Trees on all rows; the calibration on what trees of other people's rows said about the later half of each.

    With less than `enough` cases the trees of `prior` know more than theirs could: they stay, and only the calibration is new. With
    more, what the prior says is one column among the others, and the answer lies between the two by the number of cases
    (shrinkage: trees of a hundred decisions, some of them wrong, are worse than what is known without them).
    """
    if prior is not None and examples.label.sum() < enough:
        return _recalibrated(prior, examples)
    names = _known(examples.table, names_of(feature_set))
    plain = examples.table.columns(names)
    values = with_prior(plain, names, prior)
    raw, own_weight = _out_of_fold(values, examples, names, folds, rounds), 1.0
    if prior is not None:
        own_weight = _own_weight(raw, values[:, -1], examples, prior_cases)
        raw = leaning(raw, values[:, -1], own_weight)
    calibration = _calibrated(raw, examples)
    trees = _grown(names if prior is None else [*names, PRIOR], rounds, values, examples.label, examples.weight)
    honest = examples.label == 0
    return Trained(
        names=tuple(names),
        trees=trees,
        calibration=calibration,
        reference=_reference(plain[honest] if honest.any() else plain),
        facts={
            "feature_set": feature_set,
            "data_hash": data_hash(examples),
            "rows": len(values),
            "cases": int(examples.label.sum()),
            "calibration": calibration.kind,
            "own_weight": own_weight,
            "thresholds": thresholds(calibration.apply(raw), examples),
            LINES: {} if prior is None else _no_lower(prior, thresholds(calibration.apply(raw), examples)["0.001"]),
        },
        prior=prior,
    )


def _calibrated(raw: Floats, examples: Examples) -> Calibration:
    """On the later half; on all rows where it has too few cases."""
    later = examples.at >= np.median(examples.at)
    if examples.label[later].sum() < 30:
        later = np.ones(len(raw), dtype=bool)
    return calibrate(raw[later], examples.label[later].astype(float), examples.weight[later])


def _own_weight(own: Floats, prior: Floats, examples: Examples, prior_cases: float) -> float:
    """By the number of cases; all of it where own trees find far more on other people's rows: there the prior knows little."""
    found, known = (
        average_precision_score(examples.label, score, sample_weight=examples.weight) for score in (own, prior)
    )
    cases = float(examples.label.sum())
    return 1.0 if found > known + FAR_MORE else cases / (cases + prior_cases)


def from_decisions(
    examples: Examples, *, feature_set: str, prior: Trained | None, enough: float = ENOUGH_TO_GROW
) -> Trained:
    """What people's decisions teach beside what the prior knows: the retraining at work and its simulation alike."""
    sure = without_doubtful(examples, feature_set=feature_set, prior=prior)
    return fit(sure, feature_set=feature_set, prior=prior, enough=enough)


def without_doubtful(
    examples: Examples, *, feature_set: str, prior: Trained | None = None, rounds: int = 60
) -> Examples:
    """Leaves out decisions that everything else contradicts: people err, and one wrong word about a random cancellation
    weighs as much as many right ones. What counts as contradiction is measured: a "fraud" that trees of other people's
    rows hold for less likely than the usual honest row, an "honest" more likely than the usual fraud (confident
    learning: Northcutt, Jiang, Chuang 2021). Too few cases for trees of one's own cannot contradict anybody."""
    cases, honest = examples.label == 1, examples.label == 0
    if cases.sum() < ENOUGH_TO_GROW or not honest.any():
        return examples
    names = _known(examples.table, names_of(feature_set))
    values = with_prior(examples.table.columns(names), names, prior)
    raw = _out_of_fold(values, examples, names, 3, rounds)
    usual_honest, usual_case = np.quantile(raw[honest], 0.9), np.quantile(raw[cases], 0.9)
    keep = ~(cases & (raw < usual_honest)) & ~(honest & (raw > usual_case))
    table = Table(examples.table.values[keep], examples.table.as_of[keep])
    return Examples(table, examples.label[keep], examples.weight[keep], examples.group[keep], examples.at[keep])


def _recalibrated(prior: Trained, examples: Examples) -> Trained:
    raw = prior.raw(examples.table.columns(list(prior.names)))
    few = min(examples.label.sum(), (1 - examples.label).sum()) < ENOUGH_TO_CALIBRATE
    calibration = prior.calibration if few else calibrate(raw, examples.label.astype(float), examples.weight)
    facts = {
        **prior.facts,
        "data_hash": data_hash(examples),
        "prior": prior.version,
        "rows": len(raw),
        "cases": int(examples.label.sum()),
        "calibration": calibration.kind,
        "thresholds": prior.facts["thresholds"] if few else thresholds(calibration.apply(raw), examples),
        **carried(prior, calibration),
    }
    return Trained(prior.names, prior.trees, calibration, prior.reference, facts, prior.prior)


def _no_lower(prior: Trained, line: float) -> dict[str, float]:
    """Few decisions cannot tell what one honest person in 1,000 looks like: the lines of what is known before them stay, or a
    higher one is found."""
    return {moment: max(line, known) for moment, known in prior.facts.get(LINES, {}).items()}


def thresholds(score: Floats, examples: Examples) -> dict[str, float]:
    """The score from which on 0.1 % and 1 % of the honest would be flagged, by the out-of-fold scores."""
    honest = examples.label == 0
    if not honest.any():
        return {"0.001": 0.99, "0.01": 0.99}
    order = np.argsort(-score[honest])
    share = np.cumsum(examples.weight[honest][order])
    share /= share[-1]
    ranked = score[honest][order]
    found = {}
    for rate in (0.001, 0.01):
        place = min(int(np.searchsorted(share, rate, side="right")), len(ranked) - 1)
        found[str(rate)] = float(np.nextafter(ranked[place], 2))
    return found


def data_hash(examples: Examples) -> str:
    digest = sha256(np.nan_to_num(examples.table.columns(list(FEATURES)), nan=-9e9).round(6).tobytes())
    digest.update(examples.label.tobytes())
    digest.update(examples.weight.round(6).tobytes())
    return digest.hexdigest()[:16]


def _known(table: Table, names: Sequence[str]) -> list[str]:
    """Trees cannot be grown on a column without a single value; it is left out, and named when missing."""
    values = table.columns(list(names))
    known = np.flatnonzero(np.isfinite(values).any(axis=0))
    return [names[column] for column in known.tolist()]


def _out_of_fold(values: Floats, examples: Examples, names: list[str], folds: int, rounds: int) -> Floats:
    raw = np.zeros(len(values))
    folds = min(folds, len(np.unique(examples.group)))
    if folds < 2 or len(np.unique(examples.label)) < 2:
        return raw
    for train, test in GroupKFold(folds).split(values, groups=examples.group):
        if len(np.unique(examples.label[train])) < 2:
            continue
        kept = np.flatnonzero(np.isfinite(values[train]).any(axis=0))
        some = [names[column] if column < len(names) else PRIOR for column in kept.tolist()]
        trees = _grown(some, rounds, values[train][:, kept], examples.label[train], examples.weight[train])
        raw[test] = trees.decision_function(values[test][:, kept])
    return raw


def _grown(
    names: list[str], rounds: int, values: Floats, label: Ints, weight: Floats
) -> HistGradientBoostingClassifier:
    trees = _trees(names, rounds, len(values))
    if (weight == 1).all():
        return trees.fit(values, label)
    return trees.fit(_levelled(values, trees.max_bins) if len(values) < MANY else values, label, sample_weight=weight)


def _levelled(values: Floats, most: int) -> Floats:
    """Each column on at most as many levels as the trees have bins, spread evenly over the rows. Left to itself the library
    spreads the bins by weight, nearly all of them among the few heavy rows, and sorts the column anew for every bin."""
    out = values.copy()
    for column in range(values.shape[1]):
        known = np.isfinite(values[:, column])
        levels = np.unique(values[known, column])
        if len(levels) > most:
            levels = np.unique(np.quantile(values[known, column], np.linspace(0, 1, most), method="nearest"))
            between = (levels[1:] + levels[:-1]) / 2
            out[known, column] = levels[np.searchsorted(between, values[known, column])]
    return out


def _trees(names: list[str], rounds: int, rows: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=rounds if rows >= 5000 else max(60, rounds // 3),
        learning_rate=0.08,
        max_leaf_nodes=15,
        min_samples_leaf=40 if rows >= MANY else 20,
        l2_regularization=3.0,
        max_features=0.4,
        monotonic_cst=[1 if name == PRIOR else FEATURES[name][0] for name in names],
        early_stopping=False,
        random_state=SEED,
    )


def _reference(values: Floats) -> Floats:
    """The usual honest row, to compare with: the median of each measure where it is known."""
    out = np.zeros(values.shape[1])
    for column in range(values.shape[1]):
        known = values[:, column][np.isfinite(values[:, column])]
        out[column] = np.median(known) if len(known) else np.nan
    return out
