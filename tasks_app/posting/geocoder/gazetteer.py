"""The offline geocoder: the streets of the city, houses placed along their lines."""

from collections.abc import Iterable

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import F, FloatField, Func, Value
from django.db.models.functions import Greatest, Lower, Replace

from tasks_app.catalogue.selectors import district_at
from tasks_app.models import City, Street
from tasks_app.posting.geocoder.interface import Place
from tasks_app.posting.geocoder.typed import TypedAddress, read_typed, street_words

LIKENESS = 0.42  # below it a street is another street
NEAR_DEGREES = 0.02  # about 2 km: farther than that a point has no address here


class _Along(Func):
    """How far along the line (0…1) the nearest place to a point is."""

    function = "ST_LineLocatePoint"
    output_field = FloatField()


class Gazetteer:
    """Answers from the rows of Street; knows no network."""

    def suggest(self, text: str, *, city: City, limit: int = 6) -> list[Place]:
        typed = read_typed(text, city_names=(city.name_ru, city.name_en))
        if len(typed.street) < 2:
            return []
        found = [_placed(street, typed, city) for street in _like(typed.street, city, 2 * limit)]
        return sorted(found, key=lambda place: -place.score)[:limit]

    def reverse(self, *, longitude: float, latitude: float, city: City) -> Place | None:
        point = Point(longitude, latitude, srid=4326)
        street = (
            Street.objects.filter(city=city, line__dwithin=(point, NEAR_DEGREES))
            .annotate(gap=Distance("line", point), along=_Along(F("line"), Value(point.hexewkb.decode())))
            .select_related("district")
            .order_by("gap", "id")
            .first()
        )
        if street is None:
            return None
        house = max(1, round(street.along * street.last_house))
        district = district_at(point, city=city) or street.district
        name = district.name if district else ""
        return Place(f"{street.name}, {house}", longitude, latitude, name, has_house=True, score=1.0)


def _like(words: str, city: City, limit: int) -> Iterable[Street]:
    russian, english = (Replace(Lower(name), Value("ё"), Value("е")) for name in ("name_ru", "name_en"))
    nearness = Greatest(
        TrigramWordSimilarity(words, russian) * 0.7 + TrigramSimilarity(russian, words) * 0.3,
        TrigramWordSimilarity(words, english) * 0.7 + TrigramSimilarity(english, words) * 0.3,
    )
    found = Street.objects.filter(city=city).annotate(likeness=nearness).filter(likeness__gte=LIKENESS)
    return found.select_related("district").order_by("-likeness", "name_ru")[:limit]


def _placed(street: Street, typed: TypedAddress, city: City) -> Place:
    """A house without a number stands at the middle of the street; one beyond the last, at its end."""
    share = 0.5 if typed.number is None else min(typed.number / max(street.last_house, 1), 1.0)
    x, y = street.line.interpolate_normalized(share).coords
    district = district_at(Point(x, y, srid=4326), city=city) or street.district
    address = f"{street.name}, {typed.house}" if typed.house else street.name
    exact = typed.street in (street_words(street.name_ru), street_words(street.name_en))
    score = 1.0 if exact else 0.85 * float(street.likeness)  # type: ignore[attr-defined]  # annotated by _like
    return Place(address, x, y, district.name if district else "", has_house=bool(typed.house), score=score)
