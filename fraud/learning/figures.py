"""The figures of each day: how much is flagged and confirmed, how fast, what positions look like, and whether measures
drift away from what they usually are."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, Q

from fraud.learning import daily
from fraud.learning.alerting import tell_operators
from fraud.learning.capacity import desk_day, start_of_day
from fraud.learning.models import Figure, ModelVersion
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
    return _keep(day, [*_rates(start, end), *_positions(start, end), *_drift(start, end)])


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


def stability_index(fresh: Sequence[int], usual: Sequence[int]) -> float:
    """Population stability index of two samples by their counts in the same bins: 0 where they are spread alike."""
    total, smoothed = 0.0, 0.5 * len(usual)
    for here, there in zip(fresh, usual, strict=True):
        a, b = (here + 0.5) / (sum(fresh) + smoothed), (there + 0.5) / (sum(usual) + smoothed)
        total += (a - b) * math.log(a / b)
    return total


Taken = tuple[str, float, int]


def _rates(start: datetime, end: datetime) -> Iterable[Taken]:
    at_work = ModelVersion.objects.filter(role=ModelVersion.Role.CHAMPION).first()
    judged = daily.judged(start, end, since=at_work.role_since if at_work else end)
    flags = Case.objects.filter(kind=Case.Kind.FLAG, opened_at__gte=start, opened_at__lt=end).count()
    if judged.delay_p95 is not None:
        yield "flag_rate", flags / judged.count, judged.count
        yield "delay_p95", float(judged.delay_p95), judged.count
        if at_work:
            yield "fallback_rate", judged.by_rule / judged.count, judged.count
    ended = Case.objects.filter(
        kind=Case.Kind.FLAG, decisions__by__isnull=False, closed_at__gte=start, closed_at__lt=end
    )
    decided = ended.distinct().count()
    if decided:
        yield "confirm_rate", ended.filter(outcome=Case.Outcome.CONFIRMED).distinct().count() / decided, decided
    draws = AuditDraw.objects.filter(at__gte=start, at__lt=end)
    drawn = draws.aggregate(all=Count("pk"), drawn=Count("pk", filter=Q(drawn=True)))
    if drawn["all"]:
        yield "audit_share", drawn["drawn"] / drawn["all"], drawn["all"]


def _positions(start: datetime, end: datetime) -> Iterable[Taken]:
    """Cadence: minutes seen per position, the median; accuracy: metres, the median."""
    told = daily.positions(start, end)
    if told.cadence is not None:
        yield "cadence", told.cadence, told.cadences
    if told.accuracy is not None:
        yield "accuracy", told.accuracy, told.accuracies


def _drift(start: datetime, end: datetime) -> Iterable[Taken]:
    spreads = daily.spreads(WATCHED, usual_from=start - timedelta(days=USUAL_DAYS), start=start, end=end)
    for name, spread in spreads.items():
        if sum(spread.fresh) >= FEWEST and sum(spread.usual) >= FEWEST:
            yield f"drift:{name}", stability_index(spread.fresh, spread.usual), sum(spread.fresh)


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
    if name == "fallback_rate":
        return value > 0
    if usual is None or count < FEWEST:
        return False
    return not usual / RATE_ALERT <= value <= usual * RATE_ALERT
