"""Tags and filters every page may use."""

import json
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
register.filter("number", lambda value: "" if value in (None, "") else words.number(value))
register.filter(
    "rating", lambda value: "" if value in (None, "") else words.rating(Decimal(str(value).replace(",", ".")))
)
register.filter("whole", lambda value: int(value or 0))
register.filter("percent", lambda share: "" if share in (None, "") else words.percent(share))
register.filter("distance", lambda metres: "" if metres in (None, "") else words.distance(metres))
register.filter("duration", lambda minutes: "" if minutes in (None, "") else words.duration(minutes))


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
    return [place <= round(float(value)) for place in range(1, 6)]


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
    return f"{float(degrees):.6f}"


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
        round(float(longitude), 4),
        round(float(latitude), 4),
        int(half),
        words.language(),
        int(area or 0),
        bool(pin),
    )
    return SafeString(drawn)
