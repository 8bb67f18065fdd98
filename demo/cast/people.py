"""Who is in the cast, and what a visitor may try as each of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.accounts.services import make_person


@dataclass(frozen=True)
class CastMember:
    """`key` names them on the demo page; `start`: the path they land on."""

    key: str
    name: str
    phone: str
    email: str
    role: Promise
    try_this: Promise
    start: str
    staff_role: str = ""
    language: str = "ru"


CAST: tuple[CastMember, ...] = (
    CastMember(
        "irina", "Ирина Соколова", "+79000000001", "irina@example.org", _("Customer"),
        _("Compare the responses to her open task, watch an executor on the way, accept finished work and review it."),
        "/my/tasks/",
    ),
    CastMember(
        "andrey", "Андрей Ковалёв", "+79000000002", "andrey@example.org", _("Executor, handyman in Moscow"),
        _("Find work near by, respond for a fee, see every line of the wallet explained, appeal a decision."),
        "/feed/",
    ),
    CastMember(
        "marina", "Марина Белова", "+79000000003", "marina@example.org", _("Executor, cleaner in Moscow"),
        _("She is on a deal now: press “on my way”, “started”, “done”, and see what is stored of her positions."),
        "/my/responses/",
    ),
    CastMember(
        "timur", "Тимур Галеев", "+79000000004", "timur@example.org", _("New executor in Kazan"),
        _("Not verified yet: he browses, cannot respond, and waits for a moderator."),
        "/feed/",
    ),
    CastMember(
        "olga", "Ольга Миронова", "+79000000005", "olga@example.org", _("Moderator"),
        _("Decide the cases of cancelled deals with the keyboard; check documents in the verification queue."),
        "/desk/", staff_role="moderator",
    ),
    CastMember(
        "sergey", "Сергей Давыдов", "+79000000006", "sergey@example.org", _("Moderator for appeals"),
        _("Another pair of eyes: decides the appeals against Olga's decisions."),
        "/desk/", staff_role="moderator",
    ),
    CastMember(
        "vera", "Вера Зимина", "+79000000007", "vera@example.org", _("Operator"),
        _("Change categories, prices and cities in the admin."),
        "/admin/", staff_role="operator",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Staff:
    moderator: User
    appeals: User
    operator: User


def member(key: str) -> CastMember:
    return next(one for one in CAST if one.key == key)


def meet(key: str, *, moment: datetime, city_id: int | None = None, days: int = 300) -> User:
    """The person of the cast, registered `days` before `moment`."""
    one = member(key)
    return make_person(
        name=one.name,
        phone=one.phone,
        email=one.email,
        language=one.language,
        city_id=city_id,
        staff_role=one.staff_role,
        registered_at=moment - timedelta(days=days),
    )


def meet_staff(moment: datetime) -> Staff:
    return Staff(*(meet(key, moment=moment, days=900) for key in ("olga", "sergey", "vera")))
