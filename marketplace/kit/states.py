"""State steps as compare-and-set: a step acts only if exactly one row was still in a legal source state."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from marketplace.kit.errors import StaleState

Steps = Mapping[str, frozenset[str]]  # target state → the states it may be entered from


def step(instance: Model, to: str, steps: Steps, *, field: str = "status", **changes: Any) -> str:
    """UPDATE … SET field = to WHERE field IN (legal sources); returns the state left.

    Raises StaleState when the row is in no legal source state (also when it changed since it was read).
    The instance carries the new values afterwards. The caller writes the history row in the same transaction.
    """
    left: str = getattr(instance, field)
    rows = type(instance)._default_manager.filter(pk=instance.pk, **{field: left, f"{field}__in": steps[to]})
    if rows.update(**{field: to}, **changes) != 1:
        raise StaleState
    for name, value in {field: to, **changes}.items():
        setattr(instance, name, value)
    return left
