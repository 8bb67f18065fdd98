"""Reads of notifications, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext

from marketplace.kit.money import Money
from marketplace.kit.pagination import Page, key_page
from marketplace.kit.rows import first_value
from marketplace.notifications.kinds import KINDS
from marketplace.notifications.models import Notification, Preference


@dataclass(frozen=True, slots=True)
class Told:
    id: int
    kind: str
    title: str
    text: str
    path: str
    at: datetime
    read: bool


def render(row: Notification) -> Told:
    """The texts in the active language. Params: money as {"minor", "currency"}, moments as {"at": ISO, "zone": name},
    shares as {"bp": hundredths of a percent}, sentences of ours as {"msgid": source}, names as {"ru", "en"}."""
    kind = KINDS[row.kind]
    values = {name: _readable(value) for name, value in row.params.items()}
    return Told(
        row.pk, row.kind, str(kind.title), str(kind.text) % values, row.path, row.created_at, row.read_at is not None
    )


def notifications_page(*, user_id: int, after: str | None = None, size: int = 30) -> Page[Told]:
    page = key_page(Notification.objects.filter(user_id=user_id), order=["id"], after=after, size=size)
    return Page([render(row) for row in page.rows], page.next_key)


def unread_count(user_id: int) -> int:
    asked = "SELECT count(*) FROM notifications_notification WHERE user_id = %s AND read_at IS NULL"
    return int(first_value(asked, [user_id]))


def wants_email(user_id: int) -> bool:
    return not Preference.objects.filter(user_id=user_id, email=False).exists()


def _readable(value: Any) -> Any:
    if isinstance(value, dict) and "minor" in value:
        return Money(value["minor"], value["currency"]).format()
    if isinstance(value, dict) and "bp" in value:
        return format_decimal(value["bp"] / 100, format="#.##", locale=(get_language() or "ru")[:2])
    if isinstance(value, dict) and "msgid" in value:
        return gettext(value["msgid"])
    if isinstance(value, dict) and "ru" in value:
        return value["en" if (get_language() or "ru").startswith("en") else "ru"]
    if isinstance(value, dict) and "at" in value:
        moment = parse_datetime(value["at"])
        locale = "en" if (get_language() or "ru").startswith("en") else "ru"
        return format_datetime(moment, "d MMMM, HH:mm", tzinfo=_zone(value.get("zone")), locale=locale)
    return value


def _zone(name: str | None) -> ZoneInfo:
    return ZoneInfo(name or "UTC")
