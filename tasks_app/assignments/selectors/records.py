"""What the past says of a person as an executor and as a customer. Counts of rows, nothing kept beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Count, ExpressionWrapper, F, FloatField, Func, Q

from marketplace.kit.clock import now
from tasks_app.models import Assignment, Cancellation, Response, Task

# A newcomer counts as somebody with ten deals, one of them failed by own fault.
PRIOR_KEPT, PRIOR_ALL = 9, 10
ANSWERS_SINCE = timedelta(days=90)
FEW_TASKS = 3  # below this a share says nothing


@dataclass(frozen=True, slots=True)
class ExecutorRecord:
    """`reliability`: smoothed share (0..1) of deals not failed by own fault. `answer_minutes`: the median time from a
    task's posting to this person's response, of the last 90 days; None without one."""

    deals: int = 0
    cancellations: int = 0
    cancellations_at_fault: int = 0
    reliability: float = PRIOR_KEPT / PRIOR_ALL
    answer_minutes: int | None = None

    @property
    def kept(self) -> float | None:
        """The bare share (0..1) of deals not failed by own fault, for people to read; None before the first."""
        judged = self.deals + self.cancellations_at_fault
        return self.deals / judged if judged else None


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """`decided`: tasks that ended or got an executor; `hired`: those that got one; `hire_rate`: their share (0..1), None
    while there are fewer than three to judge by."""

    tasks: int = 0
    decided: int = 0
    hired: int = 0
    deals: int = 0
    cancellations_at_fault: int = 0
    hire_rate: float | None = None


class _Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


class _Minutes(Func):
    template = "EXTRACT(EPOCH FROM %(expressions)s) / 60.0"
    output_field = FloatField()


def executor_records(user_ids: Iterable[int]) -> dict[int, ExecutorRecord]:
    """Records of many executors in two queries; everybody asked for is in the answer."""
    ids = set(user_ids)
    fault = Q(status=Assignment.Status.CANCELLED, cancellation__fault=Cancellation.Fault.EXECUTOR)
    rows = (
        Assignment.objects.filter(executor_id__in=ids)
        .values("executor_id")
        .annotate(
            deals=Count("id", filter=Q(status=Assignment.Status.ACCEPTED)),
            cancelled=Count("id", filter=Q(status=Assignment.Status.CANCELLED)),
            at_fault=Count("id", filter=fault),
        )
    )
    counted = {row["executor_id"]: row for row in rows}
    answers = _answer_minutes(ids)
    return {pk: _executor(counted.get(pk), answers.get(pk)) for pk in ids}


def executor_record(user_id: int) -> ExecutorRecord:
    return executor_records([user_id])[user_id]


def customer_records(user_ids: Iterable[int]) -> dict[int, CustomerRecord]:
    """Records of many customers in two queries; everybody asked for is in the answer."""
    ids = set(user_ids)
    hired = Q(assignments__isnull=False)
    tasks = (
        Task.objects.filter(customer_id__in=ids)
        .exclude(status=Task.Status.REMOVED)
        .values("customer_id")
        .annotate(
            tasks=Count("id", distinct=True),
            decided=Count("id", distinct=True, filter=~Q(status=Task.Status.OPEN)),
            hired=Count("id", distinct=True, filter=hired),
        )
    )
    fault = Q(cancellation__fault=Cancellation.Fault.CUSTOMER)
    deals = (
        Assignment.objects.filter(customer_id__in=ids)
        .values("customer_id")
        .annotate(deals=Count("id", filter=Q(status=Assignment.Status.ACCEPTED)), at_fault=Count("id", filter=fault))
    )
    posted = {row["customer_id"]: row for row in tasks}
    ended = {row["customer_id"]: row for row in deals}
    return {pk: _customer(posted.get(pk), ended.get(pk)) for pk in ids}


def customer_record(user_id: int) -> CustomerRecord:
    return customer_records([user_id])[user_id]


def _answer_minutes(ids: set[int]) -> dict[int, int]:
    wait = ExpressionWrapper(F("created_at") - F("task__created_at"), output_field=FloatField())
    rows = (
        Response.objects.filter(executor_id__in=ids, created_at__gt=now() - ANSWERS_SINCE)
        .values("executor_id")
        .annotate(median=_Median(_Minutes(wait)))
    )
    return {row["executor_id"]: max(1, round(row["median"])) for row in rows}


def _executor(row: Mapping[str, Any] | None, answer_minutes: int | None) -> ExecutorRecord:
    if row is None:
        return ExecutorRecord(answer_minutes=answer_minutes)
    judged = row["deals"] + row["at_fault"]
    reliability = (row["deals"] + PRIOR_KEPT) / (judged + PRIOR_ALL)
    return ExecutorRecord(row["deals"], row["cancelled"], row["at_fault"], reliability, answer_minutes)


def _customer(posted: Mapping[str, Any] | None, ended: Mapping[str, Any] | None) -> CustomerRecord:
    if posted is None:
        return CustomerRecord()
    decided, hired = posted["decided"], posted["hired"]
    rate = hired / decided if decided >= FEW_TASKS else None
    deals, at_fault = (ended["deals"], ended["at_fault"]) if ended else (0, 0)
    return CustomerRecord(posted["tasks"], decided, hired, deals, at_fault, rate)
