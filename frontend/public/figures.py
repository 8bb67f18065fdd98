"""Shapes for the pictures of prices: bars that a template only has to print."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.kit.money import Money
from tasks_app.public.selectors import Bar, PriceRange

WIDTH = 300  # the drawing's own units; the page stretches it


@dataclass(frozen=True, slots=True)
class RangeBar:
    """A price range as a bar on a scale shared by all bars of the picture."""

    label: str
    url: str
    prices: PriceRange
    start: int
    length: int
    middle: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a histogram with its words for those who listen."""

    x: int
    y: int
    width: int
    height: int
    is_usual: bool
    low: Money
    high: Money
    deals: int


def range_bars(rows: Sequence[tuple[str, str, PriceRange]]) -> list[RangeBar]:
    """`rows`: label, address, range. The scale is logarithmic: beside a flat's renovation a shelf would be invisible."""
    bottom = min((prices.low.minor for _label, _url, prices in rows), default=1) * 0.8
    top = max((prices.high.minor for _label, _url, prices in rows), default=10)

    def place(price: Money) -> int:
        return round(WIDTH * math.log(price.minor / bottom) / math.log(top / bottom))

    return [
        RangeBar(
            label,
            url,
            prices,
            start=place(prices.low),
            length=max(6, place(prices.high) - place(prices.low)),
            middle=place(prices.middle),
        )
        for label, url, prices in rows
    ]


def columns(bars: Sequence[Bar], usual: PriceRange, *, height: int = 96) -> list[Column]:
    """The histogram's columns; those inside the usual range stand out."""
    top = max((bar.deals for bar in bars), default=0) or 1
    step = WIDTH // max(1, len(bars))
    currency = usual.low.currency
    drawn = []
    for place, bar in enumerate(bars):
        tall = max(2, bar.deals * height // top)
        inside = bar.high > usual.low.minor and bar.low <= usual.high.minor
        drawn.append(
            Column(
                x=place * step,
                y=height - tall,
                width=step - 4,
                height=tall,
                is_usual=inside,
                low=_round(bar.low, currency),
                high=_round(bar.high, currency),
                deals=bar.deals,
            )
        )
    return drawn


def _round(minor: int, currency: str) -> Money:
    """To tens of the major unit: a bar's edge is not a price."""
    return Money(round(minor / 1000) * 1000, currency)
