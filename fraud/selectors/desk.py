"""What the moderators' desk shows. The caller has checked that the reader is a moderator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from fraud.learning.capacity import capacity_per_day, done_today, left_today
from fraud.models import Case, CaseEvent, Decision, Inquiry
from fraud.selectors.evidence import EvidenceView, context_facts, evidence_of
from fraud.selectors.scores import ScoreView, score_of
from marketplace.accounts import selectors as people
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from marketplace.kit.pagination import Page, key_page
from tasks_app import selectors as tasks

if TYPE_CHECKING:
    from marketplace.accounts.models import Appeal, User

VIEWS = ("open", "mine", "closed")
TELLING = frozenset({"opened", "refund_held", "score_raised"})  # when and how a case was opened tells why


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One line of the queue. `by_chance` (a random check) is told once the case is closed: until then all cases look alike, so
    that none is judged by why it was opened."""

    case_id: int
    title: str
    place: str
    city: str
    by_side: str
    price: Money
    by_chance: bool
    status: str
    outcome: str
    due_at: datetime
    zone: str  # of the task's city, as the case's own page tells its times
    assignee: str
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class DayOfWork:
    """What moderators can do today and what waits. `beyond`: open cases that today's capacity does not reach."""

    capacity: int
    done: int
    left: int
    waiting: int
    beyond: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything a moderator needs on one screen. `place`: (lon, lat). `blind`: no score, and nothing that tells whether the case
    was flagged or drawn."""

    case: Case
    line: QueueLine
    deal: tasks.CancelledAssignment
    city_slug: str
    address: str
    place: tuple[float, float]
    evidence: EvidenceView | None
    score: ScoreView | None
    for_facts: list[str]
    against_facts: list[str]
    blind: bool
    executor: "tasks.ExecutorRecord"
    customer: "tasks.CustomerRecord"
    pair_cancelled: int
    events: list[CaseEvent]
    inquiries: list[Inquiry]
    explanations: list[CaseEvent]
    decisions: list[Decision]
    appeal: "Appeal | None"


@dataclass(frozen=True, slots=True)
class ClosedSearch:
    """What is looked for among closed cases; an empty field asks nothing. `person`: a name, a phone or an e-mail of
    either side; `category`: its slug."""

    person: str = ""
    category: str = ""
    outcome: str = ""


def queue_page(
    *, view: str, by: "User", after: str | None = None, size: int = 40, search: ClosedSearch | None = None
) -> Page[QueueLine]:
    """The queue, the most urgent to look at first; `view`: open, mine or closed (the latest closed first, as searched)."""
    if view == "closed":
        rows, order = _found(_queue(view, by), search or ClosedSearch()), ["closed_at", "id"]
    else:
        rows, order = _queue(view, by), ["rank", "id"]
    page = key_page(rows, order=order, after=after, size=size)
    cut = _cut(left_today()) if view == "open" else None
    return Page(
        [_line(case, beyond=cut is not None and (case.rank, case.pk) < cut) for case in page.rows], page.next_key
    )


def day_of_work() -> DayOfWork:
    waiting, left = open_count(), left_today()
    return DayOfWork(capacity_per_day(), done_today(), left, waiting, max(0, waiting - left))


def outcomes() -> list[tuple[str, str]]:
    """How a case can end: code and words."""
    return [(str(code), str(label)) for code, label in Case.Outcome.choices]


def open_count() -> int:
    return _open().count()


def flag_waits() -> bool:
    """Whether any flagged deal is undecided: a flag lives for 72 hours, random checks stay."""
    return Case.objects.exclude(status=Case.Status.CLOSED).filter(kind=Case.Kind.FLAG).exists()


def next_case_id(case_id: int, by: "User", *, back: bool = False) -> int | None:
    """The case below (or above) in the queue of open cases, for the keyboard."""
    case = Case.objects.filter(pk=case_id).only("rank").first()
    if case is None:
        return None
    if back:
        above = Q(rank__gt=case.rank) | Q(rank=case.rank, pk__gt=case.pk)
        return _queue("open", by).filter(above).order_by("rank", "id").values_list("pk", flat=True).first()
    below = Q(rank__lt=case.rank) | Q(rank=case.rank, pk__lt=case.pk)
    return _queue("open", by).filter(below).order_by("-rank", "-id").values_list("pk", flat=True).first()


def case_file(case: Case, *, blind: bool = False) -> CaseFile:
    """The caller has logged the look (`services.view_case`). Blind until it is closed; `blind`: then too."""
    deal = tasks.cancelled_assignment(case.cancellation_id)
    row = _rows().get(pk=case.pk)
    task = row.cancellation.assignment.task
    blind = blind or case.status != Case.Status.CLOSED
    evidence = evidence_of(case.cancellation_id, deal.time_zone)
    said_for, said_against = context_facts(case, deal)
    events = [row for row in case.events.select_related("actor") if not (blind and row.kind in TELLING)]
    return CaseFile(
        case=case,
        line=_line(row),
        deal=deal,
        city_slug=task.city.slug,
        address=task.address,
        place=(deal.lon or 0.0, deal.lat or 0.0),
        evidence=evidence,
        score=None if blind else score_of(case.cancellation_id),
        for_facts=[*(evidence.for_facts if evidence else []), *said_for],
        against_facts=[*(evidence.against_facts if evidence else []), *said_against],
        blind=blind,
        executor=tasks.executor_record(case.executor_id),
        customer=tasks.customer_record(case.customer_id),
        pair_cancelled=tasks.pair_cancellations(
            customer_id=case.customer_id,
            executor_id=case.executor_id,
            start=deal.chosen_at.replace(year=2000),
            end=now(),
        ),
        events=events,
        explanations=[event for event in events if event.kind == "explained"],
        inquiries=list(case.inquiries.select_related("person")),
        decisions=list(case.decisions.select_related("by")),
        appeal=people.appeals_of(case.executor).get(case.reference),
    )


def appeal_lines(appeals: "Iterable[Appeal]") -> "list[tuple[Appeal, Case]]":
    """Pending appeals against cases, with their cases."""
    by_id = {int(appeal.subject.removeprefix("case:")): appeal for appeal in appeals}
    return [(by_id[case.pk], case) for case in _rows().filter(pk__in=by_id)]


def cancellation_of_case(case_id: int) -> int:
    """Raises NotFound."""
    found: int | None = Case.objects.filter(pk=case_id).values_list("cancellation_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def case_of_appeal(appeal: "Appeal") -> Case:
    """Raises NotFound for an appeal that is not about a case."""
    kind, _colon, number = appeal.subject.partition(":")
    case = Case.objects.filter(pk=number).first() if kind == "case" and number.isdigit() else None
    if case is None:
        raise NotFound
    return case


def _rows() -> "QuerySet[Case]":
    return Case.objects.select_related(
        "cancellation__assignment__task__city",
        "cancellation__assignment__task__district",
        "cancellation__assignment__response",
        "assignee",
    )


def _open() -> "QuerySet[Case]":
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=now())
    return _rows().exclude(status=Case.Status.CLOSED).filter(awake)


def _queue(view: str, by: "User") -> "QuerySet[Case]":
    """Nobody meets a case of their own in the queue."""
    if view == "closed":
        rows = _rows().filter(status=Case.Status.CLOSED)
    elif view == "mine":
        rows = _rows().exclude(status=Case.Status.CLOSED).filter(assignee=by)
    else:
        rows = _open()
    return rows.exclude(Q(executor=by) | Q(customer=by))


def _found(rows: "QuerySet[Case]", search: ClosedSearch) -> "QuerySet[Case]":
    if search.person:
        ids = [person.pk for person in people.find_people(search.person)]
        rows = rows.filter(Q(executor__in=ids) | Q(customer__in=ids))
    if search.category:
        rows = rows.filter(cancellation__assignment__task__category__slug=search.category)
    return rows.filter(outcome=search.outcome) if search.outcome else rows


def _cut(left: int) -> tuple[float, int] | None:
    """Rank and id of the last open case that today's capacity reaches; None when it reaches all."""
    if left <= 0:
        return (float("inf"), 0)
    found = list(_open().order_by("-rank", "-id").values_list("rank", "pk")[left - 1 : left + 1])
    return found[0] if len(found) == 2 else None


def _line(case: Case, *, beyond: bool = False) -> QueueLine:
    deal, closed = case.cancellation.assignment, case.status == Case.Status.CLOSED
    return QueueLine(
        case_id=case.pk,
        title=deal.task.title,
        place=deal.task.district.name if deal.task.district else "",
        city=deal.task.city.name,
        by_side=case.cancellation.get_by_side_display(),
        price=deal.response.price,
        by_chance=closed and case.kind == Case.Kind.AUDIT,
        status=case.status,
        outcome=case.get_outcome_display() if case.outcome else "",
        due_at=case.due_at,
        zone=deal.task.city.time_zone,
        assignee=case.assignee.public_name if case.assignee else "",
        beyond=beyond,
    )
