"""Learning anew from what people decided: a challenger on past labels, judged on later ones."""

from typing import TYPE_CHECKING, Any

from fraud.learning import models_at_work
from fraud.learning.errors import TooFewLabels
from fraud.learning.labels import Label, labels, measures_of
from fraud.learning.models import ModelVersion
from fraud.rules import rule

if TYPE_CHECKING:
    from fraud.model.training import Examples


def retrain(*, feature_set: str | None = None) -> ModelVersion:
    """Train, judge on later labels, register as a challenger and let it into the shadow when it is surely no worse there
    than what serves. `feature_set`: None for that of the champion. Raises TooFewLabels."""
    told = [(label, measures) for label in labels() if (measures := measures_of(label.cancellation_id)) is not None]
    positives = sum(label.label for label, _measures in told)
    if len(told) < rule("fewest_labels") or not 0 < positives < len(told):
        raise TooFewLabels
    from threadpoolctl import threadpool_limits

    from fraud.model.trained import save
    from fraud.scoring.by_model import models_folder

    standing = _standing()
    with threadpool_limits(limits=1):  # one core is left to everybody else, and few rows are not faster on two
        trained, metrics, no_worse = _fit(
            sorted(told, key=lambda row: row[0].at), standing, feature_set or standing.facts["feature_set"]
        )
    name = f"{trained.version}.skops"
    save(trained, models_folder() / name)
    row = models_at_work.register(version=trained.version, path=name, metrics=metrics)
    if no_worse and row.role == ModelVersion.Role.CHALLENGER:
        row = models_at_work.to_shadow(version=row.version)
    return row


def _fit(
    told: list[tuple[Label, dict[str, float]]], standing: Any, feature_set: str
) -> tuple[Any, dict[str, Any], bool]:
    from fraud.backtest.metrics import figures
    from fraud.learning.challenge import challenge, in_time
    from fraud.model.rule import rule_scores
    from fraud.model.trained import shipped

    examples = _examples(told)
    found = challenge(examples, standing=standing, prior=shipped(feature_set), feature_set=feature_set)
    later = in_time(examples)[1]
    by_rule = figures(rule_scores(later.table), later.label, later.weight)
    kept = {name: round(float(value), 4) for name, value in found.own.items() if value == value}
    metrics = {"pr_auc": 0.0, "labels": len(told), "later": len(later.label), **kept}
    others = {"standing_pr_auc": found.standing["pr_auc"], "rule_pr_auc": by_rule["pr_auc"], "lead": found.lead}
    return found.trained, metrics | {name: round(float(value), 4) for name, value in others.items()}, found.is_no_worse


def _examples(told: list[tuple[Label, dict[str, float]]]) -> "Examples":
    import numpy as np

    from fraud.features.table import COLUMNS, Table
    from fraud.model.training import Examples

    values = np.array([[measures.get(name, np.nan) for name in COLUMNS] for _label, measures in told])
    at = np.array([label.at.timestamp() for label, _measures in told])
    return Examples(
        table=Table(values, at),
        label=np.array([label.label for label, _measures in told]),
        weight=np.array([label.weight for label, _measures in told]),
        group=np.array([label.executor_id for label, _measures in told]),
        at=at,
    )


def _standing() -> Any:
    """The model that serves; while the rule judges, the one it serves first."""
    from fraud.scoring.by_model import model_of

    path = ModelVersion.objects.filter(role=ModelVersion.Role.CHAMPION).values_list("path", flat=True).first()
    return model_of(path or models_at_work.FIRST)
