"""Who judges now: the champion, and the shadow that learns the work. The readable rule when there is no champion; the
shipped model in its shadow until an operator or the figures give it the work."""

from collections.abc import Callable
from dataclasses import dataclass

from fraud.learning.models import ModelVersion
from fraud.scoring import by_rule
from fraud.scoring.asked import Asked, Scored

Scorer = Callable[[Asked], Scored]
FIRST_SHADOW = "shipped:geography"


@dataclass(frozen=True, slots=True)
class Serving:
    champion: Scorer
    shadow: Scorer | None


def serving() -> Serving:
    """Who judges at this moment."""
    paths = dict(ModelVersion.objects.values_list("role", "path"))
    champion, shadow = (paths.get(role) for role in (ModelVersion.Role.CHAMPION, ModelVersion.Role.SHADOW))
    if not paths:
        shadow = FIRST_SHADOW
    return Serving(
        champion=by_rule.score if champion is None else _by_model(champion),
        shadow=None if shadow is None else _by_model(shadow),
    )


def _by_model(path: str) -> Scorer:
    from fraud.scoring.by_model import scorer  # trees and arrays are loaded by workers only, not by every page

    return scorer(path)
