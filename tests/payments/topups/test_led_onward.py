"""Nobody presses twice to pay: a worker's answer is waited for, and the page leads on by itself. Sums to choose from follow the terms."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import selectors, services
from payments.models import Intent, RolloutStep, Tariff, TariffRollout
from tests.conftest import Clock
from tests.payments.factories import category, city, tariff
from tests.payments.topups.steps import begin_page
from tests.simulator import Simulator

PAGE = "https://pay.example/1"


def taken_by_a_worker(person: User) -> Intent:
    """A wish that somebody speaks with the processor about right now."""
    intent = services.top_up(user_id=person.pk, amount=Money(20_000), operation="taken-by-a-worker")
    Intent.objects.filter(pk=intent.pk).update(next_check_at=now() + timedelta(seconds=25))
    return intent


def answered(intent: Intent) -> None:
    Intent.objects.filter(pk=intent.pk).update(
        status="waiting", processor_id="cs_1", details={**intent.details, "action_url": PAGE}
    )


@pytest.mark.django_db(transaction=True)
def test_the_workers_answer_is_waited_for(simulator: Simulator, andrey: User) -> None:
    intent = taken_by_a_worker(andrey)
    assert services.carry_out(intent_id=intent.pk).status == "created"

    def worker() -> None:
        sleep(0.2)
        answered(intent)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(worker)
        view = selectors.top_up_view(services.carry_out(intent_id=intent.pk, patience=5))
    assert (view.stage, view.action_url) == ("pay", PAGE)


@pytest.mark.django_db
def test_the_page_that_waited_leads_on_once_and_not_a_later_look(
    simulator: Simulator, andrey: User, client: Client, clock: Clock
) -> None:
    client.force_login(andrey)
    view = begin_page(andrey, Money(20_000))
    page = f"/wallet/top-up/{view.id}/"
    assert client.get(f"{page}?onward=1").headers["Location"] == view.action_url
    part = client.get(f"{page}?onward=1", headers={"hx-request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (200, view.action_url)
    assert client.get(page).status_code == 200
    clock.advance(minutes=3)
    assert client.get(f"{page}?onward=1").status_code == 200


@pytest.mark.django_db
def test_sums_to_choose_from_follow_the_terms_that_reach_the_person(andrey: User) -> None:
    tariff(12_000)
    dearer = Tariff.objects.create(
        category=category(), city=city(), response_fee_minor=40_000, subscription_minor=0, valid_from=now()
    )
    rollout = TariffRollout.objects.create(tariff=dearer)
    usual = selectors.presets(user_id=andrey.pk, city_id=city().pk, at=now())
    assert usual == [Money(60_000), Money(120_000), Money(300_000)]
    RolloutStep.objects.create(rollout=rollout, share_percent=100, at=now())
    assert selectors.presets(user_id=andrey.pk, city_id=city().pk, at=now())[0] == Money(200_000)
    assert selectors.presets(user_id=andrey.pk, city_id=None, at=now())[0] == Money(50_000)
