"""How the work went: assignments, and the histories of assignments and tasks."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from demo.dice import Dice
from demo.tasks import Plan
from marketplace.accounts.models import User
from tasks_app.assignments.windows import agreed_window
from tasks_app.models import Assignment, AssignmentEvent, TaskEvent

AUTOMATIC = timedelta(hours=72)
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
        if plan.chosen is None or plan.times.chosen is None:
            continue
        start, end = agreed_window(plan.task, plan.times.chosen)
        times = plan.times
        soon = (
            plan.fate == "assigned"
            and not plan.cancelled
            and times.starts is not None
            and times.starts < now + timedelta(minutes=60)
        )
        on_the_way = (
            times.started - timedelta(minutes=35) if times.started else now - timedelta(minutes=9) if soon else None
        )
        yield Assignment(
            task=plan.task,
            response=plan.chosen,
            customer=plan.customer.user,
            executor=plan.chosen.executor,
            status="on_the_way" if soon else _STATUS[plan.fate],
            window_start=start,
            window_end=end,
            chosen_at=times.chosen,
            on_the_way_at=max(on_the_way, times.chosen) if on_the_way else None,
            started_at=times.started,
            done_at=times.done,
            accept_by=times.done + AUTOMATIC if times.done else None,
            closed_at=times.ended if plan.fate == "closed" else None,
            accepted_automatically=is_automatic(plan),
            dispute_reason=dice.pick(_DISPUTES) if plan.fate == "disputed" else "",
        )


def is_automatic(plan: Plan) -> bool:
    """The customer said nothing for 72 hours."""
    done, ended = plan.times.done, plan.times.ended
    return plan.fate == "closed" and done is not None and ended is not None and ended - done == AUTOMATIC


def assignment_events(rows: list[Assignment], plans: dict[int, Plan]) -> Iterator[AssignmentEvent]:
    for row in rows:
        steps = [("", "assigned", row.chosen_at, row.customer, "chosen")]
        if row.on_the_way_at:
            steps.append(("assigned", "on_the_way", row.on_the_way_at, row.executor, ""))
        if row.started_at:
            steps.append(("on_the_way", "started", row.started_at, row.executor, ""))
        if row.done_at:
            steps.append(("started", "done", row.done_at, row.executor, ""))
        ended = plans[row.task_id].times.ended
        if row.status == "accepted":
            by = None if row.accepted_automatically else row.customer
            steps.append(("done", "accepted", ended, by, "time_passed" if by is None else "accepted"))
        if row.status == "disputed":
            steps.append(("done", "disputed", ended, row.customer, ""))
        for left, entered, at, actor, reason in steps:
            yield AssignmentEvent(assignment=row, at=at, actor=actor, left=left, entered=entered, reason=reason)


def task_events(dice: Dice, plans: list[Plan], moderator: User) -> Iterator[TaskEvent]:
    for plan in plans:
        yield from _task_history(dice, plan, moderator)


def _task_history(dice: Dice, plan: Plan, moderator: User) -> Iterator[TaskEvent]:
    task, times, customer = plan.task, plan.times, plan.customer.user
    executor = plan.chosen.executor if plan.chosen else None
    steps = [("", "open", times.created, customer, "")]
    if times.chosen:
        steps.append(("open", "assigned", times.chosen, customer, "response_chosen"))
    if times.started:
        steps.append(("assigned", "in_progress", times.started, executor, "work_started"))
    if times.done:
        steps.append(("in_progress", "done", times.done, executor, "work_done"))
    if plan.fate == "closed":
        by = None if is_automatic(plan) else customer
        steps.append(("done", "closed", times.ended, by, "accepted" if by else "time_passed"))
    elif plan.fate == "disputed":
        steps.append(("done", "disputed", times.ended, customer, "disputed"))
    elif plan.fate == "cancelled":
        steps.append(("open", "cancelled", times.ended, customer, dice.pick(_TASK_REASONS)))
    elif plan.fate == "expired":
        steps.append(("open", "expired", times.ended, None, "deadline"))
    elif plan.fate == "removed":
        steps.append(("open", "removed", times.ended, moderator, dice.pick(["spam", "duplicate", "prohibited"])))
    for left, entered, at, actor, reason in steps:
        yield TaskEvent(task=task, at=at, actor=actor, left=left, entered=entered, reason=reason)
