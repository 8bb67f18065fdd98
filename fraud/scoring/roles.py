"""Who judges now: the champion, and the shadow that learns the work. The readable rule when there is no model."""

from collections.abc import Callable

from fraud.scoring import by_rule
from fraud.scoring.asked import Asked, Scored

Scorer = Callable[[Asked], Scored]


def champion() -> Scorer:
    return by_rule.score


def shadow() -> Scorer | None:
    return None
