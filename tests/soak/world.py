"""The people and tasks of a soak, made by the real services: `python -m tests.soak.world <sizes> <file>`."""

import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

FEE_MINOR = 12_000
START_MINOR = 60_000


def make(*, executors: int, tasks: int, simulator: str) -> dict[str, Any]:
    """Tokens and ids for the traffic: executors with some money and a kept card, customers with open tasks."""
    from marketplace.accounts.services import issue_device_token
    from marketplace.kit.clock import now
    from marketplace.kit.money import Money
    from payments.models import Intent
    from payments.selectors import wallet_balance
    from tasks_app.models import Task
    from tests.factories import make_category, make_city
    from tests.journeys import steps
    from tests.simulator import Simulator

    city, category = make_city(), make_category()
    steps.price_list(category=category, city=city)
    bank = Simulator(simulator)
    people = []
    for number in range(executors):
        person = steps.executor(f"Исполнитель {number}", money=Money(START_MINOR))
        card = _kept_card(bank, person)
        _device, token = issue_device_token(user=person, name="soak")
        people.append({"id": person.pk, "token": token, "card": card.pk, "minor": wallet_balance(person.pk).minor})
    posted = []
    for number in range(max(1, tasks // 10)):
        customer = steps.customer(f"Заказчик {number}")
        _device, token = issue_device_token(user=customer, name="soak")
        rows = Task.objects.bulk_create(
            Task(
                customer=customer,
                category=category,
                city=city,
                title=f"Люстра {number}-{place}",
                is_remote=True,
                respond_by=now() + timedelta(days=7),
            )
            for place in range(10)
        )
        posted += [{"id": row.pk, "token": token} for row in rows]
    last = Intent.objects.latest("pk").pk  # the cards were kept at a first top-up
    return {"executors": people, "tasks": posted[:tasks], "last_intent": last}


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
