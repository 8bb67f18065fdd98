"""A bank takes a payment back: the wallet empties to zero at most, the rest is owed, responding waits, the next top-up settles it."""

import pytest
from django.test import Client
from django.utils import translation

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import selectors, services
from payments.errors import InDebt
from payments.events.inbox import handle_due, poll
from payments.models import Charge, Entry
from tests.payments.factories import category, city, response, tariff
from tests.payments.topups.steps import by_page
from tests.people import sign_in
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def follow() -> None:
    poll()
    handle_due()


def respond(user: User) -> Charge:
    sent = response(user)
    return services.charge_response_fee(
        user_id=user.pk,
        response_id=sent.pk,
        category_id=category().pk,
        city_id=city().pk,
        task_id=sent.task_id,
        title=sent.task.title,
        unopened_until=sent.unopened_due_at,
    )


@pytest.fixture
def charge_id(simulator: Simulator, andrey: User) -> str:
    """Of 300 ₽ put in, 120 ₽ are spent."""
    tariff(12_000)
    by_page(simulator, andrey, Money(30_000))
    respond(andrey)
    return str(simulator.dump()["charge"][0]["id"])


def test_the_wallet_empties_and_the_rest_is_owed(simulator: Simulator, andrey: User, charge_id: str) -> None:
    simulator.dispute(charge_id)
    follow()
    follow()
    assert selectors.wallet_balance(andrey.pk) == Money(0)
    assert selectors.debt_of(andrey.pk) == Money(12_000)
    assert Entry.objects.filter(kind="chargeback").count() == 1
    assert Notification.objects.filter(user=andrey, kind="charged_back_with_debt").count() == 1


def test_in_debt_nobody_responds_and_reads_why(simulator: Simulator, andrey: User, charge_id: str) -> None:
    simulator.dispute(charge_id)
    follow()
    services.grant_promotion(user_id=andrey.pk, amount=Money(50_000), operation="gift", why="")
    charges = Charge.objects.count()
    with pytest.raises(InDebt):
        respond(andrey)
    assert (Charge.objects.count(), selectors.wallet_balance(andrey.pk)) == (charges, Money(50_000))


def test_in_debt_the_quote_says_so_also_where_the_free_day_covers_the_fee(
    simulator: Simulator, andrey: User, charge_id: str
) -> None:
    services.start_trial(user_id=andrey.pk)
    place = {"user_id": andrey.pk, "category_id": category().pk, "city_id": city().pk}
    assert selectors.quote_response_fee(**place).refusal is None
    simulator.dispute(charge_id)
    follow()
    quote = selectors.quote_response_fee(**place)
    assert (quote.covered_by, quote.amount) == ("trial", Money(0))
    assert quote.refusal is not None
    assert quote.refusal.code == "in_debt"
    with pytest.raises(InDebt):
        respond(andrey)


def test_the_next_top_up_settles_the_debt(simulator: Simulator, andrey: User, charge_id: str) -> None:
    simulator.dispute(charge_id)
    follow()
    quote = selectors.quote_response_fee(user_id=andrey.pk, category_id=category().pk, city_id=city().pk)
    assert quote.refusal is not None
    assert quote.refusal.code == "in_debt"
    by_page(simulator, andrey, Money(30_000))
    assert selectors.debt_of(andrey.pk) == Money(0)
    assert selectors.wallet_balance(andrey.pk) == Money(18_000)
    assert respond(andrey).amount == Money(12_000)


@pytest.mark.parametrize("paid_meanwhile", [False, True])
def test_a_dispute_won_gives_back_what_was_taken(
    simulator: Simulator, andrey: User, charge_id: str, paid_meanwhile: bool
) -> None:
    dispute = simulator.dispute(charge_id)
    follow()
    if paid_meanwhile:
        by_page(simulator, andrey, Money(30_000))
    simulator.decide(dispute, won=True)
    follow()
    follow()
    assert selectors.debt_of(andrey.pk) == Money(0)
    assert selectors.wallet_balance(andrey.pk) == Money(48_000 if paid_meanwhile else 18_000)
    assert Entry.objects.filter(kind="chargeback_won").count() == 1


def test_a_dispute_lost_changes_nothing_more(simulator: Simulator, andrey: User, charge_id: str) -> None:
    dispute = simulator.dispute(charge_id)
    follow()
    simulator.decide(dispute, won=False)
    follow()
    assert selectors.debt_of(andrey.pk) == Money(12_000)
    assert not Entry.objects.filter(kind="chargeback_won").exists()


def test_the_debt_stands_on_the_statement_in_the_table_and_in_the_api(
    simulator: Simulator, andrey: User, charge_id: str, client: Client
) -> None:
    simulator.dispute(charge_id)
    follow()
    period = selectors.make_period(None, None)
    assert selectors.make_statement(user_id=andrey.pk, period=period).owed == Money(12_000)
    with translation.override("en"):
        table = "".join(selectors.statement_table(user_id=andrey.pk, period=period))
    assert "Owed to the service" in table
    assert ",-120.00," in table
    browser = sign_in(client, andrey)
    assert "Долг сервису" in browser.get("/wallet/statement/").content.decode()
    assert browser.get("/api/v1/wallet").json()["debt"]["minor"] == 12_000
    by_page(simulator, andrey, Money(50_000))
    assert selectors.make_statement(user_id=andrey.pk, period=period).owed == Money(0)
