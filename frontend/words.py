"""Numbers, dates and distances in the reader's language and time zone. Templates use them through `poruchi` filters."""

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.kit.clock import now
from marketplace.kit.money import Money

_LOCALES = {"ru": "ru_RU", "en": "en_GB"}
_DAY = {"ru": "d MMMM", "en": "d MMMM"}
_SHORT_DAY = {"ru": "d MMM", "en": "d MMM"}


def language() -> str:
    """ "ru" or "en"."""
    return (get_language() or "ru")[:2]


def locale() -> str:
    return _LOCALES[language()]


def _local(when: datetime, zone: str | tzinfo | None) -> datetime:
    return timezone.localtime(when, ZoneInfo(zone) if isinstance(zone, str) and zone else (zone or None))


def day(when: datetime | date, zone: str | tzinfo | None = None, *, short: bool = False) -> str:
    """«today», «yesterday», «tomorrow», «24 November», with the year when it is another one."""
    local = _local(when, zone).date() if isinstance(when, datetime) else when
    today = _local(now(), zone).date()
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}.get((local - today).days)
    if near:
        return near
    pattern = (_SHORT_DAY if short else _DAY)[language()] + ("" if local.year == today.year else " y")
    return format_date(local, pattern, locale=locale()).replace(".", "")


def weekday(when: date) -> str:
    """«пн», «Mon»."""
    return format_date(when, "ccc", locale=locale()).replace(".", "")


def clock(when: datetime, zone: str | tzinfo | None = None) -> str:
    """14:20."""
    return format_time(_local(when, zone), "HH:mm", locale=locale())


def moment(when: datetime, zone: str | tzinfo | None = None) -> str:
    """«today, 14:20»."""
    return f"{day(when, zone)}, {clock(when, zone)}"


def window(start: datetime, end: datetime | None, zone: str | tzinfo | None = None) -> str:
    """«tomorrow, 18:00–21:00»; without an end «tomorrow, 18:00»."""
    if end is None:
        return moment(start, zone)
    if _local(start, zone).date() == _local(end, zone).date():
        return f"{moment(start, zone)}–{clock(end, zone)}"
    return f"{moment(start, zone)} – {moment(end, zone)}"


def ago(when: datetime) -> str:
    """«just now», «5 min ago», «3 h ago», then the day."""
    passed = now() - when
    if passed < timedelta(minutes=1):
        return _("just now")
    if passed < timedelta(hours=1):
        return _("%(count)d min ago") % {"count": passed.seconds // 60}
    if passed < timedelta(hours=12):
        return _("%(count)d h ago") % {"count": passed.seconds // 3600}
    return moment(when)


def duration(minutes: int) -> str:
    """«45 min», «2 h», «2 h 30 min»."""
    hours, rest = divmod(int(minutes), 60)
    parts = []
    if hours:
        parts.append(_("%(count)d h") % {"count": hours})
    if rest or not hours:
        parts.append(_("%(count)d min") % {"count": rest})
    return " ".join(parts)


def distance(metres: float) -> str:
    """«850 m», «1,2 km», «14 km»."""
    if metres < 950:
        return _("%(count)s m") % {"count": number(max(10, round(metres / 10) * 10))}
    kilometres = Decimal(metres) / 1000
    return _("%(count)s km") % {"count": format_decimal(kilometres, "0.#" if kilometres < 10 else "0", locale=locale())}


def number(value: int | Decimal | float) -> str:
    """1 240; a fraction only when there is one."""
    return format_decimal(value, "#,##0.##", locale=locale())


def rating(value: Decimal | float) -> str:
    """4,92."""
    return format_decimal(value, "0.00", locale=locale())


def price_range(low: Money, high: Money) -> str:
    """«2 000 – 3 000 ₽», «₽2,000–3,000»: the sign stands once, where the language has it."""
    if language() == "en":
        return f"{low.format()}–{number(high.amount)}"
    return f"{number(low.amount)} – {high.format()}"


def percent(share: Decimal | float) -> str:
    """A share of 1 as «82 %»."""
    return format_percent(share, "#,##0 %" if language() == "ru" else "#,##0%", locale=locale())


def percent_of_points(bp: int) -> str:
    """Hundredths of a percent as a share: 750 is «7,5 %»."""
    pattern = "#,##0.## %" if language() == "ru" else "#,##0.##%"
    return format_percent(Decimal(bp).scaleb(-4), pattern, locale=locale())


def initials(name: str) -> str:
    """«АК» of «Андрей К.»."""
    letters = [word[0] for word in name.split() if word[:1].isalpha()]
    return "".join(letters[:2]).upper() or "?"


def hue(key: object) -> int:
    """The colour (0–7) of a person's round without a photo: always the same for the same key."""
    return sum((place + 1) * ord(letter) for place, letter in enumerate(str(key))) % 8
