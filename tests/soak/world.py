"""The people and tasks of a soak, made by the real services: `python -m tests.soak.world <sizes> <file>`."""

import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

START_MINOR = 60_000
SESSION = "session:"  # before the token of somebody who works with pages
COMMISSION_BP = 500
FORM = {
    "first_name": "Иван", "last_name": "Петров", "birth": "1990-05-17", "phone": "+79991234567", "work": "Ремонт",
    "bank": "000123456789", "do": "submit",
}  # fmt: skip


def make(*, executors: int, tasks: int, subscribers: int, simulator: str) -> dict[str, Any]:
    """Tokens and ids for the traffic: executors with some money, a kept card and an account for payouts; customers with a card
    and open tasks; people who will subscribe."""
    from payments.models import Intent
    from tests.factories import make_category, make_city
    from tests.journeys import steps
    from tests.simulator import Simulator

    city, category = make_city(), make_category()
    tariff = steps.price_list(category=category, city=city)
    type(tariff).objects.filter(pk=tariff.pk).update(commission_bp=COMMISSION_BP, commission_payer="both")
    bank = Simulator(simulator)
    people = [_executor(bank, number) for number in range(executors)]
    posted = [task for number in range(max(1, tasks // 10)) for task in _customer(bank, number, category, city)]
    last = Intent.objects.latest("pk").pk  # the cards were kept at a first top-up
    start = int(time.time())
    return {
        "executors": people, "tasks": posted[:tasks], "last_intent": last, "start": start,
        "place": {"category_id": category.pk, "city_id": city.pk},
        "subscribers": [_subscriber(bank, number, start) for number in range(subscribers)],
        "moderator": _moderator(),
    }  # fmt: skip


def _executor(bank: Any, number: int) -> dict[str, Any]:
    from marketplace.kit.money import Money
    from payments.selectors import wallet_balance
    from tests.journeys import steps

    person = steps.executor(f"Исполнитель {number}", money=Money(START_MINOR))
    card = _kept_card(bank, person)
    account, minor = _open_account(bank, person), wallet_balance(person.pk).minor
    return {"id": person.pk, "token": _token(person), "card": card.pk, "minor": minor, "account": account}


def _customer(bank: Any, number: int, category: Any, city: Any) -> list[dict[str, Any]]:
    """Ten tasks of one customer, who has a card."""
    from marketplace.kit.clock import now
    from tasks_app.models import Task
    from tests.journeys import steps

    customer = steps.customer(f"Заказчик {number}")
    token, card = _token(customer), _attached(bank, customer).pk
    rows = Task.objects.bulk_create(
        Task(
            customer=customer, category=category, city=city, title=f"Люстра {number}-{place}", is_remote=True,
            secure_deal=place % 2 == 0, respond_by=now() + timedelta(days=7),
        )
        for place in range(10)
    )  # fmt: skip
    return [{"id": row.pk, "customer": customer.pk, "token": token, "card": card} for row in rows]


def _subscriber(bank: Any, number: int, start: int) -> dict[str, Any]:
    """Somebody whose free day is over, under a clock of their own at the processor, with a card that pays and one that does not."""
    from marketplace.kit.clock import now
    from payments.models import Trial
    from tests.journeys import steps

    person = steps.executor(f"Подписчик {number}")
    ended = now() - timedelta(days=8)
    Trial.objects.create(user=person, started_at=ended - timedelta(days=1), ends_at=ended)
    clock = bank.client().v1.test_helpers.test_clocks.create({"frozen_time": start}).id
    card = _attached(bank, person, test_clock=clock)
    customer = _processor_id(person)
    broken = bank.client().v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer}).id
    return {
        "id": person.pk, "token": _token(person), "card": card.pk, "clock": clock, "customer": customer, "broken_card": broken,
    }  # fmt: skip


def _moderator() -> dict[str, Any]:
    """Signed in at the desk: the session stands for a token."""
    from django.conf import settings
    from django.test import Client

    from tests.journeys import steps
    from tests.people import sign_in

    person = steps.moderator()
    cookie = sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value
    return {"id": person.pk, "token": f"{SESSION}{cookie}"}


def _token(person: Any) -> str:
    from marketplace.accounts.services import issue_device_token

    return issue_device_token(user=person, name="soak")[1]


def _attached(bank: Any, person: Any, **more: Any) -> Any:
    """A card that the processor knows and the person may pay with."""
    from payments.models import ProcessorCustomer, SavedCard

    customer = bank.client().v1.customers.create({"metadata": {"user": str(person.pk)}, **more}).id
    ProcessorCustomer.objects.create(user=person, processor_id=customer)
    kept = bank.client().v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    return SavedCard.objects.create(
        user=person, processor_id=kept.id, brand="visa", last4="4242", exp_month=12, exp_year=2034
    )


def _processor_id(person: Any) -> str:
    from payments.models import ProcessorCustomer

    return str(ProcessorCustomer.objects.get(user=person).processor_id)


def _open_account(bank: Any, person: Any) -> str:
    """Filled in to the end, so that transfers can reach it; its id at the processor."""
    from payments import services

    back = "http://127.0.0.1/account/payouts/"
    bank.visit(services.start_onboarding(user_id=person.pk, return_url=back, refresh_url=back), **FORM)
    deadline = time.monotonic() + 60
    while (found := services.refresh_account(user_id=person.pk)) is None or found.status != "enabled":
        if time.monotonic() > deadline:
            raise TimeoutError(f"The account stands at {found}")
        time.sleep(0.1)
    return str(found.processor_id)


def _kept_card(bank: Any, person: Any) -> Any:
    """A card kept with consent at a first top-up, while the site's own worker follows the same payment."""
    from marketplace.kit.money import Money
    from payments import selectors, services
    from payments.models import SavedCard

    intent = services.top_up(user_id=person.pk, amount=Money(10_000), operation="first-top-up", keep_card=True)
    deadline = time.monotonic() + 60
    view = selectors.top_up_view(services.carry_out(intent_id=intent.pk))
    paid = False
    while view.stage != "paid" or not SavedCard.objects.filter(user=person).exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"The first top-up stands at {view}")
        if view.action_url and not paid:
            bank.pay(view.action_url, "4242424242424242")
            paid = True
        time.sleep(0.05)
        view = selectors.top_up_view(services.see_how_it_stands(user_id=person.pk, intent_id=intent.pk))
    return SavedCard.objects.get(user=person)


def main() -> None:
    django.setup()
    sizes = json.loads(sys.argv[1])
    Path(sys.argv[2]).write_text(json.dumps(make(**sizes)))


if __name__ == "__main__":
    main()
