"""Reads the data files of this folder into typed rows. Coordinates are (longitude, latitude) pairs, WGS 84; money is in roubles."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent

Position = tuple[float, float]
Ring = tuple[Position, ...]


@dataclass(frozen=True)
class QuestionFile:
    key: str
    kind: str
    ru: str
    en: str
    options: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class CategoryFile:
    slug: str
    icon: str
    ru: str
    en: str
    place: str
    minutes: int
    max_responses: int
    usual: tuple[int, int]
    fee: int
    month: int
    keywords_ru: tuple[str, ...]
    keywords_en: tuple[str, ...]
    questions: tuple[QuestionFile, ...]


@dataclass(frozen=True)
class GroupFile:
    slug: str
    icon: str
    ru: str
    en: str
    about_ru: str
    about_en: str
    categories: tuple[CategoryFile, ...]


@dataclass(frozen=True)
class DistrictFile:
    slug: str
    ru: str
    en: str
    centre: Position


@dataclass(frozen=True)
class StreetFile:
    ru: str
    en: str
    houses: int
    major: bool
    line: Ring


@dataclass(frozen=True)
class CityFile:
    slug: str
    ru: str
    en: str
    ru_in: str
    centre: Position
    time_zone: str
    currency: str
    tariff_class: str
    outline: Ring
    districts: tuple[DistrictFile, ...]
    streets: tuple[StreetFile, ...]
    drawing: dict[str, Any]


@dataclass(frozen=True)
class TariffsFile:
    """The capital's prices stand in the categories; `classes` are percents of them."""

    valid_from: date
    currency: str
    round_fee_to: int
    round_month_to: int
    classes: dict[str, int]

    def fee(self, category: CategoryFile, tariff_class: str) -> int:
        return self._scaled(category.fee, tariff_class, self.round_fee_to)

    def month(self, category: CategoryFile, tariff_class: str) -> int:
        return self._scaled(category.month, tariff_class, self.round_month_to)

    def _scaled(self, roubles: int, tariff_class: str, step: int) -> int:
        """Half a step goes up; never less than one step."""
        whole = roubles * self.classes[tariff_class]
        return max(step, (whole + 50 * step) // (100 * step) * step)


@cache
def groups() -> tuple[GroupFile, ...]:
    return tuple(_group(_read(path)) for path in sorted((HERE / "catalogue").glob("*.yaml")))


@cache
def cities() -> tuple[CityFile, ...]:
    """In the order of the market's size."""
    order = _read(HERE / "cities" / "order.yaml")
    return tuple(_city(HERE / "cities" / slug) for slug in order)


@cache
def tariffs() -> TariffsFile:
    return TariffsFile(**_read(HERE / "tariffs.yaml"))


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # several times quicker than safe_load


def _group(row: dict[str, Any]) -> GroupFile:
    return GroupFile(
        slug=row["slug"],
        icon=row["icon"],
        ru=row["name"]["ru"],
        en=row["name"]["en"],
        about_ru=row["about"]["ru"],
        about_en=row["about"]["en"],
        categories=tuple(_category(category) for category in row["categories"]),
    )


def _category(row: dict[str, Any]) -> CategoryFile:
    low, high = row["price"]
    return CategoryFile(
        slug=row["slug"],
        icon=row["icon"],
        ru=row["name"]["ru"],
        en=row["name"]["en"],
        place=row["place"],
        minutes=row["minutes"],
        max_responses=row.get("max_responses", 10),
        usual=(low, high),
        fee=row["fee"],
        month=row["month"],
        keywords_ru=tuple(row["keywords"]["ru"]),
        keywords_en=tuple(row["keywords"]["en"]),
        questions=tuple(_question(question) for question in row["questions"]),
    )


def _question(row: dict[str, Any]) -> QuestionFile:
    return QuestionFile(
        key=row["slug"],
        kind=row["kind"],
        ru=row["ru"],
        en=row["en"],
        options=tuple({"key": key, "ru": ru, "en": en} for key, (ru, en) in row.get("options", {}).items()),
    )


def _city(folder: Path) -> CityFile:
    row = _read(folder / "city.yaml")
    return CityFile(
        slug=row["slug"],
        ru=row["name"]["ru"],
        en=row["name"]["en"],
        ru_in=row["in"]["ru"],
        centre=_position(row["centre"]),
        time_zone=row["timezone"],
        currency=row["currency"],
        tariff_class=row["class"],
        outline=_ring(row["outline"]),
        districts=tuple(DistrictFile(d["slug"], d["ru"], d["en"], _position(d["centre"])) for d in row["districts"]),
        streets=tuple(
            StreetFile(s["ru"], s["en"], s["houses"], s.get("major", False), _ring(s["line"]))
            for s in _read(folder / "streets.yaml")
        ),
        drawing=_read(folder / "map.yaml"),
    )


def _position(pair: list[float]) -> Position:
    longitude, latitude = pair
    return float(longitude), float(latitude)


def _ring(pairs: list[list[float]]) -> Ring:
    return tuple(_position(pair) for pair in pairs)
