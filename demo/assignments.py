"""How the work went: assignments, and the histories of assignments and tasks."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from demo.dice import Dice
from demo.tasks import Plan
from marketplace.accounts.models import User
from tasks_app.assignments.windows import agreed_window
from tasks_app.models import Assignment, Response

AUTOMATIC = timedelta(hours=72)
TO_DECIDE = timedelta(days=settings.RULES["dispute_days"])
_STATUS = {
    "assigned": "assigned",
    "in_progress": "started",
    "done": "done",
    "closed": "accepted",
    "disputed": "disputed",
}
_TASK_REASONS = ["plans_changed", "found_another", "nobody_suits", "mistake"]
_DISPUTES = [
    "Сделано не то, о чём договаривались: часть работы осталась, а цена выросла.",
    "Работа сделана наполовину, на звонки не отвечает второй день.",
    "Поцарапали стену и сказали, что так и было. Прошу разобраться.",
    "Договаривались с материалами, а теперь просят доплатить отдельно.",
]


def assignments(dice: Dice, plans: list[Plan], now: datetime) -> Iterator[Assignment]:
    for plan in plans:
        chosen_at = plan.times.chosen
        if plan.chosen is not None and chosen_at is not None:
            yield _assignment(dice, plan, plan.chosen, chosen_at, now)


def _assignment(dice: Dice, plan: Plan, response: Response, chosen_at: datetime, now: datetime) -> Assignment:
    times = plan.times
    start, end = agreed_window(plan.task, chosen_at)
    soon = times.starts is not None and times.starts < now + timedelta(minutes=60)
    coming = plan.fate == "assigned" and not plan.cancelled and soon
    left = now - timedelta(minutes=9) if coming else times.started and times.started - timedelta(minutes=35)
    return Assignment(
        task=plan.task,
        response=response,
        customer=plan.customer.user,
        executor=response.executor,
        status="on_the_way" if coming else _STATUS[plan.fate],
        window_start=start,
        window_end=end,
        chosen_at=chosen_at,
        on_the_way_at=max(left, chosen_at) if left else None,
        started_at=times.started,
        done_at=times.done,
        accept_by=times.done + AUTOMATIC if times.done else None,
        closed_at=times.ended if plan.fate == "closed" else None,
        accepted_automatically=is_automatic(plan),
        dispute_reason=dice.pick(_DISPUTES) if plan.fate == "disputed" else "",
        dispute_due_at=times.ended + TO_DECIDE if plan.fate == "disputed" and times.ended else None,
    )


def is_automatic(plan: Plan) -> bool:
    """The customer said nothing for 72 hours."""
    done, ended = plan.times.done, plan.times.ended
    return plan.fate == "closed" and done is not None and ended is not None and ended - done == AUTOMATIC


EVENT_COLUMNS = ("at", "actor_id", "left", "entered", "reason", "note")
Event = tuple[int, datetime | None, int | None, str, str, str, str]


def assignment_events(rows: list[Assignment], plans: dict[int, Plan]) -> Iterator[Event]:
    """Rows of AssignmentEvent for saved assignments."""
    for row in rows:
        ended, customer, executor = plans[row.task_id].times.ended, row.customer_id, row.executor_id
        yield (row.pk, row.chosen_at, customer, "", "assigned", "chosen", "")
        if row.on_the_way_at:
            yield (row.pk, row.on_the_way_at, executor, "assigned", "on_the_way", "", "")
        if row.started_at:
            yield (row.pk, row.started_at, executor, "on_the_way", "started", "", "")
        if row.done_at:
            yield (row.pk, row.done_at, executor, "started", "done", "", "")
        if row.status == Assignment.Status.ACCEPTED:
            by = None if row.accepted_automatically else customer
            yield (row.pk, ended, by, "done", "accepted", "accepted" if by else "time_passed", "")
        if row.status == Assignment.Status.DISPUTED:
            yield (row.pk, ended, customer, "done", "disputed", "", row.dispute_reason)


def task_events(dice: Dice, plans: list[Plan], moderator: User) -> Iterator[Event]:
    """Rows of TaskEvent for saved tasks."""
    for plan in plans:
        pk, times, customer = plan.task.pk, plan.times, plan.customer.user.pk
        executor = plan.chosen.executor_id if plan.chosen else None
        yield (pk, times.created, customer, "", "open", "", "")
        if times.chosen:
            yield (pk, times.chosen, customer, "open", "assigned", "response_chosen", "")
        if times.started:
            yield (pk, times.started, executor, "assigned", "in_progress", "work_started", "")
        if times.done:
            yield (pk, times.done, executor, "in_progress", "done", "work_done", "")
        if times.ended:
            yield (pk, times.ended, *_end(dice, plan, customer, moderator), "")


def _end(dice: Dice, plan: Plan, customer: int, moderator: User) -> tuple[int | None, str, str, str]:
    """Who, from, to, why."""
    if plan.fate == "closed":
        by = None if is_automatic(plan) else customer
        return by, "done", "closed", "accepted" if by else "time_passed"
    if plan.fate == "disputed":
        return customer, "done", "disputed", "disputed"
    if plan.fate == "cancelled":
        return customer, "open", "cancelled", dice.pick(_TASK_REASONS)
    if plan.fate == "removed":
        return moderator.pk, "open", "removed", dice.pick(["spam", "duplicate", "prohibited"])
    return None, "open", "expired", "deadline"
