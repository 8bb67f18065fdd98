"""What the world stands on: the reference rows, read once."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import atan, degrees, sinh
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point

from demo.dice import Dice
from tasks_app.models import Category, City, District, Question, Street
from tasks_app.posting.grid import EARTH_RADIUS_M, public_point

# Shares of people and tasks.
CITY_SHARES = {"moscow": 0.42, "saint-petersburg": 0.24, "nizhny-novgorod": 0.11, "kazan": 0.11, "yekaterinburg": 0.12}
GROUP_SHARES = {
    "couriers": 12.0, "repairs": 17.0, "cargo": 8.0, "cleaning": 12.0, "appliances": 8.0, "computers": 8.0,
    "beauty": 8.0, "tutors": 9.0, "events": 5.0, "design": 5.0, "legal": 4.0, "pets": 6.0,
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    text: str
    point: Point
    cell: Point
    district_id: int | None


@dataclass
class Town:
    """A city with its streets; remembers the district of each grid cell it was asked for."""

    city: City
    zone: ZoneInfo
    districts: list[District]
    streets: list[Street]
    _cells: dict[tuple[float, float], int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shapes = [district.outline.prepared for district in self.districts]

    def address(self, dice: Dice, language: str = "ru") -> Address:
        street = dice.pick(self.streets)
        return self.address_at(street, dice.randint(1, street.last_house), language)

    def address_of(self, street: str, house: int) -> Address:
        """`street`: its Russian name."""
        return self.address_at(next(one for one in self.streets if one.name_ru == street), house)

    def address_at(self, street: Street, house: int, language: str = "ru") -> Address:
        x, y = street.line.interpolate_normalized(house / street.last_house).coords
        point = Point(round(x, 6), round(y, 6), srid=4326)
        cell = public_point(point)
        name = street.name_en if language == "en" else street.name_ru
        return Address(f"{name}, {house}", point, cell, self._district(cell))

    def _district(self, cell: Point) -> int | None:
        """The district that holds the cell's centre, as `district_of_cell` finds it, without asking the database each time."""
        key = (cell.x, cell.y)
        if key not in self._cells:
            centre = Point(degrees(cell.x / EARTH_RADIUS_M), degrees(atan(sinh(cell.y / EARTH_RADIUS_M))), srid=4326)
            holding = [d for d, shape in zip(self.districts, self._shapes, strict=True) if shape.contains(centre)]
            self._cells[key] = holding[0].pk if holding else None
        return self._cells[key]


@dataclass
class Places:
    towns: dict[str, Town]
    groups: dict[str, list[Category]]
    questions: dict[int, list[Question]]

    @property
    def categories(self) -> list[Category]:
        return [category for group in self.groups.values() for category in group]


def read_places() -> Places:
    towns = {}
    for city in City.objects.all():
        towns[city.slug] = Town(
            city=city,
            zone=ZoneInfo(city.time_zone),
            districts=list(city.districts.order_by("slug")),
            streets=list(city.streets.order_by("name_ru")),
        )
    groups: dict[str, list[Category]] = defaultdict(list)
    for category in Category.objects.filter(is_active=True).select_related("group").order_by("position"):
        groups[category.group.slug].append(category)
    questions: dict[int, list[Question]] = defaultdict(list)
    for question in Question.objects.all():
        questions[question.category_id].append(question)
    return Places(towns, dict(groups), dict(questions))
