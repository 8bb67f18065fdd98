"""The page of a task for everybody but its customer: what an executor knows before paying for a response."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend import words
from frontend.customers import customer_facts
from frontend.deal.money_words import fee_label, priced_label
from frontend.feed.cards import when
from frontend.public.structured import CONTEXT, absolute, crumbs
from frontend.wallet.subscriptions.words import covered_words
from marketplace.accounts.policies import may_respond
from marketplace.kit.policy import Denied
from marketplace.trust.selectors import rating_of, reviews_of
from payments.selectors import quote_response_fee, tariffs_in_force
from tasks_app.feed.public_task import CELL_RADIUS_M, PublicTask, public_view
from tasks_app.selectors import response_to, secure_terms_of

if TYPE_CHECKING:
    from tasks_app.models import Task

REVIEWS_SHOWN = 3


def render_task_page(request: HttpRequest, task: "Task") -> HttpResponse:
    """`task`: somebody else's, as a row; the caller has looked at whose it is. Raises NotFound for a removed one."""
    shown = public_view(task)
    context = {
        "task": shown,
        "price": price_words(shown),
        "when": when(shown.timing, shown.starts_at, shown.ends_at, shown.city.time_zone),
        "cell_radius": CELL_RADIUS_M,
        "facts": customer_facts(shown.standing, shown.record),
        "rating": rating_of(shown.customer_id, "customer"),
        "reviews": reviews_of(shown.customer_id, "customer", size=REVIEWS_SHOWN).rows,
        "structured": [_demand(shown), _trail(shown)],
        "description": _description(shown),
        **_action(request, shown),
    }
    return render(request, "feed/task.html", context)


def price_words(task: PublicTask) -> str:
    if task.price is None:
        return _("offer your price")
    if task.price_high is None:
        return task.price.format()
    return words.price_range(task.price, task.price_high)


def _action(request: HttpRequest, task: PublicTask) -> dict[str, Any]:
    """The reader's own response, or the button with its fee, or why there is none."""
    user = request.user
    if not user.is_authenticated:
        tariff = tariffs_in_force([(task.category.pk, task.city.pk)]).get((task.category.pk, task.city.pk))
        fee = tariff.response_fee if tariff else None
        return {"button": priced_label(fee) if fee else _("Respond"), "is_visitor": True}
    response = response_to(task.id, user)
    if response is not None:
        return {"response": response}
    quote = quote_response_fee(user_id=user.pk, category_id=task.category.pk, city_id=task.city.pk)
    decision = may_respond(user)
    return {
        "button": fee_label(quote),
        "quote": quote,
        "secure": secure_terms_of(task.id, user) if task.secure_deal else None,
        "covered": covered_words(quote.covered_until, task.city.time_zone),
        "month": None if quote.subscription_id or not quote.month else quote.month,
        "denied": decision if isinstance(decision, Denied) else quote.refusal,
        "is_unverified": isinstance(decision, Denied) and decision.code == "not_verified",
    }


def _description(task: PublicTask) -> str:
    place = _("remotely") if task.is_remote else (task.district or task.city).name
    start = f"{task.category.name}, {place}. {price_words(task)}."
    return f"{start} {' '.join(task.details.split())}"[:200].strip()


def _trail(task: PublicTask) -> dict[str, Any]:
    return crumbs([
        (_("Home"), reverse("public:home")),
        (task.city.name, reverse("public:city", args=[task.city.slug])),
        (task.category.name, reverse("public:city_category", args=[task.city.slug, task.category.slug])),
        (task.title, reverse("deal:task", args=[task.id])),
    ])  # fmt: skip


def _demand(task: PublicTask) -> dict[str, Any]:
    """schema.org/Demand; the area is the cell, as everywhere."""
    demand: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Demand",
        "name": task.title,
        "description": _description(task),
        "url": absolute(reverse("deal:task", args=[task.id])),
        "inLanguage": get_language(),
        "validFrom": task.created_at.isoformat(),
        "validThrough": task.respond_by.isoformat(),
        "itemOffered": {"@type": "Service", "serviceType": task.category.name},
        "areaServed": {"@type": "City", "name": task.city.name},
    }
    if task.longitude is not None:
        middle = {"@type": "GeoCoordinates", "latitude": task.latitude, "longitude": task.longitude}
        demand["areaServed"] = {"@type": "GeoCircle", "geoMidpoint": middle, "geoRadius": CELL_RADIUS_M}
    if task.price is not None:
        price: dict[str, Any] = {"@type": "PriceSpecification", "priceCurrency": task.price.currency}
        high = task.price_high
        price |= (
            {"minPrice": str(task.price.amount), "maxPrice": str(high.amount)}
            if high
            else {"price": str(task.price.amount)}
        )
        demand["priceSpecification"] = price
    return demand
