"""Tags and filters every page may use."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from frontend import words
from frontend.shell import drawing
from marketplace.kit.money import Money

register = template.Library()

register.filter("ago", lambda when: words.ago(when) if when else "")
register.filter("initials", lambda name: words.initials(str(name)))
register.filter("hue", words.hue)


def exact(value: Any) -> Decimal | None:
    """A number that came through a component's attribute is a text, perhaps with the language's own comma and spaces."""
    if value is None or value == "":
        return None
    return Decimal("".join(str(value).replace(",", ".").split()))


def _of_number(say: Callable[[Any], str]) -> Callable[[Any], str]:
    def filter_(value: Any) -> str:
        known = exact(value)
        return "" if known is None else say(known)

    return filter_


register.filter("number", _of_number(words.number))
register.filter("rating", _of_number(words.rating))
register.filter("percent", _of_number(words.percent))
register.filter("distance", _of_number(lambda metres: words.distance(float(metres))))
register.filter("duration", _of_number(lambda minutes: words.duration(int(minutes))))
register.filter("whole", lambda value: int(exact(value) or 0))


@register.filter
def day(when: datetime | date | None, zone: str = "") -> str:
    """`{{ task.starts_at|day:city.time_zone }}`: today, tomorrow, 24 November."""
    return words.day(when, zone or None) if when else ""


@register.filter
def clock(when: datetime | None, zone: str = "") -> str:
    """14:20."""
    return words.clock(when, zone or None) if when else ""


@register.filter
def moment(when: datetime | None, zone: str = "") -> str:
    """today, 14:20."""
    return words.moment(when, zone or None) if when else ""


@register.simple_tag
def window(start: datetime | None, end: datetime | None = None, zone: str = "") -> str:
    """`{% window task.starts_at task.ends_at city.time_zone %}`: tomorrow, 18:00–21:00."""
    return words.window(start, end, zone or None) if start else ""


@register.filter
def money(value: Money | int | Decimal | None, currency: str = "RUB") -> str:
    """A Money, or whole minor units: `{{ task.price_minor|money:task.currency }}`."""
    if value is None or value == "":
        return ""
    return (value if isinstance(value, Money) else Money(int(value), currency)).format()


@register.simple_tag
@lru_cache(maxsize=1_000)
def icon(name: str, size: str = "", extra: str = "") -> SafeString:
    """An icon of the set as inline SVG; `size`: s, l or xl. Decoration: the words beside it carry the meaning."""
    classes = " ".join(filter(None, ["icon", f"icon--{size}" if size else "", extra]))
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("build/icons.svg"), name
    )


@register.simple_tag
def widget(field: BoundField, **attributes: Any) -> SafeString:
    """A form field's input alone. Underscores of attribute names become hyphens."""
    return field.as_widget(attrs={name.replace("_", "-"): value for name, value in attributes.items() if value})


@register.simple_tag
def widget_of(option: Any, extra: str = "") -> SafeString:
    """One radio button or checkbox of a choice field, without its label."""
    data = option.data
    data["attrs"] = {**data["attrs"], **({"class": extra} if extra else {})}
    data["wrap_label"] = False
    return SafeString(option.parent_widget._render(option.template_name, {"widget": data}))


@register.simple_tag
def step_marks(at: int | str, of: int | str) -> list[bool]:
    """For a row of steps: which are passed or being answered."""
    return [step < int(at) for step in range(int(of))]


@register.simple_tag
def star_marks(value: float | str) -> list[bool]:
    """Five places, full up to the value."""
    return [place <= round(exact(value) or 0) for place in range(1, 6)]


@register.simple_tag
def structured_data(data: Any) -> SafeString:
    """A schema.org data block. Escaped so that no text in it can close the element."""
    blocks = data if isinstance(data, list) else [data]
    escapes = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
    written = [json.dumps(block, ensure_ascii=False, default=str).translate(escapes) for block in blocks]
    return SafeString("\n".join(f'<script type="application/ld+json">{text}</script>' for text in written))


@register.filter
def coordinate(degrees: float | str) -> str:
    """Degrees for an attribute, with a point in every language."""
    return f"{exact(degrees) or 0:.6f}"


@register.simple_tag
def base_map_url(city: str) -> str:
    """Where the live map reads the city's drawing."""
    return static(f"basemap/{city}.json")


@register.simple_tag
def city_drawing(
    city: str, longitude: float, latitude: float, half: int, area: int = 0, pin: bool = False
) -> SafeString:
    """A still map in the page's colours: `half` metres to each side; `area`: a shaded circle's radius; `pin`: a mark."""
    drawn = drawing.draw(
        city,
        round(float(exact(longitude) or 0), 4),
        round(float(exact(latitude) or 0), 4),
        int(exact(half) or 0),
        words.language(),
        int(exact(area) or 0),
        bool(pin),
    )
    return SafeString(drawn)
