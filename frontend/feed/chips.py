"""The row of quick filters: each chip is a plain address with one filter put on or taken off."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from frontend import words
from marketplace.kit.money import Money
from tasks_app.feed.query import FeedQuery, Scope
from tasks_app.feed.reference import Reference

USUAL_PRICE = 1_000
OWN_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Chip:
    """`query`: what follows the feed's path when it is tapped, with the question mark."""

    label: str
    query: str
    on: bool


def chips_for(query: FeedQuery, scope: Scope, known: Reference) -> list[Chip]:
    chips = []
    if scope.has_point:
        radius = query.radius or 5
        label = _("Within %(distance)s") % {"distance": words.distance(radius * 1000)}
        chips.append(_toggle(query, label, bool(query.radius), {"radius": None}, {"radius": radius}))
        near = scope.filters.by_distance
        chips.append(_chip(query, _("Nearest") if near else _("Newest"), False, {"sort": "new" if near else "near"}))
    chips += _category_chips(query, scope, known)
    price = query.price or USUAL_PRICE
    floor = _("from %(price)s") % {"price": Money(price * 100, scope.city.currency).format()}
    chips.append(_toggle(query, floor, bool(query.price), {"price": None}, {"price": price}))
    for day, name in (("today", _("Today")), ("tomorrow", _("Tomorrow"))):
        chips.append(_toggle(query, name, query.day == day, {"day": ""}, {"day": day}))
    chips.append(_toggle(query, _("Remote"), query.where == "remote", {"where": ""}, {"where": "remote"}))
    chips.append(_toggle(query, _("With photos"), query.photos, {"photos": False}, {"photos": True}))
    return sorted(chips, key=lambda chip: not chip.on)


def _toggle(query: FeedQuery, label: str, on: bool, off: dict[str, object], put: dict[str, object]) -> Chip:
    return _chip(query, label, on, off if on else put)


def _chip(query: FeedQuery, label: str, on: bool, changes: dict[str, object]) -> Chip:
    address = query.address(**changes)
    return Chip(label, f"?{address}" if address else "", on)


def _category_chips(query: FeedQuery, scope: Scope, known: Reference) -> list[Chip]:
    chosen = [row for row in (known.category(slug) for slug in query.categories) if row]
    offered = chosen + [known.categories[pk] for pk in scope.own_categories[:OWN_SHOWN] if pk in known.categories]
    chips = []
    for row in dict.fromkeys(offered):
        on = row in chosen
        rest = tuple(c.slug for c in chosen if c != row)
        chips.append(_chip(query, row.name, on, {"categories": rest if on else (*rest, row.slug)}))
    if scope.has_own_categories:
        anything = query.categories == ("any",)
        chips.append(_chip(query, _("All services"), anything, {"categories": () if anything else ("any",)}))
    return chips
