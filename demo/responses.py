"""Who answered which task, for how much, and what became of each response."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from demo.dice import Dice
from demo.people import Executor
from demo.tasks import Plan, price_of
from demo.texts import of_category, read
from tasks_app.models import Response

UNOPENED = timedelta(hours=48)
JOINED_BEFORE = timedelta(hours=6)  # verified, and with the first credit in the wallet
_ENDED_REASON = {"expired": "task_expired", "cancelled": "cancelled_before_choice", "removed": "task_removed"}


def plan_responses(dice: Dice, plans: list[Plan], executors: list[Executor], now: datetime) -> None:
    """Fills in `responses` and `chosen` of every plan; a task that nobody can answer falls back to open or expired."""
    by_place: dict[tuple[int, int], list[Executor]] = defaultdict(list)
    by_category: dict[int, list[Executor]] = defaultdict(list)
    for executor in executors:
        for category in executor.categories:
            by_place[category.pk, executor.town.city.pk].append(executor)
            by_category[category.pk].append(executor)
    for plan in plans:
        task = plan.task
        pool = by_category[task.category_id] if task.is_remote else by_place[task.category_id, task.city_id]
        _answer(dice, plan, [e for e in pool if e.user.date_joined + JOINED_BEFORE < plan.times.created], now)


def _answer(dice: Dice, plan: Plan, pool: list[Executor], now: datetime) -> None:
    until = min(plan.times.chosen or plan.times.ended or now, plan.times.respond_by, now)
    wanted = min(len(pool), _how_many(dice, plan, until), plan.task.max_responses)
    if plan.times.chosen and not pool:
        _expire(plan, now)
        return
    if plan.times.chosen:
        wanted = max(1, wanted)
    skills = []
    for executor in _eager(dice, pool, wanted):
        skills.append(executor.skill)
        sent = _soon(dice, plan.times.created + timedelta(minutes=2), until - timedelta(minutes=15))
        plan.responses.append(respond(dice, plan, executor, sent))
    if plan.times.chosen:
        plan.chosen = dice.choices(plan.responses, weights=[1 + 3 * skill for skill in skills])[0]
    for response in plan.responses:
        settle(dice, plan, response, now)
    plan.task.responses_count = sum(r.status != Response.Status.WITHDRAWN for r in plan.responses)


def _eager(dice: Dice, pool: list[Executor], count: int) -> list[Executor]:
    """Some of the pool; who has more zeal is there more often (Efraimidis and Spirakis' weighted sample)."""
    lots = [(dice.random() ** (1 / executor.zeal), n) for n, executor in enumerate(pool)]
    return [pool[n] for _lot, n in sorted(lots, reverse=True)[:count]]


def _soon(dice: Dice, start: datetime, end: datetime) -> datetime:
    """Most answers come early, some late."""
    return start + max(timedelta(), end - start) * dice.random() ** 4


def _how_many(dice: Dice, plan: Plan, until: datetime) -> int:
    hours = (until - plan.times.created).total_seconds() / 3600
    ceiling = 1 if hours < 1 else 3 if hours < 4 else 9
    return (
        dice.randint(0, dice.randint(1, ceiling)) if plan.fate in ("expired", "removed") else dice.randint(0, ceiling)
    )


def _expire(plan: Plan, now: datetime) -> None:
    """Nobody does this here: the task ended without a choice."""
    starts = plan.times.starts if plan.times.starts and plan.times.starts <= now else None
    ended = starts or min(plan.times.chosen or now, now)
    plan.times = replace(
        plan.times, starts=starts, ends=None, respond_by=ended, chosen=None, started=None, done=None, ended=ended
    )
    plan.fate = plan.task.status = "expired"
    plan.task.respond_by = plan.task.closed_at = ended
    plan.task.timing, plan.task.starts_at, plan.task.ends_at = "exact" if starts else "flexible", starts, None


def respond(dice: Dice, plan: Plan, executor: Executor, sent: datetime) -> Response:
    task = plan.task
    asked = task.price_high_minor or task.price_minor or price_of(dice, task.category)
    price = max(10_000, round(asked * dice.uniform(0.85, 1.2) / 5_000) * 5_000)
    return Response(
        task=task,
        executor=executor.user,
        operation=f"demo-{dice.uuid()}",
        message=_message(dice, plan, executor),
        price_minor=price,
        currency=task.currency,
        available_at=task.starts_at,
        created_at=sent,
        unopened_due_at=sent + UNOPENED,
    )


def _message(dice: Dice, plan: Plan, executor: Executor) -> str:
    written = read("executors")
    place, category = "remote" if plan.task.is_remote else "onsite", plan.task.category
    if plan.customer.english and dice.chance(0.5):
        return dice.say(dice.pick(written["english"][place]))
    able = of_category(written["responses"]["able"], category.slug, category.group.slug)
    parts = [
        dice.pick(written["responses"]["hello"]),
        dice.fresh(able, plan.said),
        dice.fresh(written["responses"]["ask"][place], plan.said),
    ]
    return dice.sentences(*parts, woman=executor.woman, customer=plan.customer.user.name.split()[0])


def settle(dice: Dice, plan: Plan, response: Response, now: datetime) -> None:
    """What became of one response: opened or not, withdrawn, chosen, passed over, closed."""
    end = plan.times.chosen or plan.times.ended or now
    if response is plan.chosen:
        response.status = Response.Status.ACCEPTED
        response.seen_at = dice.moment(response.created_at + timedelta(minutes=2), end)
        return
    if dice.chance(0.86):
        seen = response.created_at + (dice.minutes(2, 150) if dice.chance(0.65) else dice.minutes(150, 16 * 60))
        response.seen_at = seen if seen < end else None
    if dice.chance(0.04):
        response.status = Response.Status.WITHDRAWN
    elif plan.chosen:
        response.status = Response.Status.NOT_CHOSEN
    elif plan.fate != "open":
        response.status = Response.Status.CLOSED


EVENT_COLUMNS = ("response_id", "at", "actor_id", "left", "entered", "reason", "before")
Event = tuple[int, datetime | None, int | None, str, str, str, dict[str, str]]


def response_events(plans: list[Plan]) -> Iterator[Event]:
    """Rows of ResponseEvent for saved responses."""
    for plan in plans:
        for response in plan.responses:
            yield from _history(plan, response)


def _history(plan: Plan, response: Response) -> Iterator[Event]:
    customer, executor = plan.customer.user.pk, response.executor_id
    yield (response.pk, response.created_at, executor, "", "sent", "sent", {})
    if response.seen_at:
        yield (response.pk, response.seen_at, customer, "sent", "sent", "seen", {})
    if response.status == Response.Status.WITHDRAWN:
        at = (response.seen_at or response.created_at) + timedelta(minutes=1)
        yield (response.pk, at, executor, "sent", "withdrawn", "withdrawn", {})
    elif response.status == Response.Status.ACCEPTED:
        yield (response.pk, plan.times.chosen, customer, "sent", "accepted", "chosen", {})
    elif response.status == Response.Status.NOT_CHOSEN:
        yield (response.pk, plan.times.chosen, customer, "sent", "not_chosen", "other_chosen", {})
    elif response.status == Response.Status.CLOSED:
        actor = customer if plan.fate == "cancelled" else None
        yield (response.pk, plan.times.ended, actor, "sent", "closed", _ENDED_REASON[plan.fate], {})
