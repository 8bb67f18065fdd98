"""A Nominatim-compatible server as the geocoder (`NOMINATIM_URL`)."""

import json
from contextlib import suppress
from hashlib import sha256
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from tasks_app.models import City
from tasks_app.posting.errors import GeocoderAway
from tasks_app.posting.geocoder.interface import Place

log = structlog.get_logger()
TIMEOUT_SECONDS = 3
KEEP_SECONDS = 86_400
MAX_ANSWER_BYTES = 500_000


class Nominatim:
    """Answers are kept for a day; the parameters are those of Nominatim's API, /search and /reverse."""

    def suggest(self, text: str, *, city: City, limit: int = 6) -> list[Place]:
        if len(text.strip()) < 3:
            return []
        west, south, east, north = city.outline.extent
        found = self._ask(
            "search", q=text.strip()[:160], limit=limit, viewbox=f"{west},{south},{east},{north}", bounded=1
        )
        return [_place(row) for row in found if "lat" in row] if isinstance(found, list) else []

    def reverse(self, *, longitude: float, latitude: float, city: City) -> Place | None:
        found = self._ask("reverse", lat=f"{latitude:.6f}", lon=f"{longitude:.6f}", zoom=18)
        return _place(found) if isinstance(found, dict) and "lat" in found else None

    def _ask(self, action: str, **parameters: str | int) -> Any:
        language = get_language() or "ru"
        query = urlencode({**parameters, "format": "jsonv2", "addressdetails": 1, "accept-language": language})
        address = f"{settings.NOMINATIM_URL.rstrip('/')}/{action}?{query}"
        return _remembered(address)


def _remembered(address: str) -> Any:
    key = f"geocoder:{sha256(address.encode()).hexdigest()}"
    try:
        known = cache.get(key)
    except Exception:  # the cache is away: ask the server
        return _fetch(address)
    if known is None:
        known = _fetch(address)
        with suppress(Exception):
            cache.set(key, known, KEEP_SECONDS)
    return known


def _fetch(address: str) -> Any:
    request = Request(address, headers={"User-Agent": "Poruchi"})  # noqa: S310  the address is the operator's setting
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return json.loads(answer.read(MAX_ANSWER_BYTES))
    except (URLError, TimeoutError, OSError, ValueError) as error:
        log.warning("geocoder_away", error=type(error).__name__)
        raise GeocoderAway from error


def _place(row: dict[str, Any]) -> Place:
    parts = row.get("address", {})
    street, house = parts.get("road", ""), parts.get("house_number", "")
    label = ", ".join(part for part in (street, house) if part) or str(row.get("display_name", ""))[:240]
    district = parts.get("suburb") or parts.get("city_district") or ""
    score = 1.0 if house else 0.8
    return Place(label, float(row["lon"]), float(row["lat"]), district, has_house=bool(house), score=score)
