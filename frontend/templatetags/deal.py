"""Words of deals for templates."""

from datetime import datetime

from django import template

from frontend import words
from tasks_app.selectors import reason_text

register = template.Library()
register.filter("reason_text", reason_text)


@register.simple_tag
def window(start: datetime, end: datetime | None, zone: str) -> str:
    """today, 18:00–21:00 — in the time of the city."""
    return words.window(start, end, zone)
