"""At 85 days nothing is held any longer, whatever people have not decided by then."""

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.errors import PolicyDenied
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import selectors
from payments import services as payments
from payments.approvals import services as approvals
from payments.models import SecureDeal, StaffApproval
from payments.secure_deals.jobs import drive_secure_deals
from tasks_app.models import Assignment
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.people import sign_in
from tests.secure_deals import steps
from tests.secure_deals.test_giving_back import HALF, divide, large, sent_and_returned
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def appealed(simulator: Simulator, clock: Clock, *, by: str = "customer", part: Money = HALF) -> Assignment:
    """Divided on the 80th day and appealed: nobody decides the appeal."""
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    clock.advance(days=80)
    life.dispute(life.finish(deal))
    divide(deal, part)
    payments.appeal_split(deal_id=steps.money_of(deal).pk, by=getattr(deal, by), text="Сделано не всё")
    return deal


@pytest.mark.parametrize("by", ["customer", "executor"])
def test_an_appeal_nobody_decided_falls_and_the_first_decision_is_carried_out(
    simulator: Simulator, clock: Clock, by: str
) -> None:
    deal = appealed(simulator, clock, by=by)
    clock.advance(days=4, hours=23)
    steps.settle()
    assert (selectors.waits_for(steps.money_of(deal)), sent_and_returned(simulator)) == ("appealed", (0, 0))
    clock.advance(hours=2)
    steps.settle()
    money = steps.money_of(deal)
    assert (money.status, money.outcome, sent_and_returned(simulator)) == ("settled", "moderator", (109_250, 115_000))
    told = Notification.objects.filter(kind="deal_appeal_out_of_time").values_list("user_id", flat=True)
    assert sorted(told) == sorted([deal.customer_id, deal.executor_id])
    assert "appeal_out_of_time" in [event.reason for event in money.events.all()]


def test_a_division_that_leaves_the_executor_nothing_is_not_held_longer_either(
    simulator: Simulator, clock: Clock
) -> None:
    deal = appealed(simulator, clock, by="executor", part=Money(0))
    clock.advance(days=6)
    steps.settle()
    assert (steps.money_of(deal).status, sent_and_returned(simulator)) == ("settled", (0, 230_000))


def test_an_executor_without_an_account_leaves_the_money_to_the_customer(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator)
    clock.advance(days=80)
    life.dispute(life.finish(deal))
    divide(deal, HALF)
    payments.appeal_split(deal_id=steps.money_of(deal).pk, by=deal.customer, text="Сделано не всё")
    clock.advance(days=6)
    steps.settle()
    money = steps.money_of(deal)
    assert (money.outcome, sent_and_returned(simulator)) == ("too_old_returned", (0, 230_000))


def test_who_waits_for_the_last_day_cannot_decide_the_appeal_after_it(simulator: Simulator, clock: Clock) -> None:
    deal = appealed(simulator, clock)
    clock.advance(days=6)
    money = steps.money_of(deal)
    with pytest.raises(PolicyDenied) as refusal:
        payments.split_anew(deal_id=money.pk, by=life.moderator(), price_part=Money(0), reason="Поздно")
    assert refusal.value.code == "held_too_long"
    money.refresh_from_db()
    assert (money.to_executor_minor, money.splits.count(), sent_and_returned(simulator)) == (109_250, 1, (0, 0))


def test_the_time_to_appeal_ends_with_the_time_to_hold(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    clock.advance(days=84)
    life.dispute(life.finish(deal))
    divide(deal, HALF)
    money = steps.money_of(deal)
    assert money.pay_after == money.end_by
    clock.advance(days=1, minutes=1)
    steps.settle()
    assert (steps.money_of(deal).status, sent_and_returned(simulator)) == ("settled", (109_250, 115_000))


@pytest.mark.parametrize("answer", ["none", "refused"])
def test_a_large_refund_that_two_have_not_agreed_to_is_not_made(
    simulator: Simulator, clock: Clock, answer: str
) -> None:
    deal = large(simulator)
    divide(deal, Money(0))
    approval = StaffApproval.objects.get()
    if answer == "refused":
        approvals.decide(approval_id=approval.pk, by=life.moderator(), approve=False, note="Работа видна на фото")
    clock.advance(days=84)
    steps.settle()
    assert sent_and_returned(simulator) == (0, 0)
    clock.advance(days=1, minutes=1)
    steps.settle()
    money = steps.money_of(deal)
    assert (money.status, money.outcome, sent_and_returned(simulator)) == ("settled", "too_old_paid", (4_750_000, 0))
    assert list(selectors.waiting_approvals()) == []
    if answer == "none":
        with pytest.raises(PolicyDenied):
            approvals.decide(approval_id=approval.pk, by=life.moderator(), approve=True)
        assert (StaffApproval.objects.get().outcome, sent_and_returned(simulator)) == ("waiting", (4_750_000, 0))


def test_an_agreed_large_refund_is_made(simulator: Simulator, clock: Clock) -> None:
    deal = large(simulator)
    divide(deal, Money(0))
    approvals.decide(approval_id=StaffApproval.objects.get().pk, by=life.moderator(), approve=True)
    payments.appeal_split(deal_id=steps.money_of(deal).pk, by=deal.executor, text="Сделано")
    clock.advance(days=86)
    steps.settle()
    assert (steps.money_of(deal).status, sent_and_returned(simulator)) == ("settled", (0, 5_000_000))


def test_control_did_appeals_wait_for_ever_the_money_would_be_held_too_long(
    simulator: Simulator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = appealed(simulator, clock)
    monkeypatch.setattr("payments.secure_deals.services.settling.is_over", lambda deal: False)
    monkeypatch.setattr("payments.secure_deals.services.ageing.end_decided", lambda: 0)
    clock.advance(days=10)
    drive_secure_deals()
    assert (SecureDeal.objects.get(assignment=deal).status, sent_and_returned(simulator)) == ("settling", (0, 0))


@pytest.mark.parametrize(("language", "word"), [("ru", "срочно"), ("en", "urgent")], ids=["ru", "en"])
def test_the_desk_sees_days_ahead_what_must_be_decided(
    simulator: Simulator, clock: Clock, language: str, word: str
) -> None:
    def divided() -> Assignment:
        deal = life.dispute(life.finish(steps.held(simulator)))
        divide(deal, HALF)
        payments.appeal_split(deal_id=steps.money_of(deal).pk, by=deal.customer, text="Сделано не всё")
        return deal

    early = divided()
    clock.advance(days=40)
    late = divided()
    staff: User = life.moderator()
    address = f"{'/en' if language == 'en' else ''}/desk/held/"
    assert word not in sign_in(Client(), staff).get(address).content.decode()
    clock.advance(days=36)
    page = sign_in(Client(), staff).get(address).content.decode()
    assert page.count(word) == 1
    numbers = [row.pk for row in selectors.deals_to_split_anew()]
    assert numbers == [steps.money_of(early).pk, steps.money_of(late).pk]
