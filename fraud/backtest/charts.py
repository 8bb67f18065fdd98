"""Pictures as SVG text, drawn here so that a report is one file that opens anywhere."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 460, 300, 52, 40, 16, 16
COLOURS = ("#1f6f5c", "#b5541c", "#6b5ca5", "#7a7a7a")


def _x(value: float, low: float, high: float) -> float:
    return LEFT + (value - low) / max(high - low, 1e-12) * (WIDTH - LEFT - RIGHT)


def _y(value: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (value - low) / max(high - low, 1e-12) * (HEIGHT - BOTTOM - TOP)


def lines(
    series: Mapping[str, Sequence[tuple[float, float]]],
    *,
    title: str,
    across: str,
    up: str,
    diagonal: bool = False,
    limits: tuple[float, float, float, float] = (0, 1, 0, 1),
) -> str:
    """Named lines in one frame; `limits`: lowest and highest value across, then up."""
    x0, x1, y0, y1 = limits
    parts = [_frame(title, across, up, limits)]
    if diagonal:
        parts.append(f'<path d="M{_x(x0, x0, x1)},{_y(y0, y0, y1)}L{_x(x1, x0, x1)},{_y(y1, y0, y1)}" class="faint"/>')
    for number, (name, points) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = "L".join(
            f"{_x(min(max(x, x0), x1), x0, x1):.1f},{_y(min(max(y, y0), y1), y0, y1):.1f}" for x, y in points
        )
        if points:
            parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_legend(number, name, colour))
    return _svg(parts, title)


def bars(values: dict[str, dict[str, float]], *, title: str, across: str, most: float = 1.0) -> str:
    """Groups of horizontal bars: {"plain": {"model": 0.8, "rule": 0.6}, …}."""
    names = list(dict.fromkeys(name for row in values.values() for name in row))
    step = 12 * len(names) + 10
    height = TOP + 30 + step * len(values)
    parts = [f'<text x="{WIDTH / 2}" y="{TOP}" class="title">{escape(title)}</text>']
    for place, (label, row) in enumerate(values.items()):
        top = TOP + 14 + place * step
        parts.append(f'<text x="128" y="{top + 6 * len(names) + 3}" class="label">{escape(label)}</text>')
        for number, name in enumerate(names):
            value = row.get(name, 0.0)
            width = max(0.0, min(value / most, 1.0)) * 250
            at = top + 12 * number
            parts.append(f'<rect x="136" y="{at}" width="{width:.1f}" height="10" fill="{COLOURS[number % 4]}"/>')
            parts.append(f'<text x="{140 + width:.1f}" y="{at + 9}" class="value">{_percent(value)}</text>')
    legend = " · ".join(names)
    parts.append(f'<text x="{WIDTH / 2}" y="{height - 6}" class="axis">{escape(across)} ({escape(legend)})</text>')
    return _svg(parts, title, height)


def track(
    points: Sequence[tuple[float, float, float]],
    *,
    title: str,
    near: Sequence[int],
    radius_m: float = 150,
    reach_m: float = 700,
) -> str:
    """One day's positions around the deal's point: (metres east, north, accuracy); `near`: those that are cited."""
    size, half = 300, 150
    cited = set(near)

    def place(east: float, north: float) -> tuple[float, float]:
        return half + east / reach_m * half, half - north / reach_m * half

    inside = [(n, p) for n, p in enumerate(points) if max(abs(p[0]), abs(p[1])) <= reach_m * 1.3]
    parts = [f'<rect width="{size}" height="{size}" fill="#f4f1ea"/>']
    ring = radius_m / reach_m * half
    parts.append(f'<circle cx="{half}" cy="{half}" r="{ring:.1f}" fill="#1f6f5c22" stroke="#1f6f5c"/>')
    path = "L".join("{:.1f},{:.1f}".format(*place(p[0], p[1])) for _n, p in inside)
    if inside:
        parts.append(f'<path d="M{path}" fill="none" stroke="#00000030"/>')
    for number, (east, north, accuracy) in inside:
        x, y = place(east, north)
        colour = "#b5541c" if number in cited else "#6a6a6a"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{max(2.0, accuracy / reach_m * half):.1f}" fill="{colour}18"/>'
        )
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>')
    parts.append(f'<path d="M{half - 6},{half}h12M{half},{half - 6}v12" stroke="#1f6f5c" stroke-width="2"/>')
    parts.append(f'<text x="8" y="{size - 8}" class="axis" text-anchor="start">{reach_m:.0f} m</text>')
    body = "".join(parts)
    return f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="{escape(title)}" class="map">{body}</svg>'


def _frame(title: str, across: str, up: str, limits: tuple[float, float, float, float]) -> str:
    x0, x1, y0, y1 = limits
    parts = [f'<text x="{WIDTH / 2}" y="{TOP - 3}" class="title">{escape(title)}</text>']
    for k in range(6):
        x, y = x0 + (x1 - x0) * k / 5, y0 + (y1 - y0) * k / 5
        px, py = _x(x, x0, x1), _y(y, y0, y1)
        parts.append(f'<path d="M{px:.1f},{TOP}V{HEIGHT - BOTTOM}M{LEFT},{py:.1f}H{WIDTH - RIGHT}" class="grid"/>')
        parts.append(f'<text x="{px:.1f}" y="{HEIGHT - BOTTOM + 14}" class="axis">{x:g}</text>')
        parts.append(f'<text x="{LEFT - 6}" y="{py + 4:.1f}" class="label">{y:g}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" class="axis">{escape(across)}</text>')
    parts.append(f'<text transform="translate(12 {HEIGHT / 2}) rotate(-90)" class="axis">{escape(up)}</text>')
    return "".join(parts)


def _legend(number: int, name: str, colour: str) -> str:
    y = TOP + 14 + 15 * number
    return (
        f'<rect x="{WIDTH - 160}" y="{y - 8}" width="12" height="4" fill="{colour}"/>'
        f'<text x="{WIDTH - 144}" y="{y - 2}" class="legend">{escape(name)}</text>'
    )


def _svg(parts: Sequence[str], title: str, height: int = HEIGHT) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %" if value < 0.1 else f"{100 * value:.0f} %"
