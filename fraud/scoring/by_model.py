"""A trained model as a scorer of the row that was measured."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings

from fraud.model.lines import seconded_at
from fraud.model.services import score as score_measured
from fraud.model.trained import Trained, load, shipped
from fraud.scoring.asked import Asked, Scored

SHIPPED = "shipped:"


def scorer(path: str) -> Callable[[Asked], Scored]:
    """A scorer of the model file `path`. Raises FileNotFoundError and UntrustedModel when it is asked, not here."""

    def score(asked: Asked) -> Scored:
        answer = score_measured(asked.measured, model_of(path))
        return Scored(
            model_version=answer.model_version,
            probability=answer.probability,
            verifiable=answer.verifiable,
            flagged=answer.flagged,
            reasons=[(reason.code, reason.weight) for reason in answer.reasons],
        )

    return score


def agrees(path: str, asked: Asked) -> bool:
    """Whether the model seconds what the rule suspects."""
    return bool(seconded_at(model_of(path), asked.measured.table, asked.moment)[0])


@cache
def model_of(path: str) -> Trained:
    """`shipped:<feature set>` or a file in the folder of models."""
    if path.startswith(SHIPPED):
        return shipped(path.removeprefix(SHIPPED))
    return load(models_folder() / path)


def models_folder() -> Path:
    return Path(getattr(settings, "FRAUD_MODELS", settings.BASE_DIR / ".local" / "models"))
