"""Where: an address that the geocoder knows, a point on the map, several points of a route, or remotely."""

from math import isfinite
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks_app.catalogue.selectors import active_cities, city_at
from tasks_app.models import Category, City
from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.errors import AddressUnclear, AnswersRefused
from tasks_app.posting.geocoder import Place, geocoder
from tasks_app.posting.parts.typed import text_of, truth

ADDRESS_TO, FLAT_TO, NOTE_TO = 240, 80, 120
CLEARLY_BETTER = 0.1  # by how much the first find must beat the second to be taken without asking


def clean(values: Values, content: DraftContent) -> Values:
    category = content.category
    if category is None:
        raise AnswersRefused({"category": _("Choose what kind of work it is.")})
    if may_be_remote(category) and (truth(values.get("remote")) or only_remote(category)):
        return {"remote": True, "city": _city(values).slug}
    first = _stop(values, field="address", city=_city_if_known(values))
    city = city_at(Point(first["lon"], first["lat"], srid=4326))
    if city is None:
        raise AnswersRefused({"address": _outside()})
    flat = text_of(values.get("flat"))
    if len(flat) > FLAT_TO:
        raise AnswersRefused({"flat": _("This is too long: at most 80 characters.")})
    points = _further(values.get("points"), city) if is_route(category) else []
    return {"remote": False, "city": city.slug, **first, "flat": flat, "points": points}


def may_be_remote(category: Category) -> bool:
    return category.place in (Category.Place.REMOTE, Category.Place.EITHER)


def is_route(category: Category) -> bool:
    return category.place == Category.Place.ROUTE


def most_stops() -> int:
    """How many points a route may have after its first."""
    return int(settings.RULES["route_points"]) - 1


def only_remote(category: Category) -> bool:
    return category.place == Category.Place.REMOTE


def _city_if_known(values: Values) -> City | None:
    return active_cities().filter(slug=text_of(values.get("city"))).first()


def _city(values: Values) -> City:
    city = _city_if_known(values)
    if city is None:
        raise AnswersRefused({"city": _("Choose a city: prices and time are shown as there.")})
    return city


def _further(values: Any, city: City) -> list[Values]:
    """The route's points after the first; rows left empty are dropped. At least one is needed."""
    rows = [row for row in values if isinstance(row, dict)] if isinstance(values, list) else []
    rows = [row for row in rows if text_of(row.get("address")) or _coordinates(row) is not None]
    limit = most_stops()
    if not rows:
        raise AnswersRefused({"points-0-address": _("Say where to take it: the second address of the route.")})
    if len(rows) > limit:
        raise AnswersRefused(
            {f"points-{limit}-address": _("A route can have at most %(most)s points.") % {"most": limit + 1}}
        )
    points = []
    for index, row in enumerate(rows):
        field = f"points-{index}-address"
        stop = _stop(row, field=field, city=city)
        if city_at(Point(stop["lon"], stop["lat"], srid=4326)) is None:
            raise AnswersRefused({field: _outside()})
        points.append({**stop, "note": text_of(row.get("note"))[:NOTE_TO]})
    return points


def _stop(values: Values, *, field: str, city: City | None) -> Values:
    """Address and coordinates of one point: as given, or found by the geocoder."""
    address = text_of(values.get("address"))
    if len(address) > ADDRESS_TO:
        raise AnswersRefused({field: _("The address is too long: at most 240 characters.")})
    coordinates = _coordinates(values)
    if coordinates is not None:
        return _named(address, coordinates, city)
    if not address:
        raise AnswersRefused({field: _("Write the address or choose the place on the map.")})
    if city is None:
        raise AnswersRefused({"city": _("Choose the city of this address.")})
    found = geocoder().suggest(address, city=city)
    if not found:
        raise AnswersRefused({field: _unknown(city)})
    if len(found) > 1 and found[0].score - found[1].score < CLEARLY_BETTER:
        raise AddressUnclear(field=field, candidates=list(found))
    return _of(found[0])


def _of(place: Place) -> Values:
    return {"address": place.address, "lon": round(place.longitude, 6), "lat": round(place.latitude, 6)}


def _named(address: str, coordinates: tuple[float, float], city: City | None) -> Values:
    longitude, latitude = coordinates
    if not address and (there := city or city_at(Point(longitude, latitude, srid=4326))):
        nearest = geocoder().reverse(longitude=longitude, latitude=latitude, city=there)
        address = nearest.address if nearest else there.name
    return {"address": address, "lon": round(longitude, 6), "lat": round(latitude, 6)}


def _coordinates(values: Values) -> tuple[float, float] | None:
    """Degrees, or None when they are missing or are no coordinates."""
    try:
        longitude, latitude = float(values.get("lon") or "nan"), float(values.get("lat") or "nan")
    except (TypeError, ValueError, OverflowError):
        return None
    if not (isfinite(longitude) and isfinite(latitude)) or abs(longitude) > 180 or abs(latitude) > 85:
        return None
    return longitude, latitude


def _outside() -> str:
    cities = ", ".join(city.name for city in active_cities())
    return str(_("This place is outside the cities where we work: %(cities)s.")) % {"cities": cities}


def _unknown(city: City) -> str | Promise:
    return str(
        _("We could not find this address in %(city)s. Check the street's name or choose the place on the map.")
    ) % {"city": city.name}
