"""What cards paid and accounts received, beside the wallet: on the statement, in both files, each line explained, in no balance."""

import csv
import io

import pytest
from django.test import Client

from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from payments import selectors
from payments.documents.statements import Period
from payments.models import Entry
from payments.secure_deals.services.chargebacks import note_dispute
from payments.subscriptions import services as subscriptions
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.payments.factories import person, tariff
from tests.payments.subscriptions.steps import Life, jobs, subscribe
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def this_month() -> Period:
    return selectors.make_period(None, None)


def told(user_id: int) -> list[tuple[str, int, bool]]:
    return [(line.kind, line.amount.minor, line.to_account) for line in selectors.lines_by_card(user_id=user_id)]


def test_a_deal_stands_on_both_sides_by_what_moved_for_each(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    life.accept(life.finish(deal))
    steps.settle()
    paid, sent = (Entry.objects.get(kind=kind).intent.amount_minor for kind in ("deal_payment", "deal_transfer"))
    assert told(deal.customer_id) == [("deal_payment", -paid, False)]
    assert told(deal.executor_id) == [("deal_transfer", sent, True)]
    assert told(person().pk) == []


def test_a_bank_that_takes_money_back_is_on_the_customers_statement(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    note_dispute(dispute_id=simulator.dispute(simulator.dump()["charge"][0]["id"]))
    paid, taken = selectors.lines_by_card(user_id=deal.customer_id)
    assert (paid.kind, taken.kind, paid.amount + taken.amount) == ("deal_payment", "chargeback", Money(0))
    assert told(deal.executor_id) == []
    line, others = selectors.line_by_card(user_id=deal.customer_id, entry_id=taken.id)
    assert (line.deal_id, [other.id for other in others]) == (paid.deal_id, [paid.id])


def test_months_of_a_subscription_and_what_came_back_of_them(simulator: Simulator, clock: Clock) -> None:
    tariff(12_000)
    days = Life(simulator, clock)
    executor = days.executor()
    mine = subscribe(executor, days.card(executor))
    assert told(executor.pk) == [("subscription", -149_000, False)]
    subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    jobs()
    assert told(executor.pk) == [("subscription", -149_000, False), ("subscription_refund", 149_000, False)]
    made = selectors.make_statement(user_id=executor.pk, period=this_month())
    assert (made.card_paid, made.card_back, made.paid_out) == (Money(149_000), Money(149_000), Money(0))
    assert (made.lines, made.closing) == ([], Money(0))


def test_the_period_bounds_the_lines(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator)
    at = Entry.objects.get(kind="deal_payment").at
    known = deal.customer_id
    assert selectors.lines_by_card(user_id=known, since=at)
    assert not selectors.lines_by_card(user_id=known, until=at)
    assert not selectors.lines_by_card(user_id=known, currency="EUR")


def test_the_page_and_the_files_show_them_apart_from_the_wallet(simulator: Simulator, client: Client) -> None:
    deal = steps.held(simulator)
    customer = deal.customer
    client.force_login(customer)
    (line,) = selectors.lines_by_card(user_id=customer.pk)
    page = client.get("/wallet/statement/").content.decode()
    assert f"/wallet/by-card/{line.id}/" in page
    assert "Мимо кошелька" in page
    explained = client.get(f"/wallet/by-card/{line.id}/").content.decode()
    assert f'href="/deals/{deal.pk}/"' in explained
    assert deal.task.title in explained
    assert "Сервис хранит эти деньги, пока работа не принята." in explained
    assert "did not pass through your wallet" in client.get(f"/en/wallet/by-card/{line.id}/").content.decode()
    text = b"".join(client.get("/wallet/statement.csv")).decode()
    rows = list(csv.reader(io.StringIO(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")), delimiter=";"))
    assert (rows[-1][4], rows[-1][5], rows[-1][6]) == (f"{line.amount.amount:.2f}".replace(".", ","), "", f"J{line.id}")
    assert [row[5] for row in rows[1:-2]] == ["0,00", "0,00"]  # opening and closing: the wallet stood still
    assert client.get("/wallet/statement.pdf").content.startswith(b"%PDF-")


def test_a_strangers_line_does_not_exist(simulator: Simulator, client: Client) -> None:
    deal = steps.held(simulator)
    (line,) = selectors.lines_by_card(user_id=deal.customer_id)
    with pytest.raises(NotFound):
        selectors.line_by_card(user_id=deal.executor_id, entry_id=line.id)
    client.force_login(deal.executor)
    assert client.get(f"/wallet/by-card/{line.id}/").status_code == 404
