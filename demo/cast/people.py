"""The people of the cast as accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from frontend.demo.cast import CAST
from marketplace.accounts.models import User
from marketplace.accounts.services import make_person


@dataclass(frozen=True)
class Staff:
    moderator: User
    appeals: User
    operator: User


def meet(key: str, *, moment: datetime, city_id: int | None = None, days: int = 300) -> User:
    """The person of the cast, registered `days` before `moment`."""
    one = next(member for member in CAST if member.key == key)
    return make_person(
        name=one.name,
        phone=one.phone,
        email=one.email,
        city_id=city_id,
        staff_role=one.staff_role,
        registered_at=moment - timedelta(days=days),
    )


def meet_staff(moment: datetime) -> Staff:
    return Staff(*(meet(key, moment=moment, days=900) for key in ("olga", "sergey", "vera")))
