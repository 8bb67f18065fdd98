"""What it costs to hide: detour metres, dark minutes, hours of delay, against the share that is still found."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from fraud.backtest import metrics
from fraud.model.trained import Trained
from fraud.world.learning import Harvest
from fraud.world.plan import STANDARD, Plan

SEED = 8000
PEOPLE = 45


@dataclass(frozen=True, slots=True)
class Dial:
    """One way to hide; `unit` names what the values are."""

    name: str
    unit: str
    values: tuple[float, ...]


DIALS = (
    Dial("parked", "metres from the address", (30, 75, 120, 180, 250, 350, 500)),
    Dial("phone_off", "share of the visit without the phone", (0.1, 0.3, 0.5, 0.7, 0.9, 1.1)),
    Dial("late", "hours after the window", (0.1, 0.5, 1.0, 1.5, 2.0, 3.0)),
)


def plan_for(dial: Dial, value: float) -> Plan:
    """A world whose only fraud hides in this way, by this much."""
    base = replace(STANDARD, name=f"{dial.name} {value:g}", executors=PEOPLE, fraud_share=0.5, fraud={dial.name: 1.0})
    if dial.name == "parked":
        return replace(base, parked_m=(value * 0.95, value * 1.05))
    if dial.name == "phone_off":
        return replace(base, dark_share=(value * 0.97, value * 1.03))
    return replace(base, late_h=(value * 0.95, value * 1.05))


def curve(
    dial: Dial, model: Trained, threshold: float, rows_of: Callable[[Plan, int], Harvest]
) -> list[tuple[float, float]]:
    """(value, share found) at the score from which on people are flagged. `rows_of` measures a plan from a seed."""
    return [(value, _found(rows_of(plan_for(dial, value), SEED), model, threshold)) for value in dial.values]


def _found(rows: Harvest, model: Trained, threshold: float) -> float:
    return metrics.share_flagged(model.scores(rows.table), rows.weight, rows.label == 1, threshold)


def halved_at(points: list[tuple[float, float]]) -> float | None:
    """Where, between two measured values, the share found falls to half of the first; None: it never does."""
    limit = points[0][1] / 2
    for (a, high), (b, low) in pairwise(points):
        if high > limit >= low:
            return a + (b - a) * (high - limit) / max(high - low, 1e-9)
    return None
