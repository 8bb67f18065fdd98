"""Structured data (schema.org) of the public pages. A data block is not executed: the strict policy allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend.public.questions import Question
from tasks_app.public.selectors import PriceRange

if TYPE_CHECKING:
    from tasks_app.models import Category, City

CONTEXT = "https://schema.org"


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def website(search_path: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@type": "Organization",
                "@id": absolute("/#organization"),
                "name": _("Poruchi"),
                "url": absolute("/"),
                "logo": absolute(static("icons/icon-512.png")),
            },
            {
                "@type": "WebSite",
                "name": _("Poruchi"),
                "url": absolute("/"),
                "inLanguage": get_language(),
                "publisher": {"@id": absolute("/#organization")},
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": absolute(f"{search_path}?q={{words}}"),
                    "query-input": "required name=words",
                },
            },
        ],
    }


def crumbs(links: list[tuple[str, str]]) -> dict[str, Any]:
    """`links`: (name, path) from the home page down."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(links, start=1)
        ],
    }


def service(
    category: Category, city: City | None, prices: PriceRange | None, path: str, asked: list[Question]
) -> list[dict[str, Any]]:
    offer: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Service",
        "name": category.name,
        "serviceType": category.group.name,
        "url": absolute(path),
        "provider": {"@type": "Organization", "name": _("Poruchi"), "url": absolute("/")},
    }
    if city is not None:
        offer["areaServed"] = {"@type": "City", "name": city.name}
    if prices is not None:
        offer["offers"] = {
            "@type": "AggregateOffer",
            "priceCurrency": prices.low.currency,
            "lowPrice": str(prices.low.amount),
            "highPrice": str(prices.high.amount),
            "offerCount": max(1, prices.deals),
        }
    questions = {
        "@context": CONTEXT,
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": question.text,
                "acceptedAnswer": {"@type": "Answer", "text": question.answer},
            }
            for question in asked
        ],
    }
    return [offer, questions]
