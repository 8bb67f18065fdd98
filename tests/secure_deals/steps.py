"""Verbs of a secure deal by the real services, with a person's hands on the processor's pages."""

from uuid import uuid4

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import services as payments
from payments.intents.services import sweep
from payments.models import Account, Intent, SecureDeal, Tariff
from payments.secure_deals.jobs import drive_secure_deals
from payments.selectors import account_total, secure_deal_of
from tasks_app import services
from tasks_app.models import Assignment, Response, Task
from tests.journeys import steps
from tests.simulator import Simulator

PRICE = Money(230_000)
GOOD = "4242424242424242"


def task_with_commission(*, by: User | None = None, bp: int = 500, payer: str = "executor") -> Task:
    """An open task of a category whose deals cost a commission."""
    task = steps.post_task(by=by)
    Tariff.objects.filter(category_id=task.category_id).update(commission_bp=bp, commission_payer=payer)
    return task


def secure_task(*, by: User | None = None, bp: int = 500, payer: str = "executor") -> Task:
    """Posted with the secure deal switched on."""
    task = task_with_commission(by=by, bp=bp, payer=payer)
    Task.objects.filter(pk=task.pk).update(secure_deal=True)
    task.refresh_from_db()
    return task


def response(task: Task | None = None, *, by: User | None = None, price: Money = PRICE) -> Response:
    found = steps.respond(task or secure_task(), by=by, price=price)
    steps.open_response(found)
    return found


def opened(response: Response, operation: str = "") -> SecureDeal:
    """The customer has pressed «choose and pay»."""
    return services.open_secure_deal(
        response_id=response.pk, by=response.task.customer, operation=operation or uuid4().hex
    )


def pay(simulator: Simulator, deal: SecureDeal, number: str = GOOD) -> SecureDeal:
    """By the processor's page, and back to ours."""
    intent = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
    simulator.pay(intent.details["action_url"], number)
    settle()
    deal.refresh_from_db()
    return deal


def held(simulator: Simulator, response_: Response | None = None) -> Assignment:
    """The short way to an assignment whose money is held."""
    deal = pay(simulator, opened(response_ or response()))
    assert deal.status == "held", deal.status
    return Assignment.objects.select_related("task", "customer", "executor", "response").get(pk=deal.assignment_id)


def account(simulator: Simulator, person: User) -> str:
    """The executor's account for payouts, filled in to the end; its id at the processor."""
    link = payments.start_onboarding(user_id=person.pk, return_url="http://x/", refresh_url="http://x/")
    simulator.onboard(link)
    found = payments.refresh_account(user_id=person.pk)
    assert found is not None
    assert found.status == "enabled", (found.status, found.missing)
    return found.processor_id


def settle(rounds: int = 4) -> None:
    """What the jobs do, a few rounds: hints are followed, intents carried out, decided money moves."""
    for _round in range(rounds):
        Intent.objects.filter(status__in=("created", "waiting")).update(next_check_at=None)
        sweep()
        drive_secure_deals()


def money_of(assignment: Assignment) -> SecureDeal:
    found = secure_deal_of(assignment.pk)
    assert found is not None
    return found


def books() -> dict[str, int]:
    """The platform's accounts that are not empty, minor units."""
    totals = {kind: account_total(kind).minor for kind in Account.Kind.values if kind != "wallet"}
    return {kind: minor for kind, minor in totals.items() if minor and kind not in ("promotions",)}
