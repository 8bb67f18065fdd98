"""Papers of a deal whose money was divided: the sum is what was decided, and nothing is put down before it is final."""

import pytest

from marketplace.kit.money import Money
from payments import selectors
from payments import services as payments
from tasks_app import selectors as tasks
from tasks_app import services
from tasks_app.assignments.papers import TooEarlyForPaper
from tests.journeys import steps as life
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def test_the_receipt_of_an_agreed_part_is_about_the_part(simulator: Simulator) -> None:
    deal = life.finish(steps.held(simulator))
    services.offer_part(assignment_id=deal.pk, by=deal.customer, amount=Money(115_000), reason="Половина")
    services.answer_part(assignment_id=deal.pk, by=deal.executor, agree=True)
    money = steps.money_of(deal)
    assert (selectors.price_due(money), money.to_executor) == (Money(115_000), Money(109_250))
    assert tasks.receipt_data(assignment_id=deal.pk, user=deal.executor).amount == Money(115_000)


def test_while_a_division_can_be_appealed_there_is_no_paper(simulator: Simulator) -> None:
    deal = life.finish(steps.held(simulator))
    services.dispute_work(assignment_id=deal.pk, by=deal.customer, reason="Одна розетка не работает")
    decision = services.Division(price_part=Money(115_000), at_fault="nobody", reason="Сделана половина.")
    deal = services.divide_money(assignment_id=deal.pk, by=life.moderator(), decision=decision)
    assert not tasks.papers_of_deal(deal, deal.executor)["receipt"]
    with pytest.raises(TooEarlyForPaper):
        tasks.receipt_data(assignment_id=deal.pk, user=deal.executor)


def test_the_act_of_a_part_says_so(simulator: Simulator) -> None:
    deal = life.finish(steps.held(simulator))
    fields = {
        "kind": "company",
        "name": "ООО «Ромашка»",
        "inn": "7707083893",
        "kpp": "770701001",
        "address": "Москва, Тверская, 12",
    }
    payments.save_requisites(user_id=deal.customer_id, typed=payments.RequisitesForm(**fields))
    services.offer_part(assignment_id=deal.pk, by=deal.customer, amount=Money(115_000), reason="Половина")
    services.answer_part(assignment_id=deal.pk, by=deal.executor, agree=True)
    act = services.issue_deal_paper(assignment_id=deal.pk, series="act", by=deal.customer)
    assert (act.total_minor, act.content["lines"][0]["in_part"]) == (115_000, True)
    assert selectors.document_file(act).content.startswith(b"%PDF-")
