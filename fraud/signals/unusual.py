"""A score without labels, for schemes nobody has named yet: who differs most from everybody else, and in what.

Four shares are compared with the middle of all executors; each distance is measured in the usual spread (the median
absolute deviation), capped, and the mean of the upward ones is the score. It opens no case: it says where to look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from tasks_app import selectors as tasks

FROM = 3.0  # usual spreads, on the mean
CAP = 10.0
LEAST_SPREAD = 0.05  # shares that all agree are not unusual by a hair
FEWEST_DEALS = 4


@dataclass(frozen=True, slots=True)
class Unusual:
    """`parts`: the measures that stand out, in whole percent, the largest first."""

    executor_id: int
    score: float
    parts: list[dict[str, Any]]


def unusual_people(habits: Iterable[tasks.Habits], masked_responses: set[int]) -> list[Unusual]:
    rows = [row for row in habits if row.deals >= FEWEST_DEALS]
    if len(rows) < 10:  # among fewer nobody is "usual"
        return []
    shares = {row.executor_id: _shares(row, masked_responses) for row in rows}
    middle = {name: median(own[name] for own in shares.values()) for name in next(iter(shares.values()))}
    spread = {name: median(abs(own[name] - middle[name]) for own in shares.values()) for name in middle}
    found = [_judge(pk, own, middle, spread) for pk, own in shares.items()]
    return sorted((one for one in found if one.score >= FROM), key=lambda one: -one.score)


def _shares(row: tasks.Habits, masked: set[int]) -> dict[str, float]:
    """Smoothed, so that one deal of four is no habit."""
    return {
        "cancelled": (row.cancelled + 0.5) / (row.deals + 5),
        "one_customer": row.most_with_one / row.cancelled if row.cancelled >= 3 else 0.0,
        "contacts": (len(masked & row.responses) + 0.5) / (row.deals + 5),
        "quick": (row.quickly + 0.5) / (row.deals + 5),
    }


def _judge(pk: int, own: dict[str, float], middle: dict[str, float], spread: dict[str, float]) -> Unusual:
    away = {name: (own[name] - middle[name]) / max(LEAST_SPREAD, 1.4826 * spread[name]) for name in own}
    capped = {name: min(CAP, max(0.0, value)) for name, value in away.items()}
    top = sorted((name for name in capped if capped[name] >= FROM), key=lambda name: -capped[name])
    parts = [{"name": name, "own": round(100 * own[name]), "usual": round(100 * middle[name])} for name in top[:3]]
    return Unusual(pk, mean(capped.values()), parts)
