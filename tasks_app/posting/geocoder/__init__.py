"""Addresses to places and back, behind one interface. `settings.GEOCODER` names the class that does it."""

from tasks_app.posting.geocoder.gazetteer import Gazetteer
from tasks_app.posting.geocoder.interface import Geocoder, Place, geocoder
from tasks_app.posting.geocoder.nominatim import Nominatim

__all__ = ["Gazetteer", "Geocoder", "Nominatim", "Place", "geocoder"]
