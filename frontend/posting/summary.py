"""A draft in words, for the preview and the list of drafts."""

from dataclasses import dataclass
from typing import Any

from babel.numbers import get_currency_precision
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from frontend.words import price_range, window
from marketplace.kit.money import Money
from tasks_app.catalogue.selectors import district_of_cell
from tasks_app.models import Question, TaskDraft
from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.grid import public_point
from tasks_app.posting.parts import budget, questions, when


@dataclass(frozen=True, slots=True)
class Summary:
    """`district`: what everybody will see of the place; `address` and `stops`: for the chosen executor only."""

    title: str
    details: str
    price: str
    time: str
    district: str
    address: str
    stops: list[str]
    answers: list[tuple[str, str]]


def summary_of(draft: TaskDraft) -> Summary:
    """Of a draft whose parts are all saved."""
    content = DraftContent(draft.data)
    details, place = content.part("details"), content.part("place")
    return Summary(
        title=details["title"],
        details=details["details"],
        price=_price(content),
        time=_time(content),
        district=_district(content, place),
        address=", ".join(filter(None, [place.get("address", ""), place.get("flat", "")])),
        stops=[stop["address"] for stop in place.get("points", [])],
        answers=answers_in_words(
            list(content.category.questions.all()) if content.category else [], content.part("questions")
        ),
    )


def answers_in_words(asked: list[Question], answers: Values) -> list[tuple[str, str]]:
    """(question, answer) in the reader's language, in the order of the questions."""
    return [(q.text, _answer(q, answers[q.key])) for q in asked if q.key in answers]


def _answer(question: Question, value: Any) -> str:
    if question.kind == questions.CHOICE:
        language = "en" if question.text == question.text_en else "ru"
        return next((str(option[language]) for option in question.options if option["key"] == value), str(value))
    if question.kind == questions.YES_NO:
        return _("Yes") if value == "yes" else _("No")
    return str(value)


def _price(content: DraftContent) -> str:
    secure = content.part("budget").get("secure_deal")
    return f"{_price_alone(content)} · {_('secure deal')}" if secure else _price_alone(content)


def _price_alone(content: DraftContent) -> str:
    values = content.part("budget")
    currency = content.city.currency if content.city else "RUB"
    minor = 10 ** get_currency_precision(currency)
    if values["budget"] == budget.OFFER:
        return _("executors offer")
    low = Money(values["price"] * minor, currency)
    if values["budget"] == budget.FIXED:
        return low.format()
    return price_range(low, Money(values["price_high"] * minor, currency))


def _time(content: DraftContent) -> str:
    values = content.part("when")
    start, end = when.moments(values, content.zone)
    if start is None:
        return _("any time")
    words = window(start, end, content.zone)
    return _("%(time)s, can be discussed") % {"time": words} if values["flexible"] else words


def _district(content: DraftContent, place: Values) -> str:
    if content.city is None:
        return ""
    if place["remote"]:
        return _("remotely")
    cell = public_point(Point(place["lon"], place["lat"], srid=4326))
    district = district_of_cell(cell, city=content.city)
    return ", ".join(filter(None, [content.city.name, district.name if district else ""]))
