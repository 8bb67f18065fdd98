"""What is shown of a place is its fixed cell, about 500 m wide everywhere, and never more."""

from math import cos, hypot, radians
from random import Random

import pytest
from django.contrib.gis.geos import Point

from tasks_app.posting.grid import EARTH_RADIUS_M, cell_centre, public_point


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """On the ground, for near points."""
    east = radians(one[0] - other[0]) * EARTH_RADIUS_M * cos(radians((one[1] + other[1]) / 2))
    return hypot(east, radians(one[1] - other[1]) * EARTH_RADIUS_M)


@pytest.mark.parametrize("latitude", [0.1, 43.6, 55.75, 59.94, 69.0, -33.9])
def test_no_point_is_farther_from_its_centre_than_half_a_cells_diagonal(latitude: float) -> None:
    random = Random(5)
    for _ in range(500):
        point = (37.6 + random.uniform(-0.3, 0.3), latitude + random.uniform(-0.1, 0.1))
        assert metres(point, cell_centre(longitude=point[0], latitude=point[1])) <= 356


@pytest.mark.parametrize("latitude", [0.1, 55.75, 69.0])
def test_cells_are_about_five_hundred_metres_on_the_ground(latitude: float) -> None:
    centre = cell_centre(longitude=37.6, latitude=latitude)
    east = cell_centre(
        longitude=centre[0] + 505 / (EARTH_RADIUS_M * cos(radians(latitude))) * 57.29578, latitude=centre[1]
    )
    north = cell_centre(longitude=centre[0], latitude=centre[1] + 505 / EARTH_RADIUS_M * 57.29578)
    assert metres(centre, east) == pytest.approx(500, abs=3)
    assert abs(north[1] - centre[1]) * EARTH_RADIUS_M / 57.29578 == pytest.approx(500, abs=3)


def test_the_centre_of_a_cell_is_its_own_centre() -> None:
    centre = cell_centre(longitude=37.6176, latitude=55.7520)
    assert cell_centre(longitude=centre[0], latitude=centre[1]) == pytest.approx(centre)


def test_all_points_of_a_cell_look_the_same() -> None:
    """Nothing that is computed from the public point can tell two addresses of one cell apart."""
    x, y = cell_centre(longitude=37.6176, latitude=55.7520)
    random = Random(7)
    seen = {
        public_point(Point(x + random.uniform(-0.0038, 0.0038), y + random.uniform(-0.0021, 0.0021), srid=4326)).coords
        for _ in range(200)
    }
    assert len(seen) == 1


def test_the_public_point_is_the_centre_in_web_mercator() -> None:
    exact = Point(37.6176, 55.7520, srid=4326)
    back = public_point(exact).transform(4326, clone=True)
    assert back.coords == pytest.approx(cell_centre(longitude=exact.x, latitude=exact.y), abs=1e-5)
