"""The catalogue for phone apps; open to everybody."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from marketplace.kit.money import Money
from tasks_app.catalogue import selectors
from tasks_app.catalogue.search import search_categories
from tasks_app.models import Category, City, Question

router = Router(tags=["catalogue"])


class MoneyOut(Schema):
    """`minor`: minor units (kopecks) of `currency`."""

    minor: int
    currency: str


class OptionOut(Schema):
    key: str
    name: str


class QuestionOut(Schema):
    key: str
    text: str
    kind: str
    required: bool
    options: list[OptionOut]

    @staticmethod
    def resolve_options(question: Question) -> list[dict[str, Any]]:
        language = "en" if question.text == question.text_en else "ru"
        return [{"key": option["key"], "name": option[language]} for option in question.options]


class CategoryOut(Schema):
    """`place`: onsite, remote, either or route; `usual_low`, `usual_high`: what such work usually costs."""

    slug: str
    name: str
    icon: str
    place: str
    default_minutes: int
    max_responses: int
    usual_low: MoneyOut
    usual_high: MoneyOut

    @staticmethod
    def resolve_usual_low(category: Category) -> Money:
        return Money(category.usual_low_minor, "RUB")

    @staticmethod
    def resolve_usual_high(category: Category) -> Money:
        return Money(category.usual_high_minor, "RUB")


class CategoryWithQuestionsOut(CategoryOut):
    questions: list[QuestionOut]


class GroupOut(Schema):
    slug: str
    name: str
    icon: str
    categories: list[CategoryOut]


class CityOut(Schema):
    slug: str
    name: str
    currency: str
    time_zone: str
    longitude: float
    latitude: float

    @staticmethod
    def resolve_longitude(city: City) -> float:
        return city.centre.x

    @staticmethod
    def resolve_latitude(city: City) -> float:
        return city.centre.y


class SearchIn(Schema):
    q: str


@router.get("/categories", response=list[GroupOut])
def categories(request: HttpRequest) -> Any:
    """All groups with their categories, in the language of Accept-Language."""
    return selectors.groups_with_categories()


@router.get("/categories/search", response=list[CategoryOut])
def find_categories(request: HttpRequest, asked: Query[SearchIn]) -> Any:
    """Categories for a typed text (any form of the words, typos, either keyboard layout), the likeliest first."""
    return [match.category for match in search_categories(asked.q)]


@router.get("/categories/{slug}", response=CategoryWithQuestionsOut)
def category(request: HttpRequest, slug: str) -> Any:
    """One category with the questions it asks."""
    return selectors.category_by_slug(slug)


@router.get("/cities", response=list[CityOut])
def cities(request: HttpRequest) -> Any:
    return selectors.active_cities()
