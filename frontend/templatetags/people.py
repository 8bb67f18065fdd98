"""Filters of the pages about people."""

from datetime import datetime

from django import template

from marketplace.accounts.phones import readable_phone
from marketplace.kit.clock import of_machine

register = template.Library()


@register.filter
def by_our_clock(moment: datetime | None) -> datetime | None:
    """Of a row that a library dates by the machine's clock (sessions, passkeys): the same moment by the site's."""
    return of_machine(moment) if moment else None


@register.filter
def phone(number: str | None) -> str:
    """+7 912 345-67-89."""
    return readable_phone(number) if number else ""
