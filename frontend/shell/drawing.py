"""A still map drawn on the server: a piece of a city's base map as inline SVG, in the page's own colours, without a script.

Coordinates are longitude and latitude; distances metres. The drawing is flat: at a city's size that is exact enough.
"""

import json
import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.html import escape

METRES_PER_DEGREE = 111_320
WIDTH, HEIGHT = 640, 400
LABELS = 7
SOFT = ("water", "park", "lake", "ring")  # drawn without corners
CLASSES = {
    "park": "city-park",
    "lake": "city-water",
    "water": "city-river",
    "ring": "city-road city-road--ring",
    "avenue": "city-road city-road--avenue",
    "street": "city-road",
    "district": "city-edge",
}
ORDER = ("park", "lake", "water", "district", "street", "avenue", "ring")

LETTER, LINE, GAP = 11, 22, 4  # of a label at its size in map.css: a wide letter, a line, the space kept free around it

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@lru_cache(maxsize=8)
def base_map(city: str) -> list[dict[str, Any]]:
    """Features of the city's base map; empty for a city without one."""
    found = finders.find(f"basemap/{city}.json")
    if not found:
        return []
    with open(str(found), encoding="utf-8") as file:
        features: list[dict[str, Any]] = json.load(file)["features"]
    return features


@lru_cache(maxsize=512)
def draw(
    city: str, longitude: float, latitude: float, half: int, language: str, area: int = 0, pin: bool = False
) -> str:
    """SVG of `half` metres to each side of the point. `area`: the radius of a shaded circle around it; `pin`: a mark on it."""
    view = _View(longitude, latitude, half)
    layers: dict[str, list[str]] = {kind: [] for kind in ORDER}
    labels = _Labels(view)
    for feature in base_map(city):
        properties, geometry = feature["properties"], feature["geometry"]
        kind = properties["kind"]
        if kind not in layers:
            continue
        path = "".join(view.path(line, closed, kind in SOFT) for line, closed in _lines(geometry))
        if not path:
            continue
        width = f' stroke-width="{max(2, view.scale * properties["width"]):.0f}"' if kind == "water" else ""
        layers[kind].append(f'<path class="{CLASSES[kind]}"{width} d="{path}"/>')
        if kind == "district" and "label" in properties:
            labels.put(properties["label"], properties[f"name_{language}"])
    body = "".join("".join(layers[kind]) for kind in ORDER) + "".join(labels.drawn) + _mark(view, area, pin)
    return (
        f'<svg class="city" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f"{body}</svg>"
    )


class _View:
    def __init__(self, longitude: float, latitude: float, half: int) -> None:
        self.scale = WIDTH / 2 / half
        self.longitude, self.latitude = longitude, latitude
        self.per_longitude = METRES_PER_DEGREE * math.cos(math.radians(latitude)) * self.scale
        self.per_latitude = METRES_PER_DEGREE * self.scale

    def place(self, point: Iterable[float]) -> Point:
        longitude, latitude = tuple(point)[:2]
        return (
            WIDTH / 2 + (longitude - self.longitude) * self.per_longitude,
            HEIGHT / 2 - (latitude - self.latitude) * self.per_latitude,
        )

    def path(self, line: list[list[float]], closed: bool, soft: bool) -> str:
        """Nothing when the line's box does not meet the view."""
        points = [self.place(point) for point in line]
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        if max(xs) < 0 or min(xs) > WIDTH or max(ys) < 0 or min(ys) > HEIGHT:
            return ""
        if soft and len(points) > 2:
            return _curve(points, closed)
        return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + ("Z" if closed else "")


class _Labels:
    """Names on the drawing, first come, first served: one that would lie on another is left out."""

    def __init__(self, view: _View) -> None:
        self.view = view
        self.drawn: list[str] = []
        self._boxes: list[Box] = []

    def put(self, point: list[float], name: str) -> None:
        x, y = self.view.place(point)
        half = len(name) * LETTER / 2
        box = (x - half, y - LINE, x + half, y)
        # A name is not cut, even where the page crops.
        inside = max(120, half) < x < WIDTH - max(120, half) and 40 < y < HEIGHT - 40
        if not inside or len(self.drawn) == LABELS or any(_meet(box, other) for other in self._boxes):
            return
        self._boxes.append(box)
        self.drawn.append(
            f'<text class="city-label" x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{escape(name)}</text>'
        )


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] + GAP and other[0] < one[2] + GAP and one[1] < other[3] + GAP and other[1] < one[3] + GAP


def _curve(points: list[Point], closed: bool) -> str:
    """A Catmull–Rom curve through the points, as cubic Béziers."""
    if closed and points[0] == points[-1]:
        points = points[:-1]
    count = len(points)
    last = count if closed else count - 1

    def at(index: int) -> Point:
        return points[index % count] if closed else points[min(max(index, 0), count - 1)]

    parts = [f"M{points[0][0]:.0f} {points[0][1]:.0f}"]
    for index in range(last):
        before, start, end, after = at(index - 1), at(index), at(index + 1), at(index + 2)
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        parts.append("C" + " ".join(f"{x:.0f} {y:.0f}" for x, y in (first, second, end)))
    return "".join(parts) + ("Z" if closed else "")


def _lines(geometry: dict[str, Any]) -> Iterator[tuple[list[list[float]], bool]]:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "LineString":
        yield coordinates, False
    elif kind == "Polygon":
        yield from ((ring, True) for ring in coordinates)
    elif kind == "MultiPolygon":
        yield from ((ring, True) for part in coordinates for ring in part)


def _mark(view: _View, area: int, pin: bool) -> str:
    x, y = WIDTH // 2, HEIGHT // 2
    drawn = ""
    if area:
        drawn += f'<circle class="map-area" cx="{x}" cy="{y}" r="{max(8, view.scale * area):.0f}"/>'
    if pin:
        drawn += f'<g class="map-pin-mark" transform="translate({x} {y})"><path d="M0 0C-7-9-13-15-13-22a13 13 0 0 1 26 0C13-15 7-9 0 0Z"/><circle cy="-22" r="5"/></g>'
    return drawn
