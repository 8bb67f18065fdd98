"""How a person is shown beside a response or a deal: what the packages below say, joined for the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontend import words
from marketplace.trust.selectors import Rating, ratings_of
from tasks_app.selectors import ExecutorRecord, executor_records

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@dataclass(frozen=True, slots=True)
class Portrait:
    """`line`: what the past says, in words."""

    user: "User"
    name: str
    photo: str
    line: str
    record: ExecutorRecord
    rating: Rating


def portraits(users: "Iterable[User]") -> dict[int, Portrait]:
    """Executors as a customer sees them, in a fixed number of queries."""
    people = {user.pk: user for user in users}
    records, ratings = executor_records(people), ratings_of(people)
    return {pk: _portrait(user, records[pk], ratings.get(pk, Rating())) for pk, user in people.items()}


def portrait(user: "User") -> Portrait:
    return portraits([user])[user.pk]


def photo_of(user: "User") -> str:
    return user.photo.url if user.photo else ""


def _portrait(user: "User", record: ExecutorRecord, rating: Rating) -> Portrait:
    parts = [_deals(record)]
    if record.answer_minutes is not None and record.answer_minutes <= 24 * 60:
        parts.append(_("answers in %(time)s") % {"time": words.duration(record.answer_minutes)})
    return Portrait(user, user.public_name, photo_of(user), " · ".join(parts), record, rating)


def _deals(record: ExecutorRecord) -> str:
    if not record.deals:
        return _("new executor")
    return ngettext("%(count)s deal", "%(count)s deals", record.deals) % {"count": record.deals}
