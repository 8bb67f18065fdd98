"""Makes the world in its order: people, tasks, responses, deals, money."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from demo import assignments, books, people, responses, tasks
from demo.cast import meet_staff
from demo.dice import Dice
from demo.places import read_places
from marketplace.kit.clock import now
from tasks_app.models import Assignment, AssignmentEvent, Response, ResponseEvent, Task, TaskEvent, TaskPoint

EXECUTORS, CUSTOMERS, TASKS = 400, 140, 2920


@dataclass
class World:
    executors: list[people.Executor]
    customers: list[people.Customer]
    plans: list[tasks.Plan]


def build(*, seed: int, scale: float, say: Callable[[str], None]) -> World:
    """`scale` 1.0 is the full world. Everything is written in one transaction: a world is whole or not there."""
    with transaction.atomic():
        return _build(Dice(seed), scale, say)


def _build(dice: Dice, scale: float, say: Callable[[str], None]) -> World:
    moment = now().replace(microsecond=0)
    places = read_places()
    staff = meet_staff(moment)
    executors = people.make_executors(dice, places, max(24, int(EXECUTORS * scale)), moment, staff.moderator)
    customers = people.make_customers(dice, places, max(16, int(CUSTOMERS * scale)), moment)
    say(f"{len(executors)} executors, {len(customers)} customers")
    plans = tasks.plan_tasks(dice, places, executors, customers, max(40, int(TASKS * scale)), moment)
    responses.plan_responses(dice, plans, executors, moment)
    _save_tasks(plans)
    _save_responses(plans)
    _save_deals(dice, plans, staff.moderator, moment)
    say(f"{len(plans)} tasks, {sum(len(plan.responses) for plan in plans)} responses")
    books.keep_books(dice, plans, executors, moment)
    say("wallets and their statements")
    return World(executors, customers, plans)


def _save_tasks(plans: list[tasks.Plan]) -> None:
    Task.objects.bulk_create([plan.task for plan in plans], batch_size=500)
    TaskPoint.objects.bulk_create([point for plan in plans for point in plan.points], batch_size=1000)


def _save_responses(plans: list[tasks.Plan]) -> None:
    rows = sorted((r for plan in plans for r in plan.responses), key=lambda response: response.created_at)
    Response.objects.bulk_create(rows, batch_size=1000)
    ResponseEvent.objects.bulk_create(responses.response_events(plans), batch_size=2000)


def _save_deals(dice: Dice, plans: list[tasks.Plan], moderator: people.User, moment: object) -> None:
    rows = list(assignments.assignments(dice, plans, moment))
    rows.sort(key=lambda row: row.chosen_at)
    Assignment.objects.bulk_create(rows, batch_size=1000)
    by_task = {plan.task.pk: plan for plan in plans}
    AssignmentEvent.objects.bulk_create(assignments.assignment_events(rows, by_task), batch_size=2000)
    TaskEvent.objects.bulk_create(assignments.task_events(dice, plans, moderator), batch_size=2000)
