"""Verbs that take a task through its life by the real services, for everybody's tests.

    deal = finish(start(choose(respond(post_task(by=customer), by=executor))))

Each verb returns the row it made or changed, fresh from the database. People and places come from tests/factories.py.
"""

import itertools
from datetime import datetime, timedelta

from fraud import services as fraud
from marketplace.accounts.models import User
from marketplace.accounts.services import make_executor, make_person
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import services as payments
from payments.models import Tariff
from tasks_app import services
from tasks_app.assignments import jobs
from tasks_app.models import Assignment, Cancellation, Category, City, Response, Task
from tests.factories import make_category, make_city, make_customer
from tests.steps import post_task as _post_task

FEE = Money(12_000)
_number = itertools.count(1)


def price_list(*, category: Category | None = None, city: City | None = None, fee: Money = FEE) -> Tariff:
    """A tariff that has been in force for a month."""
    category, city = category or make_category(), city or make_city()
    found = Tariff.objects.filter(category=category, city=city).first()
    return found or Tariff.objects.create(
        category=category,
        city=city,
        response_fee_minor=fee.minor,
        subscription_minor=149_000,
        valid_from=now() - timedelta(days=30),
    )


def moderator(name: str = "Ольга Белова") -> User:
    return make_person(name=name, phone=f"+7901{next(_number):07d}", staff_role="moderator")


def operator(name: str = "Олег Седов") -> User:
    return make_person(name=name, phone=f"+7902{next(_number):07d}", staff_role="operator")


def customer(name: str = "Мария Смирнова") -> User:
    return make_customer(name)


def executor(
    name: str = "Андрей Климов", *, money: Money | None = None, verified: bool = True, category: Category | None = None
) -> User:
    """A verified executor with promotional credit of `money` (1,000 ₽ unless said otherwise)."""
    person = make_customer(name, city_id=make_city().pk)
    make_executor(
        user=person,
        category_ids=[(category or make_category()).pk],
        verified_by=moderator() if verified else None,
    )
    credit = Money(100_000) if money is None else money
    if credit:
        operation = f"welcome:{person.pk}"
        payments.grant_promotion(user_id=person.pk, amount=credit, operation=operation, why="Подарок на первые отклики")
    return person


def post_task(*, by: User | None = None, priced: bool = True, **parts: object) -> Task:
    """An open task with a tariff for its category and city, unless `priced` is off (then responses are free)."""
    task = _post_task(by=by, **parts)  # type: ignore[arg-type]
    if priced:
        price_list(category=task.category, city=task.city)
    return task


def respond(
    task: Task,
    *,
    by: User | None = None,
    message: str = "Приеду со своей стремянкой и дрелью.",
    price: Money | None = None,
    available_at: datetime | None = None,
    operation: str = "",
) -> Response:
    """A paid response of `by` (a new executor when not named)."""
    return services.send_response(
        task_id=task.pk,
        by=by or executor(category=task.category),
        message=message,
        price=price or Money(230_000),
        available_at=available_at,
        operation=operation or f"respond-{next(_number)}",
    )


def open_response(response: Response) -> Response:
    """The customer opens it."""
    return services.open_response(response_id=response.pk, by=response.task.customer)


def choose(response: Response) -> Assignment:
    """The customer chooses it."""
    return services.choose_response(response_id=response.pk, by=response.task.customer)


def assigned(task: Task | None = None, *, by: User | None = None) -> Assignment:
    """The short way to a fresh deal: posted, answered, chosen."""
    return choose(respond(task or post_task(), by=by))


def set_off(deal: Assignment) -> Assignment:
    return services.set_on_the_way(assignment_id=deal.pk, by=deal.executor)


def start(deal: Assignment) -> Assignment:
    return services.start_work(assignment_id=deal.pk, by=deal.executor)


def finish(deal: Assignment) -> Assignment:
    """The executor says "done", having started if that was not said yet."""
    if deal.status in ("assigned", "on_the_way"):
        start(deal)
    return services.finish_work(assignment_id=deal.pk, by=deal.executor)


def accept(deal: Assignment) -> Assignment:
    return services.accept_work(assignment_id=deal.pk, by=deal.customer)


def finished(task: Task | None = None, *, by: User | None = None) -> Assignment:
    """The short way to an accepted deal."""
    return accept(finish(assigned(task, by=by)))


def dispute(deal: Assignment, reason: str = "Люстра висит криво.") -> Assignment:
    return services.dispute_work(assignment_id=deal.pk, by=deal.customer, reason=reason)


def cancel(deal: Assignment, *, by: User | None = None, reason: str = "", note: str = "") -> Cancellation:
    """`by` cancels the deal (the customer unless said otherwise)."""
    by = by or deal.customer
    usual = "plans_changed" if by == deal.customer else "customer_asked"
    return services.cancel_assignment(assignment_id=deal.pk, by=by, reason=reason or usual, note=note)


def sweep_deadlines() -> None:
    """Everything that is due by the clock, as the beat would run it."""
    jobs.expire_tasks()
    jobs.accept_due()
    jobs.close_tasks_of_blocked()
    jobs.remind_of_deals()
    jobs.settle_deals()
    jobs.settle_disputes()
    payments.refund_unopened()
    fraud.collect_due_evidence()
    payments.pay_due_refunds()
    fraud.expire_overdue_holds()
