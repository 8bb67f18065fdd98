"""The feed on a map, on demand: squares with counts, never points; beside it the same by district, as a list."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tasks_app.feed.area import Around, Circle, longitude_latitude
from tasks_app.feed.density import Square, density
from tasks_app.feed.query import RADII_KM, FeedQuery, Scope, parse, scope_for
from tasks_app.feed.reference import Reference, reference


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    known, query, scope = _asked(request)
    found = density(scope.filters)
    address = query.address()
    longitude, latitude = _middle(scope)
    context = {
        "scope": scope,
        "address": address,
        "total": found.total,
        "districts": _districts(found.by_district, query, known),
        "source": reverse("feed:map_data") + (f"?{address}" if address else ""),
        "longitude": longitude,
        "latitude": latitude,
    }
    return render(request, "feed/map.html", context)


@require_GET
def data(request: HttpRequest) -> JsonResponse:
    """GeoJSON of the squares (EPSG:4326)."""
    _known, query, scope = _asked(request)
    features = [_feature(square, query) for square in density(scope.filters).squares]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _asked(request: HttpRequest) -> tuple[Reference, FeedQuery, Scope]:
    known = reference()
    query = parse(request.GET, request.GET.getlist, strict=False)
    return known, query, scope_for(request.user, query, known)


def _feature(square: Square, query: FeedQuery) -> dict[str, Any]:
    west, south, east, north, tasks = square
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    middle = (round((west + east) / 2, 4), round((south + north) / 2, 4))
    centre, corner = Circle.around(*middle, 0), Circle.around(east, north, 0)
    needed = centre.metres_to(corner.x, corner.y) / 1000
    radius = next((km for km in RADII_KM if km >= needed), RADII_KM[-1])
    lead = query.address(at=middle, radius=radius, city="", districts=(), sort="near")
    properties = {
        "count": tasks,
        "label": ngettext("%(number)d task", "%(number)d tasks", tasks) % {"number": tasks},
        "href": f"{reverse('feed:list')}?{lead}",
    }
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": properties}


def _districts(counts: dict[int | None, int], query: FeedQuery, known: Reference) -> list[dict[str, Any]]:
    rows = []
    for pk, tasks in counts.items():
        district = known.districts.get(pk or 0)
        if district is None:
            rows.append({"name": _("Elsewhere"), "tasks": tasks, "address": ""})
            continue
        city = known.cities[district.city_id]
        address = query.address(city=city.slug, districts=(district.slug,), at=None, radius=None, sort="")
        rows.append({"name": district.name, "tasks": tasks, "address": address})
    return rows


def _middle(scope: Scope) -> tuple[float, float]:
    area = scope.filters.area
    if isinstance(area, Around) and area.circles:
        return longitude_latitude(area.circles[0].x, area.circles[0].y)
    return scope.city.longitude, scope.city.latitude
