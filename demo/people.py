"""Executors and customers: who they are, where they live, what they do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from demo.dice import Dice
from demo.places import CITY_SHARES, Address, Places, Town
from demo.texts import read
from demo.trades import TRADES, draw_trades
from marketplace.accounts.models import Consent, ExecutorProfile, ServicePoint, User, VerificationRequest
from tasks_app.models import Category

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", " ": ".",
}  # fmt: skip
_WOMEN_BY_GROUP = {
    "beauty": 0.9,
    "cleaning": 0.85,
    "tutors": 0.65,
    "pets": 0.7,
    "events": 0.5,
    "design": 0.5,
    "legal": 0.5,
}


@dataclass
class Customer:
    user: User
    woman: bool
    home: Address
    town: Town
    english: bool = False


@dataclass
class Executor:
    user: User
    woman: bool
    home: Address
    town: Town
    trades: list[str]
    categories: list[Category]
    skill: float  # 0…1: how good the reviews tend to be
    trial: bool
    zeal: float = 1.0  # how often they answer, next to others


def make_executors(dice: Dice, places: Places, count: int, now: datetime, moderator: User) -> list[Executor]:
    executors = [_executor(dice, places, number, now) for number in range(count)]
    _save_users([executor.user for executor in executors])
    profiles = [_profile(dice, executor) for executor in executors]
    ExecutorProfile.objects.bulk_create(profiles)
    _save_profiles(dice, executors, profiles, moderator)
    return executors


def make_customers(dice: Dice, places: Places, count: int, now: datetime) -> list[Customer]:
    customers = [_customer(dice, places, number, now) for number in range(count)]
    _save_users([customer.user for customer in customers])
    return customers


def _executor(dice: Dice, places: Places, number: int, now: datetime) -> Executor:
    town = places.towns[dice.weighted(CITY_SHARES)]
    trades = draw_trades(dice, specialist=town.city.slug == "moscow")
    woman = dice.chance(_WOMEN_BY_GROUP.get(TRADES[trades[0]].group, 0.12))
    categories = _categories(dice, places, trades)
    joined = now - timedelta(days=dice.randint(20, 700), minutes=dice.randint(0, 1440))
    user = _user(dice, number, name_of(dice, woman), "executor", town, joined)
    home = town.address(dice)
    return Executor(
        user,
        woman,
        home,
        town,
        trades,
        categories,
        dice.betavariate(6, 1.6),
        dice.chance(0.2),
        min(9.0, dice.paretovariate(1.1)),
    )


def _categories(dice: Dice, places: Places, trades: list[str]) -> list[Category]:
    """Nearly all of the trades; of the first one at least what it begins with."""
    core = TRADES[trades[0]].categories[0]
    slugs = dict.fromkeys(slug for trade in trades for slug in TRADES[trade].categories)
    chosen = {slug for slug in slugs if slug == core or dice.chance(0.93)}
    return [category for category in places.categories if category.slug in chosen]


def _customer(dice: Dice, places: Places, number: int, now: datetime) -> Customer:
    town = places.towns[dice.weighted(CITY_SHARES)]
    foreigners = read("names")["foreigners"]
    english = number % 15 == 7
    woman = dice.chance(0.58) if not english else (number // 15) % 2 == 0
    name = foreigners[number // 15 % len(foreigners)] if english else name_of(dice, woman)
    joined = now - timedelta(days=dice.randint(125, 900), minutes=dice.randint(0, 1440))
    user = _user(dice, number, name, "customer", town, joined, language="en" if english else "ru")
    return Customer(user, woman, town.address(dice), town, english)


def name_of(dice: Dice, woman: bool) -> str:
    names = read("names")
    surname = dice.pick(names["surnames"])
    return f"{dice.pick(names['women' if woman else 'men'])} {surname}{'а' if woman else ''}"


def latin(name: str) -> str:
    return "".join(_LATIN.get(letter, letter) for letter in name.lower())


def _user(dice: Dice, number: int, name: str, role: str, town: Town, joined: datetime, language: str = "ru") -> User:
    first = {"executor": 9_001_000_000, "customer": 9_002_000_000}[role]
    user = User(
        public_id=dice.uuid(),
        name=name,
        phone=f"+7{first + number}",
        phone_confirmed_at=joined,
        email=f"{latin(name)}.{role[0]}{number}@example.org",
        email_confirmed_at=joined,
        language=language,
        city=town.city,
        date_joined=joined,
    )
    user.set_unusable_password()
    return user


def _save_users(users: list[User]) -> None:
    User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )


def _profile(dice: Dice, executor: Executor) -> ExecutorProfile:
    written = read("executors")["about"]
    about = dice.sentences(
        dice.pick(written["opening"]),
        *dice.sample([line for trade in executor.trades for line in written["trades"][trade]], 2),
        dice.pick(written["closing"]),
        woman=executor.woman,
    )
    joined = executor.user.date_joined
    return ExecutorProfile(
        user=executor.user,
        about=about,
        languages=["ru", "en"] if dice.chance(0.2) else ["ru", "tt"] if executor.town.city.slug == "kazan" else ["ru"],
        verification=ExecutorProfile.Verification.VERIFIED,
        verified_at=joined + timedelta(hours=5),
        created_at=joined,
    )


def _save_profiles(dice: Dice, executors: list[Executor], profiles: list[ExecutorProfile], moderator: User) -> None:
    pairs = list(zip(executors, profiles, strict=True))
    through = ExecutorProfile.categories.through
    through.objects.bulk_create(
        through(executorprofile_id=profile.pk, category_id=category.pk)
        for executor, profile in pairs
        for category in executor.categories
    )
    ServicePoint.objects.bulk_create(
        ServicePoint(
            profile=profile, label="Дом", point=executor.home.point, radius_m=dice.pick([5000, 8000, 12000, 20000])
        )
        for executor, profile in pairs
    )
    VerificationRequest.objects.bulk_create(
        VerificationRequest(
            profile=profile,
            city=executor.town.city,
            status=VerificationRequest.Status.APPROVED,
            full_name=executor.user.name,
            document_kind="passport",
            submitted_at=profile.created_at,
            decided_at=profile.verified_at,
            decided_by=moderator,
        )
        for executor, profile in pairs
    )
    Consent.objects.bulk_create(_consents(pairs))


def _consents(pairs: list[tuple[Executor, ExecutorProfile]]) -> Iterator[Consent]:
    for executor, profile in pairs:
        yield Consent(user=executor.user, kind="verification", version="2026-11", given_at=profile.created_at)
        yield Consent(user=executor.user, kind="location", version="2026-11", given_at=profile.created_at)
