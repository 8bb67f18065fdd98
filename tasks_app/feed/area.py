"""Where somebody looks for tasks, and the grid of index cells that covers it.

Coordinates are whole metres of Web Mercator (EPSG:3857). There a metre of the ground is 1 / cos(latitude) units long, so a
circle carries its own scale; within the radii offered here (at most 30 km) the error stays under one per cent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import asinh, atan, cos, exp, pi, radians, sqrt, tan

from tasks_app.models.feed_columns import CELL_OFFSET, CELL_ROWS, FAR_CELL, NEAR_CELL

EARTH_RADIUS_M = 6_378_137.0  # of Web Mercator's sphere
BY_NEAR_CELLS = 3 * NEAR_CELL  # circles up to this radius are covered by near cells alone
NEAR_IN_FAR = FAR_CELL // NEAR_CELL


@dataclass(frozen=True, slots=True)
class Circle:
    """`x`, `y`, `reach`: EPSG:3857 units; `scale`: units per metre of the ground at the centre."""

    x: int
    y: int
    reach: int
    scale: float

    @classmethod
    def around(cls, longitude: float, latitude: float, radius_m: int) -> "Circle":
        scale = 1 / cos(radians(latitude))
        x = EARTH_RADIUS_M * radians(longitude)
        y = EARTH_RADIUS_M * asinh(tan(radians(latitude)))
        return cls(round(x), round(y), round(radius_m * scale), scale)

    def holds(self, x: int, y: int) -> bool:
        return (self.x - x) ** 2 + (self.y - y) ** 2 <= self.reach**2

    def metres_to(self, x: int, y: int) -> float:
        """On the ground, from the centre to a public point."""
        return sqrt((self.x - x) ** 2 + (self.y - y) ** 2) / self.scale


@dataclass(frozen=True, slots=True)
class Around:
    """The union of circles and districts."""

    circles: tuple[Circle, ...] = ()
    district_ids: tuple[int, ...] = ()

    def metres_to(self, x: int, y: int, district_id: int | None) -> float | None:
        """From the nearest centre of the circles that hold the public point; of any, for a task of the districts."""
        holders = [c for c in self.circles if district_id in self.district_ids or c.holds(x, y)]
        return min((circle.metres_to(x, y) for circle in holders), default=None)


@dataclass(frozen=True, slots=True)
class InCity:
    """A whole city, or some of its districts."""

    city_id: int
    district_ids: tuple[int, ...] = ()


Area = Around | InCity


@dataclass(frozen=True, slots=True)
class Cover:
    """Index cells that together hold all the circles, no place twice (no far cell holds a near one)."""

    near: tuple[int, ...]
    far: tuple[int, ...]


def cover(circles: Iterable[Circle]) -> Cover:
    """A busy cell of which a circle takes only a corner would be read in vain for long: so big circles take far cells
    inside and near ones along the border."""
    near: set[tuple[int, int]] = set()
    far: set[tuple[int, int]] = set()
    for circle in circles:
        if circle.reach <= BY_NEAR_CELLS:
            near.update(_cells(circle, NEAR_CELL))
            continue
        for cell in _cells(circle, FAR_CELL):
            if _is_inside(circle, cell, FAR_CELL):
                far.add(cell)
            else:
                near.update(child for child in _children(cell) if _touches(circle, child, NEAR_CELL))
    near = {cell for cell in near if (cell[0] // NEAR_IN_FAR, cell[1] // NEAR_IN_FAR) not in far}
    return Cover(_numbers(near), _numbers(far))


def longitude_latitude(x: float, y: float) -> tuple[float, float]:
    """Degrees of a point in EPSG:3857."""
    return x / EARTH_RADIUS_M * 180 / pi, (2 * atan(exp(y / EARTH_RADIUS_M)) - pi / 2) * 180 / pi


def _numbers(cells: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    return tuple(sorted((column + CELL_OFFSET) * CELL_ROWS + row + CELL_OFFSET for column, row in cells))


def _cells(circle: Circle, size: int) -> Iterator[tuple[int, int]]:
    for column in range((circle.x - circle.reach) // size, (circle.x + circle.reach) // size + 1):
        for row in range((circle.y - circle.reach) // size, (circle.y + circle.reach) // size + 1):
            if _touches(circle, (column, row), size):
                yield column, row


def _children(cell: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for column in range(cell[0] * NEAR_IN_FAR, (cell[0] + 1) * NEAR_IN_FAR):
        for row in range(cell[1] * NEAR_IN_FAR, (cell[1] + 1) * NEAR_IN_FAR):
            yield column, row


def _touches(circle: Circle, cell: tuple[int, int], size: int) -> bool:
    across = _gap(circle.x, cell[0] * size, (cell[0] + 1) * size)
    up = _gap(circle.y, cell[1] * size, (cell[1] + 1) * size)
    return across**2 + up**2 <= circle.reach**2


def _gap(value: int, low: int, high: int) -> int:
    return low - value if value < low else max(0, value - high)


def _is_inside(circle: Circle, cell: tuple[int, int], size: int) -> bool:
    across = max(abs(circle.x - cell[0] * size), abs(circle.x - (cell[0] + 1) * size))
    up = max(abs(circle.y - cell[1] * size), abs(circle.y - (cell[1] + 1) * size))
    return across**2 + up**2 <= circle.reach**2
