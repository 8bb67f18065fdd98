"""Pages for everybody: home, services, cities. Reads are kept for minutes: they are the same for all readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.public import figures, questions, structured
from frontend.public.keep import kept
from frontend.public.people import executors_for
from marketplace.trust import selectors as trust
from tasks_app.catalogue import selectors as catalogue
from tasks_app.public import selectors
from tasks_app.tracking import consent

if TYPE_CHECKING:
    from tasks_app.models import Category, City

SHOWN = 6


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    language = get_language()
    cities = list(catalogue.active_cities())
    context = {
        "groups": kept(f"groups:{language}", lambda: list(catalogue.groups_with_categories())),
        "figures": kept("figures", selectors.market_figures),
        "finished": kept(f"finished:{language}", lambda: selectors.finished_tasks(limit=SHOWN)),
        "reviews": kept("reviews", lambda: trust.recent_reviews(limit=3)),
        "cities": cities,
        "shown_city": cities[0] if cities else None,
        "shown_deals": _deals_of(cities[0]) if cities else [],
        "examples": [_("Hang a chandelier"), _("Take documents across town"), _("Clean the windows")],
        "structured": structured.website(reverse("public:home") + "post/"),
    }
    return render(request, "public/home.html", context)


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """What one agrees to at the first sign-in."""
    return render(request, "public/rules.html", {"positions": consent.SENTENCES})


@require_GET
def categories(request: HttpRequest) -> HttpResponse:
    groups = kept(f"groups:{get_language()}", lambda: list(catalogue.groups_with_categories()))
    context = {
        "groups": groups,
        "open_counts": kept("open", selectors.open_counts),
        "structured": structured.crumbs([(_("Home"), reverse("public:home")), (_("All services"), request.path)]),
    }
    return render(request, "public/categories.html", context)


@require_GET
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """A service everywhere: what it costs in each city."""
    found = catalogue.category_by_slug(slug)
    cities = list(catalogue.active_cities())
    context = {
        **_about(found, None, request.path),
        "bars": kept(f"cities:{found.pk}:{get_language()}", lambda: _bars_of_cities(found, cities)),
        "cities": cities,
    }
    return render(request, "public/category.html", context)


@require_GET
def city_category(request: HttpRequest, city: str, category: str) -> HttpResponse:
    """A service in one city: how the prices spread, who does it, what is asked for now."""
    place, found = catalogue.city_by_slug(city), catalogue.category_by_slug(category)
    context = _about(found, place, request.path)
    if context["prices"] is not None:
        bars = max(4, min(9, context["prices"].deals // 2))  # few deals in many bars would be a comb
        spread = kept(
            f"spread:{place.pk}:{found.pk}", lambda: selectors.price_histogram(city=place, category=found, bars=bars)
        )
        context["columns"] = figures.columns(spread, context["prices"])
    context["executors"] = kept(
        f"executors:{place.pk}:{found.pk}", lambda: executors_for(city_id=place.pk, category_id=found.pk)
    )
    context["siblings"] = [other for other in found.group.categories.all() if other.is_active and other.pk != found.pk]
    return render(request, "public/category.html", context)


@require_GET
def city(request: HttpRequest, slug: str) -> HttpResponse:
    place = catalogue.city_by_slug(slug)
    language = get_language()
    groups = kept(f"groups:{language}", lambda: list(catalogue.groups_with_categories()))
    context = {
        "city": place,
        "groups": kept(f"city:{place.pk}:{language}", lambda: _groups_with_prices(place, groups)),
        "figures": kept(f"figures:{place.pk}", lambda: selectors.market_figures(city_id=place.pk)),
        "executors": kept(f"executors:{place.pk}", lambda: executors_for(city_id=place.pk)),
        "finished": kept(
            f"finished:{place.pk}:{language}", lambda: selectors.finished_tasks(city_id=place.pk, limit=SHOWN)
        ),
        "others": [other for other in catalogue.active_cities() if other.pk != place.pk],
        "structured": structured.crumbs([(_("Home"), reverse("public:home")), (place.name, request.path)]),
    }
    return render(request, "public/city.html", context)


def _deals_of(place: City) -> list[selectors.TaskLine]:
    """A few finished tasks of the city whose map the home page shows."""
    return kept(f"deals:{place.pk}:{get_language()}", lambda: selectors.finished_tasks(city_id=place.pk, limit=3))


def _about(category: Category, place: City | None, path: str) -> dict[str, Any]:
    key = f"{category.pk}:{place.pk if place else 0}:{get_language()}"
    scope: dict[str, Any] = {"category_id": category.pk, "city_id": place.pk if place else None}
    home_city = place or catalogue.active_cities().first()
    prices = None
    if home_city is not None:
        prices = kept(
            f"prices:{key}", lambda: selectors.price_ranges(city=home_city, categories=[category]).get(category.pk)
        )
    known = kept(f"figures:{key}", lambda: selectors.market_figures(**scope))
    asked = questions.questions_about(category, prices, known)
    trail = [(_("Home"), reverse("public:home")), (_("All services"), reverse("public:categories"))]
    if place is not None:
        trail.append((place.name, reverse("public:city", args=[place.slug])))
    trail.append((category.name, path))
    return {
        "category": category,
        "city": place,
        "price_city": home_city,
        "prices": prices,
        "figures": known,
        "asked": asked,
        "trail": trail[:-1],
        "reviews": kept(f"reviews:{key}", lambda: trust.recent_reviews(**scope, limit=4)),
        "open_tasks": kept(f"open:{key}", lambda: selectors.open_tasks(**scope)),
        "finished": kept(f"finished:{key}", lambda: selectors.finished_tasks(**scope, limit=4)),
        "structured": [structured.crumbs(trail), *structured.service(category, place, prices, path, asked)],
    }


def _bars_of_cities(category: Category, cities: list[City]) -> list[figures.RangeBar]:
    rows = []
    for place in cities:
        prices = selectors.price_ranges(city=place, categories=[category]).get(category.pk)
        if prices is not None:
            rows.append((place.name, reverse("public:city_category", args=[place.slug, category.slug]), prices))
    return figures.range_bars(rows)


def _groups_with_prices(place: City, groups: list[Any]) -> list[dict[str, Any]]:
    everything = [category for group in groups for category in group.categories.all()]
    ranges = selectors.price_ranges(city=place, categories=everything)
    shown = []
    for group in groups:
        rows = [
            (category.name, reverse("public:city_category", args=[place.slug, category.slug]), ranges[category.pk])
            for category in group.categories.all()
            if category.pk in ranges
        ]
        shown.append({"group": group, "bars": figures.range_bars(rows)})
    return shown
