"""Makes the world in its order: people, tasks, responses, pictures, deals, positions, words, money, cancellations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from threading import Thread

from django.db import connection, transaction

from demo import assignments, books, people, responses, tasks
from demo.cancelled import Cancelled, plan_cancelled, walk_cancelled
from demo.cast import Staff, meet_staff
from demo.cast.stories import perform
from demo.copying import copy_rows, save_rows
from demo.dice import Dice
from demo.gallery import Gallery, add_task_photos, fill_albums, hang_portraits
from demo.places import Places, read_places
from demo.replay import Replay
from demo.reviews import Reviewers
from demo.talks import hold_talks
from demo.tracks import Tracks
from demo.waiting import queue_up
from demo.work_tracks import walk_to_work
from marketplace.kit.clock import now
from tasks_app.models import Assignment, AssignmentEvent, ResponseEvent, TaskEvent

EXECUTORS, CUSTOMERS, TASKS, CANCELLED = 400, 140, 2920, 60
Say = Callable[[str], None]


@dataclass
class World:
    """What has been made so far; `plans` include those of the cancelled deals."""

    dice: Dice
    moment: datetime
    places: Places
    staff: Staff
    executors: list[people.Executor]
    customers: list[people.Customer]
    plans: list[tasks.Plan]
    cancelled: list[Cancelled]


def build(*, seed: int, scale: float, say: Say) -> World:
    """`scale` 1.0 is the full world. Everything is written in one transaction: a world is whole or not there."""
    with transaction.atomic(), Gallery(Dice(seed)) as gallery:
        _take_time()
        world = _plan(Dice(seed), scale)
        say(f"{len(world.executors)} executors, {len(world.customers)} customers")
        _save_tasks(world)
        _order_pictures(world, gallery)
        libraries = Thread(target=import_module, args=["fraud.scoring.by_model"])  # read in while the database works
        libraries.start()
        deals = _save_deals(world)
        say(f"{len(world.plans)} tasks, {sum(len(plan.responses) for plan in world.plans)} responses")
        _save_positions(world, deals)
        _save_words(world, deals)
        say("conversations and reviews")
        ledger = books.keep_books(world.dice, world.plans, world.executors, world.moment)
        ledger.flush(min(deal.at for deal in world.cancelled))
        _check_what_is_written()
        libraries.join()
        say("wallets and statements")
        Replay(ledger, world.staff, world.moment).run(world.cancelled)
        ledger.flush(world.moment)
        say(f"{len(world.cancelled)} cancelled deals looked at")
        waiting = queue_up(world.dice, world.places, world.staff.moderator, world.moment)
        say(f"{len(waiting)} people wait for verification")
        perform(world)
        say("the stories of the people to log in as")
    say("portraits, albums, photos")
    return world


def _take_time() -> None:
    """Between two statements lies as much planning as a slow machine needs."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _plan(dice: Dice, scale: float) -> World:
    moment = now().replace(microsecond=0)
    places = read_places()
    staff = meet_staff(moment)
    executors = people.make_executors(dice, places, max(24, int(EXECUTORS * scale)), moment, staff.moderator)
    customers = people.make_customers(dice, places, max(16, int(CUSTOMERS * scale)), moment)
    plans = tasks.plan_tasks(dice, places, executors, customers, max(40, int(TASKS * scale)), moment)
    responses.plan_responses(dice, plans, executors, moment)
    cancelled = plan_cancelled(dice, places, executors, customers, max(5, int(CANCELLED * scale)), moment)
    plans = sorted([*plans, *(deal.plan for deal in cancelled)], key=lambda plan: plan.times.created)
    return World(dice, moment, places, staff, executors, customers, plans, cancelled)


def _save_tasks(world: World) -> None:
    save_rows([plan.task for plan in world.plans])
    save_rows([point for plan in world.plans for point in plan.points])
    rows = sorted((r for plan in world.plans for r in plan.responses), key=lambda response: response.created_at)
    save_rows(rows)
    copy_rows(ResponseEvent, responses.EVENT_COLUMNS, responses.response_events(world.plans))


def _save_deals(world: World) -> list[tuple[Assignment, tasks.Plan]]:
    by_task = {plan.task.pk: plan for plan in world.plans}
    rows = list(assignments.assignments(world.dice, world.plans, world.moment))
    rows.sort(key=lambda row: row.chosen_at)
    save_rows(rows)
    steps = assignments.assignment_events(rows, by_task)
    copy_rows(AssignmentEvent, ("assignment_id", *assignments.EVENT_COLUMNS), steps)
    steps = assignments.task_events(world.dice, world.plans, world.staff.moderator)
    copy_rows(TaskEvent, ("task_id", *assignments.EVENT_COLUMNS), steps)
    return [(row, by_task[row.task_id]) for row in rows]


def _save_positions(world: World, deals: list[tuple[Assignment, tasks.Plan]]) -> None:
    tracks = Tracks(world.dice, world.moment)
    walk_cancelled(world.dice, tracks, world.cancelled)
    walk_to_work(world.dice, tracks, deals, {e.user.pk: e for e in world.executors})
    tracks.save()


def _save_words(world: World, deals: list[tuple[Assignment, tasks.Plan]]) -> None:
    by_user = {executor.user.pk: executor for executor in world.executors}
    hold_talks(world.dice, world.plans, by_user, world.moment)
    Reviewers(world.dice, by_user, world.moment).write(deals)


def _check_what_is_written() -> None:
    """Now, while the libraries are read in beside, and not at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _order_pictures(world: World, gallery: Gallery) -> None:
    hang_portraits(gallery, world.executors, world.customers)
    fill_albums(gallery, world.executors)
    add_task_photos(gallery, world.plans)
    gallery.draw()
