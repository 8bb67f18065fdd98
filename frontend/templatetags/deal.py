"""Words of deals for templates."""

from django import template

from tasks_app.selectors import reason_text

register = template.Library()
register.filter("reason_text", reason_text)
