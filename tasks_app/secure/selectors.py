"""Reads that join a task with the terms of a secure deal."""

from typing import TYPE_CHECKING

from marketplace.kit.money import Money
from payments import selectors as money
from tasks_app.models import Response, Task

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def quote_for(response: Response) -> money.DealQuote:
    """What a secure deal for this response would cost now."""
    task = response.task
    return money.quote(price=response.price, commission=_commission(task, response.executor_id))


def terms_for(task: Task, executor: "User", price: Money | None = None) -> money.DealQuote:
    """What an executor is told before responding: the commission on the task's price, or on an example of 1,000."""
    return money.quote(price=price or task.price or example(task), commission=_commission(task, executor.pk))


def terms_of(task_id: int, executor: "User") -> money.DealQuote:
    """The same, for a task that is known by its id."""
    return terms_for(Task.objects.get(pk=task_id), executor)


def example(task: Task) -> Money:
    return Money(100_000, task.currency)


def _commission(task: Task, executor_id: int) -> "money.Commission":
    return money.commission_for(
        category_id=task.category_id, city_id=task.city_id, executor_id=executor_id, announced=task.secure_deal
    )
