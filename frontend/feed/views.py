"""The feed: open tasks for everybody, near an executor or in a city. Plain links and forms; htmx swaps parts of the page."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend import words
from frontend.feed.actions import actions_for
from frontend.feed.cards import card_parts
from frontend.feed.chips import chips_for
from frontend.feed.travel import travel_words
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from tasks_app.feed.filters import PAGE_SIZE
from tasks_app.feed.query import RADII_KM, FeedQuery, Scope, parse, scope_for
from tasks_app.feed.reference import Reference, reference
from tasks_app.feed.selectors import FeedRow, feed_page, news_count


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    known = reference()
    query = parse(request.GET, request.GET.getlist, strict=False)
    scope = scope_for(request.user, query, known)
    after = request.GET.get("after")
    page = feed_page(scope.filters, after=after)
    context = {
        "query": query,
        "scope": scope,
        "address": query.address(),
        "cards": _cards(request, page.rows, known),
        "more": _more(query, page.next_key),
        "after": after,
        "list_path": reverse("feed:list"),
    }
    if request.headers.get("HX-Target") == "feed-more":
        return _part(request, "feed/more.html", context)
    context |= _frame(query, scope, known)
    name = "feed/part.html" if request.headers.get("HX-Target") == "feed" else "feed/list.html"
    return _part(request, name, context)


@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """The bar that says how many tasks are new since the page was made; asked for every minute, shown on tap."""
    query = parse(request.GET, request.GET.getlist, strict=False)
    scope = scope_for(request.user, query, reference())
    try:
        since = datetime.fromtimestamp(int(request.GET.get("since", "")), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidInput(field="since", reason=_("This is not a moment.")) from error
    context = {
        "count": news_count(scope.filters, since=since),
        "most": PAGE_SIZE,
        "address": query.address(),
        "list_path": reverse("feed:list"),
        "since": int(since.timestamp()),
    }
    return _part(request, "feed/news.html", context)


@require_GET
def filters(request: HttpRequest) -> HttpResponse:
    """All filters on a screen of their own; a plain form that leads back to the feed."""
    known = reference()
    query = parse(request.GET, request.GET.getlist, strict=False)
    scope = scope_for(request.user, query, known)
    groups: dict[str, list[Any]] = {}
    for row in known.active_categories:
        groups.setdefault(row.group_name, []).append(row)
    chosen = set(query.categories) or {
        known.categories[pk].slug for pk in scope.own_categories if pk in known.categories
    }
    context = {
        "query": query,
        "scope": scope,
        "groups": [(name, rows, any(row.slug in chosen for row in rows)) for name, rows in groups.items()],
        "chosen": chosen if query.categories != ("any",) else set(),
        "cities": known.active_cities,
        "districts": known.districts_of(scope.city.id),
        "radii": [(km, words.distance(km * 1000)) for km in RADII_KM],
        "currency": words_of_currency(scope.city.currency),
        "list_path": reverse("feed:list"),
    }
    return render(request, "feed/filters.html", context)


def words_of_currency(code: str) -> str:
    return {"RUB": "₽"}.get(code, code)


def _cards(request: HttpRequest, rows: list[FeedRow], known: Reference) -> SafeString:
    base = reverse("feed:list").removesuffix("feed/")
    parts, actions = card_parts(rows, known, base), actions_for(request.user, rows, base)
    pieces, language = [], words.language()
    for row in rows:
        before, middle, rest = parts[row.id]
        distance = "" if row.distance_m is None else f"{_way(round(row.distance_m, -1), language)} · "
        pieces.append(f"{before}{distance}{middle}{actions[row.id]}{rest}")
    return mark_safe("".join(pieces))  # noqa: S308  each piece came from a template, the distance from numbers


@lru_cache(maxsize=10_000)
def _way(metres: float, language: str) -> str:
    """Formatting numbers for people is slow, and there are few distances of a page's precision."""
    return f"{words.distance(metres)} · {travel_words(metres)}"


def _more(query: FeedQuery, key: str | None) -> str:
    if key is None:
        return ""
    return "?" + "&".join(filter(None, [query.address(), f"after={key}"]))


def _frame(query: FeedQuery, scope: Scope, known: Reference) -> dict[str, Any]:
    return {
        "chips": chips_for(query, scope, known),
        "has_point": scope.has_point,
        "is_default": query == FeedQuery(),
        "since": int(now().timestamp()),
    }


def _part(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """A whole page or a part of it from one address: caches must keep them apart."""
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
