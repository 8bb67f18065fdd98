"""The feed's filters as they stand in the address, and what they mean for the person who asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from babel.numbers import get_currency_precision
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.selectors import ServiceArea, work_of
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from tasks_app.feed.area import Area, Around, Circle, InCity
from tasks_app.feed.filters import FeedFilters, Order, Where
from tasks_app.feed.reference import CityRef, Reference

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User

RADII_KM = (1, 2, 5, 10, 20, 30)
USUAL_RADIUS_KM = 10
MOST_PRICE = 10_000_000  # major units
ORDERS, DAYS, WHERES = ("near", "new"), ("today", "tomorrow"), ("onsite", "remote")


@dataclass(frozen=True, slots=True)
class FeedQuery:
    """`at`: longitude and latitude of a chosen point. `price`: major units. `categories`: slugs, or ("any",)."""

    sort: str = ""
    categories: tuple[str, ...] = ()
    radius: int | None = None
    at: tuple[float, float] | None = None
    city: str = ""
    districts: tuple[str, ...] = ()
    price: int | None = None
    day: str = ""
    where: str = ""
    photos: bool = False

    def address(self, **changes: Any) -> str:
        """The same filters as a query string, with some of them changed; "" when there are none."""
        wanted = replace(self, **changes) if changes else self
        pairs: list[tuple[str, Any]] = [("sort", wanted.sort)]
        pairs += [("category", slug) for slug in wanted.categories]
        pairs += [("radius", wanted.radius), ("at", f"{wanted.at[0]:.4f},{wanted.at[1]:.4f}" if wanted.at else "")]
        pairs += [("city", wanted.city), *(("district", slug) for slug in wanted.districts)]
        pairs += [("price", wanted.price), ("day", wanted.day), ("where", wanted.where)]
        pairs += [("photos", "1" if wanted.photos else "")]
        return urlencode([(name, value) for name, value in pairs if value not in ("", None)], safe=",")


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters of a person's page. `city`: whose day, currency and map; `is_own_area`: the executor's service area."""

    filters: FeedFilters
    city: CityRef
    is_own_area: bool
    has_own_categories: bool
    own_categories: tuple[int, ...]

    @property
    def has_point(self) -> bool:
        """Whether distances are measured from somewhere."""
        return isinstance(self.filters.area, Around) and bool(self.filters.area.circles)


def parse(params: Mapping[str, str], many: Callable[[str], Sequence[str]], *, strict: bool) -> FeedQuery:
    """From an address. `strict`: InvalidInput for a value that is not offered; otherwise such a value is passed over."""
    take = _Taker(params, strict)
    return FeedQuery(
        sort=take.one_of("sort", ORDERS),
        categories=tuple(dict.fromkeys(slug for slug in many("category")[:80] if slug)),
        radius=take.number("radius", RADII_KM[0], RADII_KM[-1]),
        at=take.point("at"),
        city=params.get("city", "")[:50],
        districts=tuple(dict.fromkeys(slug for slug in many("district")[:40] if slug)),
        price=take.number("price", 1, MOST_PRICE),
        day=take.one_of("day", DAYS),
        where=take.one_of("where", WHERES),
        photos=params.get("photos") in ("1", "true", "on"),
    )


def scope_for(user: "User | AnonymousUser", query: FeedQuery, known: Reference, *, strict: bool = False) -> Scope:
    """What the person would see. Without filters: executors their own area and categories, others their city."""
    own_area = ServiceArea()
    own_categories: tuple[int, ...] = ()
    if user.is_authenticated:
        own_area, categories_of_profile = work_of(user)
        own_categories = tuple(categories_of_profile)
    city = _city(query, own_area, known, strict)
    area, is_own = _area(query, own_area, city, known, strict)
    categories = _categories(query, own_categories, known, strict)
    filters = FeedFilters(
        area=area,
        category_ids=categories,
        order=_order(query, area, categories, known),
        where=_where(query),
        price_from_minor=None if query.price is None else query.price * 10 ** get_currency_precision(city.currency),
        day=_day(query.day, city),
        with_photos=query.photos,
    )
    return Scope(filters, city, is_own, bool(own_categories), own_categories)


def _city(query: FeedQuery, own: ServiceArea, known: Reference, strict: bool) -> CityRef:
    if not known.active_cities:
        raise InvalidInput(field="city", reason=_("There are no cities yet."))
    if query.city:
        if found := known.city(query.city):
            return found
        if strict:
            raise InvalidInput(field="city", reason=_("There is no such city."))
    if point := query.at or (own.points[0][:2] if own.points else None):
        return known.nearest_city(*point)
    usual = known.cities.get(own.city_id or 0)
    return usual if usual and usual.is_active else known.active_cities[0]


def _area(query: FeedQuery, own: ServiceArea, city: CityRef, known: Reference, strict: bool) -> tuple[Area, bool]:
    if query.at:
        radius = (query.radius or USUAL_RADIUS_KM) * 1000
        return Around((Circle.around(*query.at, radius),)), False
    if query.city or query.districts:
        by_slug = {row.slug: row.id for row in known.districts_of(city.id)}
        if strict and set(query.districts) - set(by_slug):
            raise InvalidInput(field="district", reason=_("There is no such district in this city."))
        return InCity(city.id, tuple(by_slug[slug] for slug in query.districts if slug in by_slug)), False
    if own.points:
        chosen = query.radius * 1000 if query.radius else None
        circles = tuple(
            Circle.around(lon, lat, min(chosen or reach, RADII_KM[-1] * 1000)) for lon, lat, reach in own.points
        )
        return Around(circles, () if chosen else tuple(own.district_ids)), not chosen
    if own.district_ids:
        return Around((), tuple(own.district_ids)), True
    return InCity(city.id), False


def _categories(query: FeedQuery, own: tuple[int, ...], known: Reference, strict: bool) -> tuple[int, ...] | None:
    if "any" in query.categories:
        return None
    found = [known.category(slug) for slug in query.categories]
    if strict and None in found:
        raise InvalidInput(field="category", reason=_("There is no such category."))
    chosen = tuple(row.id for row in found if row)
    return chosen or own or None


def _order(query: FeedQuery, area: Area, categories: tuple[int, ...] | None, known: Reference) -> Order:
    if query.sort:
        return "near" if query.sort == "near" else "new"
    places = {known.categories[pk].place for pk in categories or () if pk in known.categories}
    has_point = isinstance(area, Around) and bool(area.circles)
    return "near" if has_point and places != {"remote"} else "new"


def _where(query: FeedQuery) -> Where:
    return "remote" if query.where == "remote" else "onsite" if query.where == "onsite" else "any"


def _day(day: str, city: CityRef) -> tuple[datetime, datetime] | None:
    if not day:
        return None
    date = now().astimezone(city.zone).date() + timedelta(days=1 if day == "tomorrow" else 0)
    start = datetime.combine(date, time.min, tzinfo=city.zone)
    return start, datetime.combine(date + timedelta(days=1), time.min, tzinfo=city.zone)


class _Taker:
    def __init__(self, params: Mapping[str, str], strict: bool) -> None:
        self.params, self.strict = params, strict

    def one_of(self, name: str, offered: Sequence[str]) -> str:
        value = self.params.get(name, "")
        return value if not value or value in offered else self._refuse(name, "")

    def number(self, name: str, low: int, high: int) -> int | None:
        value = self.params.get(name, "").strip()
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) < 12 and low <= int(value) <= high:
            return int(value)
        return self._refuse(name, None)

    def point(self, name: str) -> tuple[float, float] | None:
        value = self.params.get(name, "")
        if not value:
            return None
        parts = value.split(",")
        try:
            longitude, latitude = (float(part) for part in parts)
        except ValueError:
            return self._refuse(name, None)
        return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 80 else self._refuse(name, None)

    def _refuse(self, name: str, instead: Any) -> Any:
        if self.strict:
            raise InvalidInput(field=name, reason=NOT_OFFERED)
        return instead


NOT_OFFERED: Promise = _("This value is not one of those offered.")
