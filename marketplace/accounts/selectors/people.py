"""Who people are and where executors work."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from marketplace.accounts.models import ExecutorProfile, User
from marketplace.kit.errors import NotFound
from marketplace.kit.rows import first_value, rows


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Private: the caller checks that the reader has a right to it."""

    name: str
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class CustomerStanding:
    """What an executor may know of a customer before responding."""

    phone_verified: bool
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class PublicPerson:
    """What everybody may see of somebody."""

    user_id: int
    name: str
    photo_url: str
    verified: bool
    about: str


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """The union of circles and districts; both empty: the whole city, if one is set."""

    points: list[tuple[float, float, int]] = field(default_factory=list)  # longitude, latitude, radius in metres
    district_ids: list[int] = field(default_factory=list)
    city_id: int | None = None


def contact_is_anothers(*, user: User, phone: str = "", email: str = "") -> bool:
    """Does another account have this phone (E.164) or address, confirmed or not?"""
    others = User.objects.exclude(pk=user.pk)
    return others.filter(phone=phone).exists() if phone else others.filter(email=email).exists()


def contact_card(user_id: int) -> ContactCard:
    """Raises NotFound."""
    person = User.objects.filter(pk=user_id).first()
    if person is None:
        raise NotFound
    return ContactCard(person.name, person.phone, person.email)


def customer_standings(user_ids: Iterable[int]) -> dict[int, CustomerStanding]:
    """Of many people in one query."""
    rows = User.objects.filter(pk__in=list(user_ids)).values_list("pk", "phone_confirmed_at", "date_joined")
    return {pk: CustomerStanding(phone_verified=bool(confirmed), registered_at=at) for pk, confirmed, at in rows}


def customer_standing(user_id: int) -> CustomerStanding:
    """Raises NotFound."""
    found = customer_standings([user_id])
    if user_id not in found:
        raise NotFound
    return found[user_id]


def public_names(user_ids: Iterable[int]) -> dict[int, str]:
    return {person.pk: person.public_name for person in User.objects.filter(pk__in=set(user_ids))}


def public_name(user: User) -> str:
    """What strangers see: "Андрей К."."""
    return user.public_name


def public_people(user_ids: Iterable[int]) -> dict[int, PublicPerson]:
    """Many at once, by id, in one query; ids of nobody are left out."""
    people = User.objects.filter(pk__in=set(user_ids)).select_related("executor")
    return {person.pk: _public(person) for person in people}


def _public(person: User) -> PublicPerson:
    profile: ExecutorProfile | None = getattr(person, "executor", None)
    return PublicPerson(
        user_id=person.pk,
        name=person.public_name,
        photo_url=person.photo.url if person.photo else "",
        verified=profile is not None and profile.verification == ExecutorProfile.Verification.VERIFIED,
        about=profile.about if profile else "",
    )


def operators() -> list[User]:
    """Everybody who runs the market, active ones only."""
    return list(User.objects.filter(is_active=True, staff_role=User.StaffRole.OPERATOR).order_by("pk"))


def executor_profile(user: User) -> ExecutorProfile | None:
    return ExecutorProfile.objects.filter(user_id=user.pk).first()


def is_executor(user_id: int) -> bool:
    """Whether the person has an executor's profile, verified or not."""
    return first_value("SELECT 1 FROM accounts_executorprofile WHERE user_id = %s", [user_id]) is not None


def executor_categories(user: User) -> list[int]:
    """Ids of the categories the executor works in."""
    links = ExecutorProfile.categories.through.objects.filter(executorprofile__user_id=user.pk)
    return list(links.order_by("category_id").values_list("category_id", flat=True))


def service_area(user: User) -> ServiceArea:
    """Where the executor takes tasks; empty for a person without an executor profile."""
    profile = executor_profile(user)
    if profile is None:
        return ServiceArea(city_id=user.city_id)
    points = [(place.point.x, place.point.y, place.radius_m) for place in profile.points.order_by("pk")]
    districts = ExecutorProfile.districts.through.objects.filter(executorprofile_id=profile.pk)
    ids = list(districts.order_by("district_id").values_list("district_id", flat=True))
    return ServiceArea(points, ids, user.city_id)


_WORK = """
SELECT ARRAY(SELECT category_id FROM accounts_executorprofile_categories WHERE executorprofile_id = profile.id ORDER BY 1),
       ARRAY(SELECT district_id FROM accounts_executorprofile_districts WHERE executorprofile_id = profile.id ORDER BY 1),
       ARRAY(SELECT ARRAY[ST_X(point), ST_Y(point), radius_m] FROM accounts_servicepoint WHERE profile_id = profile.id ORDER BY id)
FROM accounts_executorprofile AS profile WHERE profile.user_id = %s
"""


def work_of(user: User) -> tuple[ServiceArea, list[int]]:
    """`service_area` and `executor_categories` in one plain query: the feed asks for both on every page."""
    found = rows(_WORK, [user.pk])
    if not found:
        return ServiceArea(city_id=user.city_id), []
    categories, districts, places = found[0]
    points = [(longitude, latitude, int(radius)) for longitude, latitude, radius in places]
    return ServiceArea(points, districts, user.city_id), categories


def confirmed_email(user_id: int) -> str | None:
    """Where mail may be sent; None when no address is confirmed."""
    asked = "SELECT email FROM accounts_user WHERE id = %s AND email_confirmed_at IS NOT NULL"
    email: str | None = first_value(asked, [user_id])
    return email


def person(user_id: int) -> User:
    """Raises NotFound."""
    found = User.objects.filter(pk=user_id).select_related("city").first()
    if found is None:
        raise NotFound
    return found


def find_people(query: str, *, limit: int = 20) -> list[User]:
    """For staff: by a whole phone number, a whole e-mail address, or a part of the name."""
    if "@" in query:
        return list(User.objects.filter(email=query.lower())[:limit])
    digits = "".join(filter(str.isdigit, query))
    if len(digits) >= 10:
        return list(User.objects.filter(phone__endswith=digits[-10:])[:limit])
    return list(User.objects.filter(name__icontains=query).order_by("name", "pk")[:limit])


def executor_in_public(user_id: int) -> ExecutorProfile:
    """The profile that everybody may see, with its person, categories and districts. Raises NotFound."""
    rows = ExecutorProfile.objects.select_related("user__city").prefetch_related("categories", "districts")
    found = rows.filter(user_id=user_id, user__is_active=True).first()
    if found is None:
        raise NotFound
    return found


def verified_executors(limit: int = 50_000) -> list[int]:
    """Whose pages are worth finding: verified and not blocked, the newest first, as many as a sitemap may have."""
    verified = ExecutorProfile.objects.filter(verification=ExecutorProfile.Verification.VERIFIED, user__is_active=True)
    return list(verified.order_by("-pk").values_list("user_id", flat=True)[:limit])
