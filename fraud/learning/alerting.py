"""A figure that behaves unusually is told to every operator, once a day, where they read their news."""

from django.utils import translation

from fraud.learning.models import Figure
from fraud.learning.words import figure_name, figure_value
from marketplace.accounts.selectors import operators
from marketplace.notifications.services import notify


def tell_operators(figure: Figure) -> None:
    """In each one's language, with the value and what is usual; the same figure of the same day is told once."""
    for person in operators():
        with translation.override(person.language):
            words = _sentence(figure)
        notify(
            user_id=person.pk,
            kind="figure_alert",
            params={"figure": words},
            path="/desk/learning/",
            key=f"figure:{figure.day}:{figure.name}"[:100],
        )


def _sentence(figure: Figure) -> str:
    told = f"{figure_name(figure.name)}: {figure_value(figure.name, figure.value)}"
    if figure.usual is None:
        return told
    usual = translation.gettext("usually %(usual)s") % {"usual": figure_value(figure.name, figure.usual)}
    return f"{told} ({usual})"
