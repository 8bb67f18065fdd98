"""What every geocoder answers."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tasks_app.models import City


@dataclass(frozen=True, slots=True)
class Place:
    """An address found. `score`: 0…1, how well it fits what was typed; `has_house`: down to a house."""

    address: str
    longitude: float
    latitude: float
    district: str
    has_house: bool
    score: float


class Geocoder(Protocol):
    def suggest(self, text: str, *, city: City, limit: int = 6) -> list[Place]:
        """Places of the city for a typed address, the likeliest first. Raises GeocoderAway."""
        ...

    def reverse(self, *, longitude: float, latitude: float, city: City) -> Place | None:
        """The address nearest to a point of the city, or None when there is nothing near. Raises GeocoderAway."""
        ...


def geocoder() -> Geocoder:
    """The geocoder that the settings name."""
    chosen: Geocoder = import_string(settings.GEOCODER)()
    return chosen
