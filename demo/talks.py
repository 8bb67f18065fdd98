"""Conversations about responses: before the choice, once agreed, and when the work is finished."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from demo.copying import copy_rows, save_rows
from demo.dice import Dice
from demo.people import Executor
from demo.tasks import Plan
from demo.texts import read
from marketplace.accounts.models import User
from marketplace.chat.models import Message, Thread
from tasks_app.models import Response

Line = dict[str, str]
Said = list[tuple[User, str, datetime]]


@dataclass
class Talk:
    plan: Plan
    response: Response
    woman: bool


def hold_talks(dice: Dice, plans: list[Plan], executors: dict[int, Executor], now: datetime) -> None:
    threads, messages = [], []
    for plan in plans:
        for response in plan.responses:
            if response.seen_at is None or response.status == Response.Status.WITHDRAWN:
                continue
            talk = Talk(plan, response, executors[response.executor_id].woman)
            said = _said(dice, talk, now)
            if said:
                thread = _thread(talk, said)
                threads.append(thread)
                messages += [(thread, sender, text, at) for sender, text, at in said]
    save_rows(threads)
    messages.sort(key=lambda message: message[3])
    copy_rows(
        Message,
        ("thread_id", "sender_id", "client_id", "text", "masked_contacts", "at"),
        ((thread.pk, sender.pk, str(dice.uuid()), text, 0, at) for thread, sender, text, at in messages),
    )
    _mark_read(before=now - timedelta(hours=2))


def _said(dice: Dice, talk: Talk, now: datetime) -> Said:
    parts, times = read("chats"), talk.plan.times
    afar = "_remote" if talk.plan.task.is_remote else ""
    seen = talk.response.seen_at or talk.response.created_at
    said: Said = []
    if dice.chance(0.3):
        end = times.chosen or times.ended or now
        said += _spoken(dice, talk, dice.pick(parts[f"before{afar}"]), seen + dice.minutes(1, 20), end)
    if talk.response is talk.plan.chosen and times.chosen and dice.chance(0.85):
        said += _spoken(
            dice, talk, dice.pick(parts[f"agreed{afar}"]), times.chosen + dice.minutes(2, 25), times.started or now
        )
        if times.done and dice.chance(0.5):
            said += _spoken(dice, talk, dice.pick(parts[f"finished{afar}"]), times.done, times.ended or now)
    return said


def _spoken(dice: Dice, talk: Talk, lines: list[Line], start: datetime, end: datetime) -> Said:
    """The lines one after another, as long as there is time for them."""
    said: Said = []
    at = start
    for line in lines:
        if at >= end:
            break
        ((side, text),) = line.items()
        customer = side == "c"
        woman = talk.plan.customer.woman if customer else talk.woman
        said.append((talk.plan.customer.user if customer else talk.response.executor, dice.say(text, woman=woman), at))
        at += dice.minutes(0.5, 14)
    return _by_day(said, end, talk.plan.customer.town.zone)


def _by_day(said: Said, end: datetime, zone: ZoneInfo) -> Said:
    """What would begin at night begins in the morning after, as long as all of it is said in time. No dice are thrown, so that
    the rest of the world stays as it is."""
    wait = _until_morning(said[0][2].astimezone(zone)) if said else timedelta()
    if not wait or said[-1][2] + wait >= end:
        return said
    return [(sender, text, at + wait) for sender, text, at in said]


def _until_morning(local: datetime) -> timedelta:
    """The whole night goes into the first three hours of the day, each where it stood in it; nothing by day."""
    bed = local.replace(hour=22, minute=30, second=0, microsecond=0)
    if local < bed:
        bed -= timedelta(days=1)
    up = (bed + timedelta(days=1)).replace(hour=8, minute=0)
    if local >= up:
        return timedelta()
    return up + (local - bed) / (up - bed) * timedelta(hours=3) - local


def _thread(talk: Talk, said: list[tuple[User, str, datetime]]) -> Thread:
    return Thread(
        response=talk.response,
        customer=talk.plan.customer.user,
        executor=talk.response.executor,
        created_at=said[0][2],
        last_message_at=said[-1][2],
    )


def _mark_read(*, before: datetime) -> None:
    """Everybody has read everything, but for the last hours."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE chat_thread t SET customer_read_id = m.last, executor_read_id = m.last FROM (
                   SELECT thread_id, max(id) AS last FROM chat_message WHERE at < %s GROUP BY thread_id) m
               WHERE m.thread_id = t.id""",
            [before],
        )
