"""What the reader can do with each task of a list, with the money said in the button."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from frontend.deal.money_words import fee_label, priced_label
from payments.selectors import quote_response_fees, tariffs_in_force
from tasks_app.feed.selectors import FeedRow, answered_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User

TASK = "\x01"  # stands for the task's number in an action that many cards share


def actions_for(user: "User | AnonymousUser", rows: Sequence[FeedRow], base: str) -> dict[int, str]:
    """Task id → HTML. A template is rendered once per kind of action and fee, not once per card."""
    labels = fee_labels(user, {(row.category_id, row.city_id) for row in rows})
    user_id = user.pk if user.is_authenticated else None
    answered = answered_by(user_id, [row.id for row in rows]) if user_id and rows else {}
    made: dict[tuple[str, str], str] = {}
    actions = {}
    for row in rows:
        kind = _kind(row, user_id, answered)
        label = labels[(row.category_id, row.city_id)] if kind == "respond" else ""
        if (kind, label) not in made:
            context = {"kind": kind, "label": label, "task": TASK, "base": base}
            made[kind, label] = render_to_string("feed/action.html", context)
        actions[row.id] = made[kind, label].replace(TASK, str(row.id))
    return actions


def fee_labels(user: "User | AnonymousUser", places: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """(category, city) → the words of the button that responds."""
    if user.is_authenticated:
        quotes = quote_response_fees(user_id=user.pk, places=places)
        return {place: fee_label(quote) for place, quote in quotes.items()}
    tariffs = tariffs_in_force(places)
    return {place: priced_label(tariffs[place].response_fee) if place in tariffs else _("Respond") for place in places}


def _kind(row: FeedRow, user_id: int | None, answered: dict[int, str]) -> str:
    if user_id is not None and row.customer_id == user_id:
        return "own"
    if row.id in answered:
        return "withdrawn" if answered[row.id] == "withdrawn" else "answered"
    return "full" if row.is_full else "respond"
