"""Who judges now, the model beside it, and whose second opinion the readable rule needs (docs/decisions/0064). Some trained model
always scores: without its measures nothing could be learned."""

from collections.abc import Callable
from dataclasses import dataclass

from fraud.learning.models import ModelVersion
from fraud.learning.models_at_work import FIRST, FIRST_WITH_CONTEXT
from fraud.scoring import by_rule
from fraud.scoring.asked import Asked, Scored

Scorer = Callable[[Asked], Scored]


@dataclass(frozen=True, slots=True)
class Serving:
    """`shadow` learns the work without effect. `agrees`: whether the model that came with the code would have a person look, too;
    a model retrained since has no say before somebody promotes it."""

    champion: Scorer
    shadow: Scorer
    agrees: Callable[[Asked], bool]


def serving() -> Serving:
    """The champion, without one the readable rule; the shadow, without one a shipped model."""
    paths = dict(ModelVersion.objects.values_list("role", "path"))
    champion, shadow = (paths.get(role) for role in (ModelVersion.Role.CHAMPION, ModelVersion.Role.SHADOW))
    usual = FIRST if champion != FIRST else FIRST_WITH_CONTEXT
    return Serving(
        champion=by_rule.score if champion is None else _by_model(champion),
        shadow=_by_model(shadow or usual),
        agrees=_agrees,
    )


def _agrees(asked: Asked) -> bool:
    from fraud.scoring.by_model import agrees

    return agrees(FIRST, asked)


def _by_model(path: str) -> Scorer:
    from fraud.scoring.by_model import scorer  # trees and arrays are loaded by workers only, not by every page

    return scorer(path)
