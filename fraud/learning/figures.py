"""The figures of each day: how much is flagged and confirmed, how fast, what positions look like, and whether measures
drift away from what they usually are."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median, quantiles

from fraud.learning.alerting import tell_operators
from fraud.learning.capacity import desk_day, start_of_day
from fraud.learning.models import Figure, Score
from fraud.models import AuditDraw, Case

WATCHED = ("dwell_150", "after_150", "stay_m", "stay_accuracy_m", "seen_min", "gap_min", "past_here_days", "closest_m")
USUAL_DAYS = 28
DRIFT_ALERT = 0.25  # the usual line for a population stability index; above it the two differ much
FEWEST = 30
RATE_ALERT = 2.0  # times the usual


def take_figures(*, back: int = 1) -> list[Figure]:
    """Of the desk's day `back` days ago; taking them again renews them."""
    start = start_of_day(back)
    end, day = start + timedelta(days=1), desk_day() - timedelta(days=back)
    scores = _scores(start, end)
    found = [
        *_rates(scores, start, end),
        *_positions(scores),
        *_drift(scores, _scores(start - timedelta(days=USUAL_DAYS), start)),
    ]
    return _keep(day, found)


def history(days: int = 60) -> dict[str, list[Figure]]:
    """By name, oldest first."""
    found: dict[str, list[Figure]] = {}
    for row in Figure.objects.filter(day__gt=desk_day() - timedelta(days=days)).order_by("name", "day"):
        found.setdefault(row.name, []).append(row)
    return found


def alerts() -> list[Figure]:
    """Of the last two days."""
    rows = Figure.objects.filter(alert=True, day__gte=desk_day() - timedelta(days=2))
    return list(rows.order_by("-day", "name"))


def stability_index(now_values: Sequence[float], usual: Sequence[float], bins: int = 10) -> float:
    """Population stability index: 0 where two samples are spread alike; each bin holds a tenth of the usual ones."""
    cuts = sorted(set(quantiles(usual, n=bins)))
    total = 0.0
    for low, high in zip([-math.inf, *cuts], [*cuts, math.inf], strict=True):
        a = (sum(low < value <= high for value in now_values) + 0.5) / (len(now_values) + 0.5 * (len(cuts) + 1))
        b = (sum(low < value <= high for value in usual) + 0.5) / (len(usual) + 0.5 * (len(cuts) + 1))
        total += (a - b) * math.log(a / b)
    return total


Taken = tuple[str, float, int]


def _scores(start: datetime, end: datetime) -> list[Score]:
    rows = Score.objects.filter(scored_at__gte=start, scored_at__lt=end, moment="plus_2h", late=0)
    return list(rows.only("cancellation", "role", "measures", "outcome", "scored_at", "as_of", "took_ms"))


def _rates(scores: list[Score], start: datetime, end: datetime) -> Iterable[Taken]:
    judged = [row for row in scores if row.role == Score.Role.CHAMPION]
    flags = Case.objects.filter(kind=Case.Kind.FLAG, opened_at__gte=start, opened_at__lt=end).count()
    if judged:
        yield "flag_rate", flags / len(judged), len(judged)
        delays = [(row.scored_at - row.as_of).total_seconds() for row in judged]
        yield "delay_p95", sorted(delays)[math.ceil(0.95 * len(delays)) - 1], len(judged)
    ended = Case.objects.filter(
        kind=Case.Kind.FLAG, decisions__by__isnull=False, closed_at__gte=start, closed_at__lt=end
    )
    decided = ended.distinct().count()
    if decided:
        yield "confirm_rate", ended.filter(outcome=Case.Outcome.CONFIRMED).distinct().count() / decided, decided
    draws = AuditDraw.objects.filter(at__gte=start, at__lt=end)
    if draws.exists():
        yield "audit_share", draws.filter(drawn=True).count() / draws.count(), draws.count()


def _positions(scores: list[Score]) -> Iterable[Taken]:
    """Cadence: minutes seen per position, the median; accuracy: metres, the median."""
    for name, values in {
        "cadence": [m["seen_min"] / m["fixes"] for m in _measures(scores) if m.get("fixes") and m.get("seen_min")],
        "accuracy": [m["stay_accuracy_m"] for m in _measures(scores) if m.get("stay_accuracy_m")],
    }.items():
        if values:
            yield name, median(values), len(values)


def _drift(today: list[Score], before: list[Score]) -> Iterable[Taken]:
    for name in WATCHED:
        values = [m[name] for m in _measures(today) if name in m]
        usual = [m[name] for m in _measures(before) if name in m]
        if len(values) >= FEWEST and len(usual) >= FEWEST:
            yield f"drift:{name}", stability_index(values, usual), len(values)


def _measures(scores: Iterable[Score]) -> list[dict[str, float]]:
    """Of each cancellation once: champion and shadow are given the same row. The first rule's measures had other names."""
    return list({row.cancellation_id: row.measures for row in scores if "seen_min" in row.measures}.values())


def _keep(day: date, found: Sequence[Taken]) -> list[Figure]:
    past: dict[str, list[float]] = {}
    earlier = Figure.objects.filter(day__lt=day, day__gte=day - timedelta(days=USUAL_DAYS))
    for name, value in earlier.values_list("name", "value"):
        past.setdefault(name, []).append(value)
    rows = [_figure(day, name, value, count, past.get(name, [])) for name, value, count in found]
    Figure.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day", "name"], update_fields=["value", "usual", "count", "alert"]
    )
    for row in rows:
        if row.alert:
            tell_operators(row)
    return rows


def _figure(day: date, name: str, value: float, count: int, past: Sequence[float]) -> Figure:
    usual = median(past) if len(past) >= 5 else None
    return Figure(day=day, name=name, value=value, usual=usual, count=count, alert=_is_alert(name, value, usual, count))


def _is_alert(name: str, value: float, usual: float | None, count: int) -> bool:
    if name.startswith("drift:"):
        return value >= DRIFT_ALERT
    if name == "delay_p95":
        return value > 60
    if usual is None or count < FEWEST:
        return False
    return not usual / RATE_ALERT <= value <= usual * RATE_ALERT
