"""What the sides, their books and the desk read of a divided deal whose customer pays the commission: every kopeck is named."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from frontend.deal.secure.words import told
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from marketplace.notifications.selectors import render
from payments import selectors
from payments import services as payments
from payments.documents.pdf import commission_words
from payments.tariff_plans.policies import Terms
from tasks_app import selectors as tasks
from tasks_app import services
from tasks_app.models import Assignment
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.people import sign_in
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db
PRICE = Money(230_000)  # 7.5 %: 172.50 of commission; of the half, 86.25


def held(simulator: Simulator) -> Assignment:
    return steps.held(simulator, steps.response(steps.secure_task(bp=750, payer="customer"), price=PRICE))


def divide(deal: Assignment, clock: Clock) -> Assignment:
    life.dispute(life.finish(deal))
    decision = services.Division(price_part=Money(115_000), at_fault="nobody", reason="Сделана половина.")
    deal = services.divide_money(assignment_id=deal.pk, by=life.moderator(), decision=decision)
    clock.advance(hours=73)
    steps.settle()
    return deal


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_held_money_is_told_with_who_gets_what(simulator: Simulator, in_russian: None) -> None:
    money = steps.money_of(held(simulator))
    said = plain(told(money, is_customer=True, zone="Europe/Moscow").text)
    for sum_ in ("2 472,50 ₽", "2 300 ₽", "172,50 ₽"):
        assert sum_ in said


def test_a_divided_deal_is_not_called_accepted(simulator: Simulator, clock: Clock, in_russian: None) -> None:
    deal = divide(held(simulator), clock)
    said = told(steps.money_of(deal), is_customer=True, zone="Europe/Moscow")
    assert said.title == "Деньги разделены"
    for sum_ in ("1 150 ₽", "1 236,25 ₽"):
        assert sum_ in plain(said.text)
    kinds = set(Notification.objects.filter(user=deal.executor).values_list("kind", flat=True))
    assert "work_accepted" not in kinds
    assert "work_closed" in kinds
    divided = [render(row).text for row in Notification.objects.filter(kind__startswith="deal_split")]
    assert divided
    assert not any(".." in said for said in divided)


def test_what_the_customer_paid_is_explained_to_the_kopeck(simulator: Simulator, clock: Clock, client: Client) -> None:
    deal = held(simulator)
    steps.account(simulator, deal.executor)
    divide(deal, clock)
    money = steps.money_of(deal)
    assert (money.status, money.paid, money.kept_commission) == ("settled", Money(247_250), Money(8_625))
    lines = plain(sign_in(client, deal.customer).get("/wallet/deals/").content.decode())
    for sum_ in ("2 472,50 ₽", "1 150 ₽", "86,25 ₽", "1 236,25 ₽"):
        assert lines.count(sum_) >= 2, sum_
    period = selectors.make_period(None, None)
    with translation.override("ru"):
        rows = list(
            csv.reader(
                io.StringIO("".join(selectors.statement_table(user_id=deal.customer_id, period=period))), delimiter=";"
            )
        )
    whys = [plain(row[3]) for row in rows if row[6].startswith("J")]
    assert len(whys) == 2
    assert all("86,25 ₽ — комиссия сервиса" in why for why in whys)


def test_the_receipt_is_of_the_day_the_service_paid(simulator: Simulator, clock: Clock, client: Client) -> None:
    deal = divide(held(simulator), clock)
    data = tasks.receipt_data(assignment_id=deal.pk, user=deal.executor)
    assert (data.paid_on, data.amount) == (None, Money(115_000))
    browser = sign_in(client, deal.executor)
    assert "ещё не выплачено" in browser.get(f"/deals/{deal.pk}/receipt/").content.decode()
    clock.advance(days=2)
    steps.account(simulator, deal.executor)
    steps.settle()
    paid_on = tasks.receipt_data(assignment_id=deal.pk, user=deal.executor).paid_on
    assert isinstance(paid_on, date)
    closed = Assignment.objects.get(pk=deal.pk).closed_at
    assert closed is not None
    assert (paid_on - closed.date()).days >= 4


def test_papers_of_a_business_name_the_commission_of_the_service(simulator: Simulator, clock: Clock) -> None:
    deal = held(simulator)
    form = {
        "kind": "company",
        "name": "ООО «Ромашка»",
        "inn": "7707083893",
        "kpp": "770701001",
        "address": "Москва, Тверская, 12",
    }
    payments.save_requisites(user_id=deal.customer_id, typed=payments.RequisitesForm(**form))
    invoice = services.issue_deal_paper(assignment_id=deal.pk, series="invoice", by=deal.customer)
    steps.account(simulator, deal.executor)
    divide(deal, clock)
    act = services.issue_deal_paper(assignment_id=deal.pk, series="act", by=deal.customer)
    assert (invoice.total_minor, act.total_minor) == (230_000, 115_000)
    for paper, commission in ((invoice, "172,50 ₽"), (act, "86,25 ₽")):
        with translation.override("ru"):
            assert plain(commission_words(paper)).endswith(f"(№ {deal.pk}): {commission}.")
    money = steps.money_of(deal)
    assert money.paid - money.to_customer == Money(act.total_minor) + selectors.commission_due(money)


def test_when_the_executor_pays_no_paper_of_the_customer_names_it(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    assert selectors.commission_due(steps.money_of(deal)) == Money(0)


def test_a_preview_counts_the_part_that_was_decided(simulator: Simulator, clock: Clock) -> None:
    deal = divide(held(simulator), clock)
    task = deal.task
    found = selectors.preview(
        category_id=task.category_id, city_id=task.city_id, terms=Terms(0, 0, 1000), fee_now_minor=0
    )
    assert (found.deals, found.deals_worth) == (1, Money(115_000))


def test_the_desk_reads_what_lies_at_the_processor_above_zero(simulator: Simulator, client: Client) -> None:
    deal = held(simulator)
    desk = sign_in(client, life.moderator())
    page = plain(desk.get(f"/desk/held/{steps.money_of(deal).pk}/").content.decode())
    assert "2 472,50 ₽, " in page
    assert "−2 472,50 ₽" not in page
    assert "-2 472,50 ₽" not in page


def test_an_account_whose_payout_came_back_is_not_called_ready(
    simulator: Simulator, clock: Clock, client: Client
) -> None:
    from payments.models import Payout, PayoutAccount

    deal = held(simulator)
    steps.account(simulator, deal.executor)
    browser = sign_in(client, deal.executor)
    assert "готов" in browser.get("/account/payouts/").content.decode()
    Payout.objects.create(
        account=PayoutAccount.objects.get(user=deal.executor), processor_id="po_1", amount_minor=115_000,
        currency="RUB", status="failed", failure_code="account_closed", created_at=now(),
    )  # fmt: skip
    page = browser.get("/account/payouts/").content.decode()
    assert "последняя выплата вернулась" in page
    assert ">готов<" not in page
