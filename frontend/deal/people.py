"""How a person is shown beside a response or a deal: what the packages below say, joined for the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontend import words
from marketplace.accounts.selectors import customer_standing
from marketplace.trust.selectors import Rating, ratings_of
from tasks_app.selectors import ExecutorRecord, customer_record, executor_records

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@dataclass(frozen=True, slots=True)
class Fact:
    """A short fact for a tag. `kind`: ok, info, money, danger, line or nothing."""

    words: str
    kind: str = ""
    icon: str = ""


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


def customer_facts(user_id: int) -> list[Fact]:
    """What an executor may know of a customer before paying for a response."""
    standing, record = customer_standing(user_id), customer_record(user_id)
    facts = []
    if standing.phone_verified:
        facts.append(Fact(_("phone confirmed"), "ok", "check"))
    if record.hire_rate is None:
        facts.append(Fact(_("new customer"), "info"))
    else:
        facts.append(Fact(_("chooses in %(share)s of cases") % {"share": words.percent(record.hire_rate)}))
    tasks = ngettext("%(count)s task posted", "%(count)s tasks posted", record.tasks) % {"count": record.tasks}
    facts.append(Fact(tasks))
    if record.cancellations_at_fault:
        count = record.cancellations_at_fault
        cancelled = ngettext("cancelled %(count)s deal by own fault", "cancelled %(count)s deals by own fault", count)
        facts.append(Fact(cancelled % {"count": count}, "danger"))
    return facts


def _portrait(user: "User", record: ExecutorRecord, rating: Rating) -> Portrait:
    parts = [_deals(record)]
    if record.answer_minutes is not None and record.answer_minutes <= 24 * 60:
        parts.append(_("answers in %(time)s") % {"time": words.duration(record.answer_minutes)})
    return Portrait(user, user.public_name, photo_of(user), " · ".join(parts), record, rating)


def _deals(record: ExecutorRecord) -> str:
    if not record.deals:
        return _("new executor")
    return ngettext("%(count)s deal", "%(count)s deals", record.deals) % {"count": record.deals}
