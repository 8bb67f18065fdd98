"""What people did over a time, for the fraud package's signals: counts of rows, nothing judged."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q

from tasks_app.models import Assignment, Cancellation, Task

CANCELLED = Q(status=Assignment.Status.CANCELLED)
QUICK = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class PairCount:
    executor_id: int
    customer_id: int
    deals: int
    cancelled: int
    last_at: datetime


@dataclass(slots=True)
class Habits:
    """One executor's deals: how many were cancelled, how many within two hours of the choice, the most with one
    customer; `responses`: of all the deals."""

    executor_id: int
    deals: int = 0
    cancelled: int = 0
    quickly: int = 0
    most_with_one: int = 0
    responses: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Chooser:
    customer_id: int
    tasks: int
    responses: int


@dataclass(frozen=True, slots=True)
class Repost:
    cancellation_id: int
    executor_id: int
    customer_id: int
    cancelled_at: datetime
    posted_at: datetime


def pairs_by_cancellations(*, since: datetime, cancelled_from: int) -> list[PairCount]:
    rows = (
        Assignment.objects.filter(chosen_at__gte=since)
        .values("executor_id", "customer_id")
        .annotate(deals=Count("id"), cancelled=Count("id", filter=CANCELLED), last_at=Max("cancellation__at"))
        .filter(cancelled__gte=cancelled_from)
    )
    return [PairCount(**row) for row in rows]


def pairs_that_cancelled(*, since: datetime) -> list[tuple[int, int]]:
    """(executor, customer) of cancelled deals, each once."""
    rows = Cancellation.objects.filter(at__gte=since).values_list("assignment__executor_id", "assignment__customer_id")
    return sorted(set(rows))


def executor_habits(*, since: datetime) -> list[Habits]:
    rows = Assignment.objects.filter(chosen_at__gte=since).values_list(
        "executor_id", "customer_id", "response_id", "status", "chosen_at", "cancellation__at"
    )
    found: dict[int, Habits] = {}
    with_one: dict[int, Counter[int]] = {}
    for executor_id, customer_id, response_id, status, chosen_at, cancelled_at in rows.iterator():
        own = found.setdefault(executor_id, Habits(executor_id))
        own.deals += 1
        own.responses.add(response_id)
        if status == Assignment.Status.CANCELLED:
            own.cancelled += 1
            own.quickly += cancelled_at is not None and cancelled_at - chosen_at <= QUICK
            with_one.setdefault(executor_id, Counter())[customer_id] += 1
    for executor_id, counted in with_one.items():
        found[executor_id].most_with_one = max(counted.values())
    return list(found.values())


def customers_who_never_choose(*, since: datetime, tasks_from: int, responses_from: int) -> list[Chooser]:
    """Customers of many tasks, many responses and not one choice."""
    posted = Task.objects.filter(created_at__gte=since).values("customer_id")
    rows = posted.annotate(
        tasks=Count("id", distinct=True),
        answers=Count("responses", distinct=True),
        chosen=Count("assignments", distinct=True),
    ).filter(chosen=0, tasks__gte=tasks_from, answers__gte=responses_from)
    return [Chooser(row["customer_id"], row["tasks"], row["answers"]) for row in rows]


def reposts_after_cancellation(*, since: datetime, within: timedelta) -> list[Repost]:
    """Cancelled deals whose customer posted a task of the same category and place again soon after."""
    rows = Cancellation.objects.filter(at__gte=since).select_related("assignment__task")
    found = []
    for row in rows.iterator():
        deal = row.assignment
        posted_at = posted_again(
            customer_id=deal.customer_id, category_id=deal.task.category_id, title=deal.task.title,
            address=deal.task.address, but=deal.task_id, after=row.at, until=row.at + within,
        )  # fmt: skip
        if posted_at is not None:
            found.append(Repost(row.pk, deal.executor_id, deal.customer_id, row.at, posted_at))
    return found


def posted_again(
    *, customer_id: int, category_id: int, title: str, address: str, but: int, after: datetime, until: datetime
) -> datetime | None:
    """When the customer first posted a task of the same category and title or address in (after, until], other than `but`."""
    again = Task.objects.filter(
        customer_id=customer_id, category_id=category_id, created_at__gt=after, created_at__lte=until
    ).filter(Q(title=title) | Q(address=address) & ~Q(address=""))
    return again.exclude(pk=but).order_by("created_at").values_list("created_at", flat=True).first()


def people_at_the_same_address(user_ids: set[int]) -> list[tuple[int, int, str]]:
    """(one, another, address) of customers whose tasks were at exactly the same flat or the same point."""
    own = Task.objects.filter(customer_id__in=user_ids, is_remote=False).exclude(address="")
    found: set[tuple[int, int, str]] = set()
    for address, flat, customer_id in own.values_list("address", "flat", "customer_id").distinct()[:200]:
        same = Task.objects.filter(address=address, flat=flat).exclude(customer_id=customer_id)
        for other in same.values_list("customer_id", flat=True).distinct()[:10] if flat else ():
            found.add((min(customer_id, other), max(customer_id, other), address))
    return sorted(found)


def partners_of(user_ids: set[int], *, cancelled_from: int = 1) -> list[tuple[int, int, int]]:
    """(executor, customer, cancelled deals) in which one of the people is."""
    rows = (
        Cancellation.objects.filter(Q(assignment__executor_id__in=user_ids) | Q(assignment__customer_id__in=user_ids))
        .values(executor=F("assignment__executor_id"), customer=F("assignment__customer_id"))
        .annotate(count=Count("id"))
        .filter(count__gte=cancelled_from)
        .order_by("-count")[:100]
    )
    return [(row["executor"], row["customer"], row["count"]) for row in rows]
