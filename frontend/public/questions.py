"""Questions people ask about a category, answered with the market's own figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontend import words
from tasks_app.public.selectors import MarketFigures, PriceRange

if TYPE_CHECKING:
    from tasks_app.models import Category


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    answer: str


def questions_about(category: Category, prices: PriceRange | None, figures: MarketFigures) -> list[Question]:
    """Only those that can be answered from what is known."""
    asked = []
    if prices is not None and prices.deals:
        answer = _(
            "Half of the deals of the last six months were agreed between %(low)s and %(high)s, the middle one at %(middle)s."
        )
        asked.append(Question(_price_question(category), answer % _prices(prices)))
    elif prices is not None:
        answer = _("Usually between %(low)s and %(high)s. The executor names the final price before you choose.")
        asked.append(Question(_price_question(category), answer % _prices(prices)))
    if figures.first_response_minutes is not None:
        answer = _("The first response usually comes %(wait)s after the task is posted.")
        asked.append(
            Question(
                _("How soon will somebody answer?"), answer % {"wait": words.duration(figures.first_response_minutes)}
            )
        )
    most = ngettext(
        "At most %(count)d executor can respond, so you are not called by dozens.",
        "At most %(count)d executors can respond, so you are not called by dozens.",
        category.max_responses,
    )
    return [
        *asked,
        Question(_("How many people will respond?"), most % {"count": category.max_responses}),
        Question(
            _("Who checks the executors?"),
            _(
                "A person compares the passport with a photo before the first response. Reviews are written only after a deal on the platform."
            ),
        ),
        Question(
            _("Who sees my phone number and address?"),
            _("Only the executor you choose. Before that others see the district and a point within about 500 metres."),
        ),
        Question(
            _("What does it cost me to post a task?"),
            _(
                "Nothing. Executors pay a small fee for a response, and get it back if you never open it or choose nobody."
            ),
        ),
    ]


def _price_question(category: Category) -> str:
    return _("What does it cost: %(category)s?") % {"category": category.name.lower()}


def _prices(prices: PriceRange) -> dict[str, str]:
    return {"low": prices.low.format(), "middle": prices.middle.format(), "high": prices.high.format()}
