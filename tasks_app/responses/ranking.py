"""The order in which a customer sees responses, from four facts that are told in words («почему такой порядок»)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks_app.assignments.selectors.records import ExecutorRecord
from tasks_app.models import Response, Task

# What each fact can add, of 100 points. The reader sees these numbers beside the words.
RELIABILITY, EXPERIENCE, PRICE, TIME = 40, 20, 25, 15
FULL_EXPERIENCE = 20  # deals after which more do not count
PUNCTUAL = timedelta(hours=1)  # an offered time this near to the asked one is as good as it


@dataclass(frozen=True, slots=True)
class RankFact:
    """`points` of `most`; `words` is the sentence behind them."""

    words: str
    points: int
    most: int


@dataclass(frozen=True, slots=True)
class RankedResponse:
    response: Response
    record: ExecutorRecord
    facts: tuple[RankFact, ...]

    @property
    def points(self) -> int:
        return sum(fact.points for fact in self.facts)


def rank(task: Task, responses: Sequence[Response], records: dict[int, ExecutorRecord]) -> list[RankedResponse]:
    """Most points first; of equals the earlier response."""
    middle = median([response.price_minor for response in responses]) if responses else 0
    ranked = [_facts(task, response, records[response.executor_id], middle) for response in responses]
    return sorted(ranked, key=lambda row: (-row.points, row.response.created_at, row.response.pk))


def _facts(task: Task, response: Response, record: ExecutorRecord, middle: float) -> RankedResponse:
    facts = (_reliability(record), _experience(record), _price(task, response, middle), _time(task, response))
    return RankedResponse(response, record, facts)


def _reliability(record: ExecutorRecord) -> RankFact:
    if not record.deals and not record.cancellations_at_fault:
        words = _("new here: counted as a usual executor until the first deals")
    elif not record.cancellations_at_fault:
        words = _("has not failed a deal by own fault")
    else:
        words = ngettext(
            "failed %(count)s deal by own fault", "failed %(count)s deals by own fault", record.cancellations_at_fault
        ) % {"count": record.cancellations_at_fault}
    return RankFact(words, round(RELIABILITY * record.reliability), RELIABILITY)


def _experience(record: ExecutorRecord) -> RankFact:
    words = ngettext("%(count)s finished deal", "%(count)s finished deals", record.deals) % {"count": record.deals}
    return RankFact(words, round(EXPERIENCE * min(record.deals, FULL_EXPERIENCE) / FULL_EXPERIENCE), EXPERIENCE)


def _price(task: Task, response: Response, middle: float) -> RankFact:
    """Against the customer's budget; without one, against the middle of the offers."""
    asked = task.price_high_minor or task.price_minor
    over = response.price_minor / (asked or middle) - 1
    if asked:
        words = _("the price is within your budget") if over <= 0 else _("the price is above your budget")
    else:
        words = _("the price is not above the middle offer") if over <= 0 else _("the price is above the middle offer")
    return RankFact(words, round(PRICE * max(0.0, 1 - max(0.0, over) * 2)), PRICE)


def _time(task: Task, response: Response) -> RankFact:
    if response.available_at is None:
        return RankFact(_("the time is not named"), round(TIME * 0.5), TIME)
    if task.starts_at is None:
        return RankFact(_("names a time, any suits you"), TIME, TIME)
    latest = (task.ends_at or task.starts_at) + PUNCTUAL
    if task.starts_at - PUNCTUAL <= response.available_at <= latest:
        return RankFact(_("can come when you asked"), TIME, TIME)
    return RankFact(_("offers another time"), 0, TIME)
