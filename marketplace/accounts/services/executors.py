"""An executor's profile and service area."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import ExecutorProfile, ServicePoint, User, VerificationRequest
from marketplace.kit.clock import now
from marketplace.kit.contacts import mask_contacts
from marketplace.kit.errors import InvalidInput

LANGUAGES = {
    "ru": _("Russian"),
    "en": _("English"),
    "tt": _("Tatar"),
    "uz": _("Uzbek"),
    "tg": _("Tajik"),
    "ky": _("Kyrgyz"),
    "hy": _("Armenian"),
    "zh": _("Chinese"),
}
MAX_POINTS = 5
MIN_RADIUS_M, MAX_RADIUS_M = 500, 50_000
ABOUT_LENGTH = 2000


class AreaPoint(NamedTuple):
    """A circle of the service area; the radius in metres."""

    longitude: float
    latitude: float
    radius_m: int
    label: str = ""


def start_executor_profile(*, user: User) -> ExecutorProfile:
    """The profile of this person, made at the first call."""
    profile, _made = ExecutorProfile.objects.get_or_create(user=user)
    return profile


@transaction.atomic
def edit_executor_profile(
    *,
    user: User,
    about: str,
    languages: Collection[str],
    category_ids: Collection[int],
    points: Collection[AreaPoint] = (),
    district_ids: Collection[int] = (),
) -> ExecutorProfile:
    """Replace what the executor says of their work. Raises InvalidInput."""
    _check(about, languages, points)
    _check_known(ExecutorProfile, "categories", category_ids, _("Choose categories from the list."))
    _check_known(ExecutorProfile, "districts", district_ids, _("Choose districts from the list."))
    said = {"about": mask_contacts(about.strip()).text, "languages": sorted(set(languages))}
    profile, made = ExecutorProfile.objects.get_or_create(user=user, defaults=said)
    if made:
        profile.categories.add(*category_ids)
        profile.districts.add(*district_ids)
    else:
        profile = _say_anew(profile, said, category_ids, district_ids)
    ServicePoint.objects.bulk_create(
        ServicePoint(profile=profile, label=p.label, point=Point(p.longitude, p.latitude), radius_m=p.radius_m)
        for p in points
    )
    return profile


def _say_anew(
    profile: ExecutorProfile, said: dict[str, Any], category_ids: Collection[int], district_ids: Collection[int]
) -> ExecutorProfile:
    profile = ExecutorProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
    profile.about, profile.languages = said["about"], said["languages"]
    profile.save(update_fields=["about", "languages"])
    profile.categories.set(category_ids)
    profile.districts.set(district_ids)
    profile.points.all().delete()
    return profile


def _check(about: str, languages: Collection[str], points: Collection[AreaPoint]) -> None:
    if len(about) > ABOUT_LENGTH:
        raise InvalidInput(field="about", reason=_("Tell about yourself in at most 2,000 characters."))
    if not set(languages) <= set(LANGUAGES):
        raise InvalidInput(field="languages", reason=_("Choose languages from the list."))
    if len(points) > MAX_POINTS:
        raise InvalidInput(field="points", reason=_("At most five places. Make a circle wider instead."))
    for place in points:
        if not MIN_RADIUS_M <= place.radius_m <= MAX_RADIUS_M:
            raise InvalidInput(field="points", reason=_("A radius is from 500 m to 50 km."))
        if not (-180 <= place.longitude <= 180 and -90 <= place.latitude <= 90):
            raise InvalidInput(field="points", reason=_("This place is not on the map."))


def _check_known(model: type[Model], field: str, ids: Collection[int], reason: str | Promise) -> None:
    """The rows that a link of `model` points to must exist."""
    target = model._meta.get_field(field).related_model
    assert isinstance(target, type)  # noqa: S101  a link always has a target
    if ids and target._default_manager.filter(pk__in=set(ids)).count() != len(set(ids)):
        raise InvalidInput(field=field, reason=reason)


@transaction.atomic
def make_executor(
    *,
    user: User,
    about: str = "",
    languages: Collection[str] = ("ru",),
    category_ids: Collection[int] = (),
    points: Collection[AreaPoint] = (),
    district_ids: Collection[int] = (),
    verified_by: User | None = None,
) -> ExecutorProfile:
    """An executor as they stand after a moderator's check whose documents have been destroyed since (demo, tests).

    Without `verified_by` the profile is not verified.
    """
    profile = edit_executor_profile(
        user=user, about=about, languages=languages, category_ids=category_ids, points=points, district_ids=district_ids
    )
    if verified_by is not None:
        if user.city_id is None:
            raise InvalidInput(field="city", reason=_("Choose your city first."))
        VerificationRequest.objects.create(
            profile=profile,
            city_id=user.city_id,
            status=VerificationRequest.Status.APPROVED,
            full_name=user.name,
            document_kind="passport",
            decided_at=now(),
            decided_by=verified_by,
        )
        profile.verification, profile.verified_at = ExecutorProfile.Verification.VERIFIED, now()
        profile.save(update_fields=["verification", "verified_at"])
    return profile
