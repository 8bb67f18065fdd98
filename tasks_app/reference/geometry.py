"""Districts as cells: each point of a city belongs to the district whose centre is nearest (a Voronoi diagram cut by the outline)."""

from math import cos, radians

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon

from tasks_app.reference.files import CityFile, Position, Ring

WGS84 = 4326


def outline(city: CityFile) -> MultiPolygon:
    return _multi(Polygon(closed(city.outline), srid=WGS84))


def district_cells(city: CityFile) -> dict[str, MultiPolygon]:
    """District slug → its cell, inside the city's outline. Together the cells cover the city and do not overlap."""
    squeeze = cos(radians(city.centre[1]))
    centres = {d.slug: (d.centre[0] * squeeze, d.centre[1]) for d in city.districts}
    whole = outline(city)
    cells = {}
    for slug, centre in centres.items():
        cell = _far_square(city, squeeze)
        for other, rival in centres.items():
            if other != slug:
                cell = _nearer_half(cell, centre, rival)
        shape = Polygon(closed(tuple((x / squeeze, y) for x, y in cell)), srid=WGS84)
        cells[slug] = _multi(shape.intersection(whole))
    return cells


def closed(ring: Ring) -> Ring:
    return ring if ring[0] == ring[-1] else (*ring, ring[0])


def _far_square(city: CityFile, squeeze: float) -> list[Position]:
    x, y = city.centre[0] * squeeze, city.centre[1]
    return [(x - 2, y - 2), (x + 2, y - 2), (x + 2, y + 2), (x - 2, y + 2)]


def _nearer_half(cell: list[Position], own: Position, rival: Position) -> list[Position]:
    """The part of a convex cell that is nearer to `own` than to `rival` (Sutherland and Hodgman's clipping by one line)."""
    a, b = rival[0] - own[0], rival[1] - own[1]
    limit = (rival[0] ** 2 + rival[1] ** 2 - own[0] ** 2 - own[1] ** 2) / 2

    def beyond(point: Position) -> float:
        return a * point[0] + b * point[1] - limit

    kept: list[Position] = []
    for here, there in zip(cell, cell[1:] + cell[:1], strict=True):
        d_here, d_there = beyond(here), beyond(there)
        if d_here <= 0:
            kept.append(here)
        if (d_here < 0 < d_there) or (d_there < 0 < d_here):
            share = d_here / (d_here - d_there)
            kept.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return kept


def _multi(shape: GEOSGeometry) -> MultiPolygon:
    if isinstance(shape, MultiPolygon):
        return shape
    return MultiPolygon([shape], srid=WGS84)
