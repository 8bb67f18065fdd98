"""What customers ask for: words, place, time, price and answers, by category."""

from dataclasses import dataclass, field
from datetime import datetime

from demo.answers import answers_to
from demo.calendar import CHOSEN, FATES, Clock, Times, can_be_now, times_of
from demo.dice import Dice
from demo.people import Customer, Executor
from demo.places import GROUP_SHARES, Address, Places
from demo.texts import read
from tasks_app.models import Category, Response, Task, TaskPoint

_REMOTE_SHARE = {"remote": 1.0, "either": 0.45, "onsite": 0.0, "route": 0.0}


@dataclass
class Plan:
    """A task with everything that happens to it."""

    task: Task
    customer: Customer
    fate: str
    times: Times
    points: list[TaskPoint] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    chosen: Response | None = None
    cancelled: bool = False  # chosen, and to be cancelled by `replay`
    said: set[str] = field(default_factory=set)  # lines of the responses: the next person says something else


def plan_tasks(
    dice: Dice, places: Places, executors: list[Executor], customers: list[Customer], count: int, now: datetime
) -> list[Plan]:
    """Tasks not yet saved, oldest first."""
    done_here = {(category.pk, executor.town.city.pk) for executor in executors for category in executor.categories}
    plans = []
    for number in range(count):
        customer = dice.pick(customers)
        # Every fate appears even in a small world.
        fate = list(FATES)[number] if number < len(FATES) else dice.weighted(FATES)
        category = dice.pick(places.groups[dice.weighted(GROUP_SHARES)])
        if fate in CHOSEN and not _may_be(fate, category, customer, done_here, now):
            fit = [one for one in places.categories if _may_be(fate, one, customer, done_here, now)]
            category, fate = (dice.pick(fit), fate) if fit else (category, "closed" if fate == "in_progress" else fate)
        plans.append(_plan(dice, places, customer, category, fate, now))
    plans.sort(key=lambda plan: plan.times.created)
    return plans


def _may_be(fate: str, category: Category, customer: Customer, done_here: set[tuple[int, int]], now: datetime) -> bool:
    """Whether somebody here does such work, and may be at it at this hour."""
    if (category.pk, customer.town.city.pk) not in done_here:
        return False
    clock = Clock.of(now, customer.town.zone, category)
    return fate != "in_progress" or can_be_now(clock, category.default_minutes)


def _plan(dice: Dice, places: Places, customer: Customer, category: Category, fate: str, now: datetime) -> Plan:
    times = times_of(dice, fate, Clock.of(now, customer.town.zone, category), category.default_minutes)
    # Half of what a person needs, they need at home.
    return plan_task(dice, places, customer, category, fate, times, home=dice.chance(0.5))


def plan_task(
    dice: Dice, places: Places, customer: Customer, category: Category, fate: str, times: Times, *, home: bool
) -> Plan:
    """One task with its words, place, time and price; not saved."""
    title, details = write(dice, category, customer)
    task = Task(
        customer=customer.user,
        category=category,
        city=customer.town.city,
        status=fate,
        title=title,
        details=details,
        answers=answers_to(dice, category.slug, places.questions.get(category.pk, []), f"{title}. {details}"),
        max_responses=category.max_responses,
        created_at=times.created,
        respond_by=times.respond_by,
        closed_at=times.ended if fate != "disputed" else None,
        version=dice.randint(1, 9),
        currency=customer.town.city.currency,
    )
    _put_time(task, times)
    _put_price(dice, task, category)
    plan = Plan(task, customer, fate, times)
    if dice.chance(_REMOTE_SHARE[category.place]):
        task.is_remote = True
        return plan
    put_place(dice, task, customer.home if home else customer.town.address(dice, customer.user.language))
    if category.place == "route":
        plan.points = _route(dice, plan)
    return plan


def write(dice: Dice, category: Category, customer: Customer) -> tuple[str, str]:
    """A title and details in the customer's language, as far as there are words for the category in it."""
    written = read(f"tasks/{category.group.slug}")[category.slug]
    english = read("english").get(category.slug) if customer.english else None
    if english:
        return dice.pick(english["titles"]), dice.pick(english["about"])
    letter, title = _tied(dice.pick(written["titles"]))
    about, more = (
        [text for tied, text in map(_tied, written[part]) if tied in ("", letter)] for part in ("about", "more")
    )
    parts = dice.sample(about, k=min(len(about), dice.randint(1, 3)))
    if more and dice.chance(0.4):
        parts.append(dice.pick(more))
    return dice.say(title, woman=customer.woman), dice.sentences(*parts, woman=customer.woman)


def _tied(text: str) -> tuple[str, str]:
    """The letter that ties a sentence to titles ("" when it fits all of them), and the sentence."""
    letter, arrow, rest = text.partition("> ")
    return (letter, rest) if arrow and len(letter) == 1 else ("", text)


def _put_time(task: Task, times: Times) -> None:
    task.starts_at, task.ends_at = times.starts, times.ends
    if times.starts is None:
        task.timing = Task.Timing.FLEXIBLE
    else:
        task.timing = Task.Timing.WINDOW if times.ends else Task.Timing.EXACT


def price_of(dice: Dice, category: Category) -> int:
    """A usual price of the category in minor units, rounded as people round; cheaper ones are more common."""
    low, high = category.usual_low_minor, category.usual_high_minor
    price = low + (high - low) * dice.betavariate(1.6, 3.4)
    step = 5_000 if price < 300_000 else 50_000 if price < 3_000_000 else 500_000
    return max(step, round(price / step) * step)


def _put_price(dice: Dice, task: Task, category: Category) -> None:
    task.budget = dice.weighted({"fixed": 0.55, "range": 0.2, "offer": 0.25})
    if task.budget == Task.Budget.OFFER:
        return
    task.price_minor = price_of(dice, category)
    if task.budget == Task.Budget.RANGE:
        task.price_high_minor = round(task.price_minor * dice.uniform(1.2, 1.6) / 5_000) * 5_000 + 5_000


def put_place(dice: Dice, task: Task, address: Address) -> None:
    task.is_remote = False
    task.point, task.public_point = address.point, address.cell
    task.address, task.district_id = address.text, address.district_id
    if dice.chance(0.8):
        words = "apt %d, entrance %d" if task.customer.language == "en" else "кв. %d, подъезд %d"
        task.flat = words % (dice.randint(1, 140), dice.randint(1, 6))


def _route(dice: Dice, plan: Plan) -> list[TaskPoint]:
    stops = dice.randint(3, 6) if plan.task.category.slug == "courier-for-a-day" else dice.randint(1, 2)
    points = []
    for position in range(1, stops + 1):
        address = plan.customer.town.address(dice, plan.customer.user.language)
        points.append(TaskPoint(task=plan.task, position=position, point=address.point, address=address.text))
    return points
