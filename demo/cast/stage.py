"""The stage of the cast: real services, each called at its own moment of the past."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from demo.people import Executor
from marketplace.accounts.models import User
from marketplace.chat import services as chat
from marketplace.kit.money import Money
from payments import services as payments
from tasks_app import services as tasks
from tasks_app.models import Assignment, Response, Task

if TYPE_CHECKING:
    from demo.build import World

Travel = Callable[[datetime], None]


class Stage:
    """`ago` and `start` are measured from the moment of loading; `start` is negative for the past."""

    def __init__(self, world: "World", travel: Travel) -> None:
        self.world, self.dice, self.now, self._travel = world, world.dice, world.moment, travel

    def to(self, ago: timedelta) -> datetime:
        moment = self.now - ago
        self._travel(moment)
        return moment

    def tomorrow_at(self, hour: int, city: str = "moscow") -> timedelta:
        """From now until that hour of the city's next day."""
        local = self.now.astimezone(self.world.places.towns[city].zone)
        return (local + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0) - local

    def last(self, hour: int, *, ago: timedelta, city: str = "moscow") -> timedelta:
        """From now until the last such hour there that was at least so long ago: negative. People work by day."""
        latest = (self.now - ago).astimezone(self.world.places.towns[city].zone)
        at = latest.replace(hour=hour, minute=0, second=0, microsecond=0)
        return (at if at <= latest else at - timedelta(days=1)) - self.now

    def post(
        self, customer: User, slug: str, title: str, details: str, address: str,
        *, ago: timedelta, start: timedelta, price: int, city: str = "moscow",
    ) -> Task:  # fmt: skip
        """A task written step by step as on the pages, and published."""
        self.to(ago)
        local = _rounded((self.now + start).astimezone(self.world.places.towns[city].zone), start)
        draft = tasks.start_draft(owner=customer)
        parts: dict[str, dict[str, object]] = {
            "category": {"category": slug},
            "questions": {},
            "details": {"title": title, "details": details},
            "place": {"city": city, "address": address, "flat": "кв. 48, подъезд 2, этаж 5"},
            "when": {"day": local.date().isoformat(), "slot": "exact", "time": f"{local:%H:%M}"},
            "budget": {"budget": "fixed", "price": str(price)},
        }
        for part, values in parts.items():
            tasks.save_part(draft=draft, part=part, values=values)
        return tasks.publish_task(draft=draft, by=customer, operation=str(self.dice.uuid()))

    def respond(self, task: Task, by: User, message: str, price: int, *, ago: timedelta) -> Response:
        self.to(ago)
        return tasks.send_response(
            task_id=task.pk, by=by, message=message, price=Money(price * 100), available_at=None,
            operation=str(self.dice.uuid()),
        )  # fmt: skip

    def choose(self, response: Response, *, ago: timedelta) -> Assignment:
        self.to(ago)
        return tasks.choose_response(response_id=response.pk, by=response.task.customer)

    def work(self, deal: Assignment, *, start: timedelta, minutes: int) -> None:
        """On the way, started, done. `start`: as in `post`."""
        by = deal.executor
        self.to(-start + timedelta(minutes=30))
        tasks.set_on_the_way(assignment_id=deal.pk, by=by)
        self.to(-start)
        tasks.start_work(assignment_id=deal.pk, by=by)
        self.to(-start - timedelta(minutes=minutes))
        tasks.finish_work(assignment_id=deal.pk, by=by)

    def accept(self, deal: Assignment, *, ago: timedelta) -> None:
        self.to(ago)
        tasks.accept_work(assignment_id=deal.pk, by=deal.customer)

    def say(self, response: Response, lines: list[tuple[User, str]], *, ago: timedelta) -> None:
        """A conversation about the response, a minute or two between the lines."""
        at = ago
        for sender, text in lines:
            self.to(at)
            thread = chat.open_thread(response_id=response.pk, by=sender)
            chat.send_message(thread_id=thread.pk, by=sender, text=text, client_id=str(self.dice.uuid()))
            at -= timedelta(seconds=self.dice.randint(50, 160))

    def fund(self, user: User, roubles: int, why: str, *, ago: timedelta) -> None:
        self.to(ago)
        payments.grant_promotion(
            user_id=user.pk, amount=Money(roubles * 100), operation=f"demo-gift:{self.dice.uuid()}", why=why
        )

    def others(self, slug: str, count: int, city: str = "moscow") -> list[Executor]:
        """Executors of the world who do this here, with money for a response."""
        known = [
            executor
            for executor in self.world.executors
            if executor.town.city.slug == city and any(c.slug == slug for c in executor.categories)
        ]
        known.sort(key=lambda executor: executor.zeal, reverse=True)
        chosen = self.dice.sample(known[:8], k=min(count, len(known)))
        for executor in chosen:
            self.fund(executor.user, 500, "Кредит месяца", ago=timedelta(days=13))
        return chosen

    def customers(self, count: int, city: str = "moscow") -> list[User]:
        known = [customer.user for customer in self.world.customers if customer.town.city.slug == city]
        return self.dice.sample(known or [c.user for c in self.world.customers], k=min(count, len(known) or 1))


def _rounded(moment: datetime, start: timedelta) -> datetime:
    """People agree on half hours; what is to begin very soon, on five minutes."""
    step = 5 if abs(start) < timedelta(hours=1) else 30
    return moment.replace(minute=moment.minute // step * step, second=0, microsecond=0)
