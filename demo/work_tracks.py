"""Positions of ordinary deals: those under way now, and some of the last weeks."""

from datetime import timedelta

from demo.dice import Dice
from demo.people import Executor
from demo.tasks import Plan
from demo.tracks import Tracks, Visit, trip
from tasks_app.models import Assignment

RECENT = timedelta(days=20)
_RIDE = timedelta(minutes=25)


def walk_to_work(
    dice: Dice, tracks: Tracks, deals: list[tuple[Assignment, Plan]], executors: dict[int, Executor]
) -> None:
    for deal, plan in deals:
        place = plan.task.point
        if place is None or plan.cancelled:
            continue
        home = executors[deal.executor_id].home.point
        if deal.status == Assignment.Status.ON_THE_WAY and deal.on_the_way_at:
            arrive = tracks.now + timedelta(minutes=14)
            rest = deal.on_the_way_at - timedelta(minutes=6)
            tracks.walk(deal.executor, [Visit(home, rest, deal.on_the_way_at), Visit(place, arrive, arrive)])
        elif deal.status == Assignment.Status.STARTED and deal.started_at:
            later = tracks.now + timedelta(hours=1)
            left = deal.started_at - _RIDE
            tracks.walk(
                deal.executor, [Visit(home, left - timedelta(minutes=9), left), Visit(place, deal.started_at, later)]
            )
        elif deal.done_at and deal.started_at and deal.done_at > tracks.now - RECENT and dice.chance(0.5):
            tracks.walk(deal.executor, trip(home, place, deal.started_at, deal.done_at, ride=_RIDE))
