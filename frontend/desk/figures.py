"""Figures of days as small charts drawn on the server, each with its list beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString

from fraud.learning.models import Figure
from fraud.learning.words import figure_name, figure_value

WIDTH, HEIGHT, MARGIN = 240, 56, 4


@dataclass(frozen=True, slots=True)
class Card:
    """`since`, `until`, `low`, `high`: the edges of the chart; no `since` where a single day makes none. `rows`: day, value
    and of how many it is, the newest first."""

    name: str
    value: str
    usual: str
    alert: bool
    chart: SafeString
    since: date | None
    until: date
    low: str
    high: str
    rows: list[tuple[date, str, int]]


def figure_cards(history: Mapping[str, Sequence[Figure]]) -> list[Card]:
    return [_card(name, rows) for name, rows in history.items() if rows]


def _card(name: str, rows: Sequence[Figure]) -> Card:
    last, values = rows[-1], [row.value for row in rows]
    return Card(
        name=figure_name(name),
        value=figure_value(name, last.value),
        usual="" if last.usual is None else figure_value(name, last.usual),
        alert=last.alert,
        chart=_chart(figure_name(name), values),
        since=rows[0].day if len(rows) > 1 else None,
        until=last.day,
        low=figure_value(name, min(values)),
        high=figure_value(name, max(values)),
        rows=[(row.day, figure_value(name, row.value), row.count) for row in reversed(rows)],
    )


def _chart(name: str, values: Sequence[float]) -> SafeString:
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * MARGIN) / max(1, len(values) - 1)
    points = [
        (MARGIN + place * step, HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN))
        for place, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return SafeString(
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">'
        f'<polyline points="{line}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/></svg>'
    )
