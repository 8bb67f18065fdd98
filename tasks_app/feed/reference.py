"""Categories, cities and districts as a list page needs them: names and numbers, no outlines. Kept in the cache for a
minute, because every list asks for them and operators change them rarely; without the cache they are read anew."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from django.core.cache import cache
from django.utils.translation import get_language

from tasks_app.models import Category, City, District

log = structlog.get_logger()
Tables = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]  # categories, cities, districts
KEY, SECONDS = "feed:reference:3", 60


class CategoryRef(NamedTuple):
    id: int
    slug: str
    name_ru: str
    name_en: str
    icon: str
    place: str
    group_slug: str
    group_ru: str
    group_en: str
    is_active: bool

    @property
    def name(self) -> str:
        return _in_language(self.name_ru, self.name_en)

    @property
    def group_name(self) -> str:
        return _in_language(self.group_ru, self.group_en)


class DistrictRef(NamedTuple):
    id: int
    slug: str
    name_ru: str
    name_en: str
    city_id: int

    @property
    def name(self) -> str:
        return _in_language(self.name_ru, self.name_en)


class CityRef(NamedTuple):
    id: int
    slug: str
    name_ru: str
    name_en: str
    time_zone: str
    currency: str
    longitude: float
    latitude: float
    is_active: bool

    @property
    def name(self) -> str:
        return _in_language(self.name_ru, self.name_en)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Reference:
    """By id; categories and cities in the operators' order, districts by name."""

    categories: dict[int, CategoryRef]
    cities: dict[int, CityRef]
    districts: dict[int, DistrictRef]

    def category(self, slug: str) -> CategoryRef | None:
        return next((row for row in self.categories.values() if row.slug == slug), None)

    def city(self, slug: str) -> CityRef | None:
        return next((row for row in self.cities.values() if row.slug == slug and row.is_active), None)

    def districts_of(self, city_id: int) -> list[DistrictRef]:
        return [row for row in self.districts.values() if row.city_id == city_id]

    def nearest_city(self, longitude: float, latitude: float) -> CityRef:
        """Degrees are not metres, but cities are far apart."""
        return min(
            self.active_cities, key=lambda row: (row.longitude - longitude) ** 2 + (2 * (row.latitude - latitude)) ** 2
        )

    @property
    def active_cities(self) -> list[CityRef]:
        return [row for row in self.cities.values() if row.is_active]

    @property
    def active_categories(self) -> list[CategoryRef]:
        return [row for row in self.categories.values() if row.is_active]


def reference() -> Reference:
    """In three queries, or none when the cache has it. Kept as plain tuples: they are read back much faster."""
    try:
        kept: Tables | None = cache.get(KEY)
    except Exception as error:  # Redis away: the page is slower, not gone
        log.warning("cache_away", error=type(error).__name__)
        return _built(_read())
    if kept is None:
        kept = _read()
        cache.set(KEY, kept, SECONDS)
    return _built(kept)


def _built(tables: Tables) -> Reference:
    categories, cities, districts = tables
    return Reference(
        {row[0]: CategoryRef._make(row) for row in categories},
        {row[0]: CityRef._make(row) for row in cities},
        {row[0]: DistrictRef._make(row) for row in districts},
    )


def _read() -> Tables:
    categories = Category.objects.order_by("group__position", "position", "id").values_list(
        "id",
        "slug",
        "name_ru",
        "name_en",
        "icon",
        "place",
        "group__slug",
        "group__name_ru",
        "group__name_en",
        "is_active",
    )
    cities = City.objects.order_by("position", "id").defer("outline")
    districts = District.objects.order_by("name_ru").values_list("id", "slug", "name_ru", "name_en", "city_id")
    return list(categories), [tuple(_city(city)) for city in cities], list(districts)


def _in_language(russian: str, english: str) -> str:
    return english if (get_language() or "ru").startswith("en") else russian


def _city(city: City) -> CityRef:
    return CityRef(
        city.pk, city.slug, city.name_ru, city.name_en, city.time_zone, city.currency, city.centre.x, city.centre.y,
        city.is_active,
    )  # fmt: skip
