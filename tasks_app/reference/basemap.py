"""The schematic base map of a city as GeoJSON: for a map without a tile server. Drawn from the reference files alone."""

from typing import Any

from tasks_app.reference.files import CityFile, Position, Ring
from tasks_app.reference.geometry import closed, district_cells

DIGITS = 5


def draw(city: CityFile) -> dict[str, Any]:
    """A FeatureCollection, bottom layer first. Properties: `kind`, `name_ru`, `name_en`; water lines also `width` in metres."""
    drawing = city.drawing
    features = [_feature("land", _polygon(city.outline), {"ru": city.ru, "en": city.en})]
    features += [_feature("park", _polygon(_ring(park["ring"])), park["name"]) for park in drawing["parks"]]
    features += [_feature("lake", _polygon(_ring(lake["ring"])), lake["name"]) for lake in drawing["lakes"]]
    features += [
        _feature("water", _line(_ring(river["line"])), river["name"], width=river["width"])
        for river in drawing["water"]
    ]
    features += _district_features(city)
    for street in city.streets:
        kind = "avenue" if street.major else "street"
        features.append(_feature(kind, _line(street.line), {"ru": street.ru, "en": street.en}))
    features += [_feature("ring", _line(_ring(ring["line"])), ring["name"]) for ring in drawing["rings"]]
    if drawing["outline_road"]:
        features.append(_feature("ring", _line(closed(city.outline)), drawing["outline_road"]))
    return {"type": "FeatureCollection", "features": features}


def _district_features(city: CityFile) -> list[dict[str, Any]]:
    cells = district_cells(city)
    drawn = []
    for district in city.districts:
        shape = {
            "type": "MultiPolygon",
            "coordinates": [[_rounded(ring) for ring in part] for part in cells[district.slug].coords],
        }
        name = {"ru": district.ru, "en": district.en}
        drawn.append(_feature("district", shape, name, label=list(district.centre)))
    return drawn


def _feature(kind: str, geometry: dict[str, Any], name: dict[str, str], **extra: Any) -> dict[str, Any]:
    properties = {"kind": kind, "name_ru": name["ru"], "name_en": name["en"], **extra}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _polygon(ring: Ring) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [_rounded(closed(ring))]}


def _line(line: Ring) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": _rounded(line)}


def _ring(pairs: list[list[float]]) -> Ring:
    return tuple((pair[0], pair[1]) for pair in pairs)


def _rounded(ring: Any) -> list[Position]:
    return [(round(x, DIGITS), round(y, DIGITS)) for x, y in ring]
