"""The people of the demo world that one can log in as, and what a visitor may try as each of them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class CastMember:
    """`start`: the path they land on, without the language prefix."""

    key: str
    name: str
    phone: str
    email: str
    role: str | Promise
    try_this: str | Promise
    start: str
    icon: str
    staff_role: str = ""


CAST: tuple[CastMember, ...] = (
    CastMember(
        key="irina",
        name="Ирина Соколова",
        phone="+79000000001",
        email="irina@example.org",
        role=_("Customer, Moscow"),
        try_this=_(
            "Compare the responses to her open task, watch an executor come, accept finished work and review it."
        ),
        start="/my/tasks/",
        icon="home",
    ),
    CastMember(
        key="andrey",
        name="Андрей Ковалёв",
        phone="+79000000002",
        email="andrey@example.org",
        role=_("Executor, handyman in Moscow"),
        try_this=_(
            "Find work near by, respond for a fee, see why each line of the wallet is there, appeal a decision."
        ),
        start="/feed/",
        icon="tools",
    ),
    CastMember(
        key="marina",
        name="Марина Белова",
        phone="+79000000003",
        email="marina@example.org",
        role=_("Executor, cleaner in Moscow"),
        try_this=_("She is on a deal now: finish the work, talk to the customer, see which positions are stored."),
        start="/my/responses/",
        icon="cleaning",
    ),
    CastMember(
        key="timur",
        name="Тимур Галеев",
        phone="+79000000004",
        email="timur@example.org",
        role=_("New executor in Kazan"),
        try_this=_("Not verified yet: he sees the tasks, cannot respond, and waits for a moderator."),
        start="/feed/",
        icon="computer",
    ),
    CastMember(
        key="olga",
        name="Ольга Миронова",
        phone="+79000000005",
        email="olga@example.org",
        role=_("Moderator"),
        try_this=_("Decide the cases of cancelled deals with the keyboard, check documents of new executors."),
        start="/desk/",
        icon="gavel",
        staff_role="moderator",
    ),
    CastMember(
        key="sergey",
        name="Сергей Давыдов",
        phone="+79000000006",
        email="sergey@example.org",
        role=_("Moderator for appeals"),
        try_this=_("Another pair of eyes: he decides the appeals against Olga’s decisions."),
        start="/desk/",
        icon="scales",
        staff_role="moderator",
    ),
    CastMember(
        key="vera",
        name="Вера Зимина",
        phone="+79000000007",
        email="vera@example.org",
        role=_("Operator"),
        try_this=_("Change categories, prices and cities in the admin."),
        start="/admin/",
        icon="settings",
        staff_role="operator",
    ),
)
