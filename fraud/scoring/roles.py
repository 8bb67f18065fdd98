"""Who judges now: the champion, and the shadow that learns the work. The readable rule when there is no champion; the
shipped model in its shadow until an operator or the figures give it the work."""

from collections.abc import Callable

from fraud.learning.models import ModelVersion
from fraud.scoring import by_rule
from fraud.scoring.asked import Asked, Scored

Scorer = Callable[[Asked], Scored]
FIRST_SHADOW = "shipped:geography"


def champion() -> Scorer:
    path = _path(ModelVersion.Role.CHAMPION)
    return by_rule.score if path is None else _by_model(path)


def shadow() -> Scorer | None:
    path = _path(ModelVersion.Role.SHADOW)
    if path is None and not ModelVersion.objects.exists():
        path = FIRST_SHADOW
    return None if path is None else _by_model(path)


def _path(role: str) -> str | None:
    return ModelVersion.objects.filter(role=role).values_list("path", flat=True).first()


def _by_model(path: str) -> Scorer:
    from fraud.scoring.by_model import scorer  # trees and arrays are loaded by workers only, not by every page

    return scorer(path)
