"""The fixed grid that hides an exact place: everybody but the parties sees the centre of a cell of about 500 m.

Rows are bands of latitude that are one cell high on the ground; a row is cut into as many equal columns as fit with
the same width on the ground at its middle. (A square grid of Web Mercator metres would not do: they are stretched by
1 / cos latitude, so that in Moscow a "500 m" cell would be 281 m.) The cell depends on the point alone: the same point
has the same cell for ever, and repeated posting from one place tells nothing more.
"""

from math import asinh, cos, degrees, floor, pi, radians, tan

from django.conf import settings
from django.contrib.gis.geos import Point

EARTH_RADIUS_M = 6_378_137.0  # of Web Mercator's sphere (EPSG:3857)


def cell_size_m() -> int:
    return int(settings.RULES["grid_cell_metres"])


def cell_centre(*, longitude: float, latitude: float) -> tuple[float, float]:
    """Longitude and latitude (degrees) of the centre of the cell that holds the point."""
    size = cell_size_m()
    row_height = degrees(size / EARTH_RADIUS_M)
    centre_latitude = (floor(latitude / row_height) + 0.5) * row_height
    columns = max(1, round(2 * pi * EARTH_RADIUS_M * cos(radians(centre_latitude)) / size))
    column_width = 360 / columns
    column = floor((longitude + 180) / column_width) % columns
    return (column + 0.5) * column_width - 180, centre_latitude


def public_point(point: Point) -> Point:
    """The centre of the point's cell in whole units of Web Mercator (EPSG:3857). `point` is in EPSG:4326."""
    longitude, latitude = cell_centre(longitude=point.x, latitude=point.y)
    x = EARTH_RADIUS_M * radians(longitude)
    y = EARTH_RADIUS_M * asinh(tan(radians(latitude)))
    return Point(round(x), round(y), srid=3857)
