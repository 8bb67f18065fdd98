"""An executor's public page: what everybody may know before letting this person in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from marketplace.accounts.selectors import blocked_among, executor_in_public
from marketplace.kit.errors import NotFound
from marketplace.kit.pagination import Page
from marketplace.trust import selectors
from tasks_app.selectors import ExecutorRecord, executor_record

if TYPE_CHECKING:
    from marketplace.accounts.models import ExecutorProfile
    from marketplace.trust.models import Album, Review


@dataclass(frozen=True, slots=True)
class Criterion:
    label: str
    average: str  # written with a point, for the meter


@dataclass(frozen=True, slots=True)
class ExecutorPage:
    profile: "ExecutorProfile"
    rating: selectors.Rating
    record: ExecutorRecord
    criteria: list[Criterion]
    reviews: "Page[Review]"
    albums: "list[Album]"
    structured: dict[str, Any]

    @property
    def verified(self) -> bool:
        return self.profile.verification == "verified"


def executor_page(user_id: int, *, after: str | None) -> ExecutorPage:
    """Raises NotFound for nobody and for the blocked."""
    profile = executor_in_public(user_id)
    if blocked_among([user_id]):
        raise NotFound
    rating = selectors.rating_of(user_id)
    return ExecutorPage(
        profile=profile,
        rating=rating,
        record=executor_record(user_id),
        criteria=_criteria(user_id),
        reviews=selectors.reviews_of(user_id, after=after),
        albums=list(selectors.portfolio_of(user_id)),
        structured=_structured(profile, rating),
    )


def _criteria(user_id: int) -> list[Criterion]:
    words = {
        "quality": _("Quality of work"),
        "punctuality": _("Punctuality"),
        "politeness": _("Politeness"),
        "price": _("Price as agreed"),
    }
    found = selectors.criteria_of(user_id)
    return [Criterion(label, f"{found[name]:.2f}") for name, label in words.items() if name in found]


def _structured(profile: "ExecutorProfile", rating: selectors.Rating) -> dict[str, Any]:
    """schema.org: a local professional with the rating of real deals."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ProfessionalService",
        "name": profile.user.public_name,
        "url": f"{settings.SITE_URL}/executors/{profile.user_id}/",
        "description": profile.about[:300],
        "knowsAbout": [category.name for category in profile.categories.all()],
    }
    if profile.user.city:
        data["areaServed"] = {"@type": "City", "name": profile.user.city.name}
    if rating.average is not None:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(rating.average, 2),
            "reviewCount": rating.count,
            "bestRating": 5,
        }
    return data
