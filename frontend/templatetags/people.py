"""Filters of the pages about people."""

from django import template

from marketplace.accounts.phones import readable_phone

register = template.Library()


@register.filter
def phone(number: str | None) -> str:
    """+7 912 345-67-89."""
    return readable_phone(number) if number else ""
