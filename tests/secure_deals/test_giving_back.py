"""Cancelled, in part, divided, too old: whatever ends a deal otherwise says where its money goes."""

from typing import Any

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.errors import PolicyDenied, StaleState
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import selectors
from payments import services as payments
from payments.approvals import services as approvals
from payments.events.inbox import handle_due, poll
from payments.intents.services import begin
from payments.ledger.reconciliation import mismatches
from payments.models import Entry, Intent, SecureDeal, StaffApproval
from payments.reconciliation.lines import copy_lines
from payments.secure_deals.jobs import age_secure_deals, drive_secure_deals
from tasks_app import services
from tasks_app.models import Assignment
from tasks_app.secure.jobs import end_old_secure_deals
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.people import sign_in
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db
HALF = Money(115_000)


def sent_and_returned(simulator: Simulator) -> tuple[int, int]:
    found = simulator.dump()
    return (
        sum(row["amount"] for row in found.get("transfer", [])),
        sum(row["amount"] for row in found.get("refund", [])),
    )


def divide(deal: Assignment, part: Money, *, by: object = None) -> Assignment:
    return services.divide_money(
        assignment_id=deal.pk,
        by=by or life.moderator(),  # type: ignore[arg-type]
        decision=services.Division(price_part=part, at_fault="nobody", reason="Сделана половина."),
    )


@pytest.mark.parametrize("side", ["customer", "executor"])
@pytest.mark.parametrize("stage", ["assigned", "on_the_way"])
def test_cancelled_before_the_work_everything_goes_back(simulator: Simulator, side: str, stage: str) -> None:
    deal = steps.held(simulator, steps.response(steps.secure_task(payer="both")))
    if stage == "on_the_way":
        life.set_off(deal)
    life.cancel(deal, by=getattr(deal, side))
    steps.settle()
    money = steps.money_of(deal)
    assert (money.status, money.outcome, sent_and_returned(simulator)) == ("settled", "cancelled", (0, 235_750))
    assert "clearing" not in steps.books()


@pytest.mark.parametrize("stage", ["started", "disputed"])
def test_once_the_work_has_begun_only_the_executor_gives_everything_back(simulator: Simulator, stage: str) -> None:
    deal = steps.held(simulator)
    life.start(deal)
    if stage == "disputed":
        life.dispute(deal)
    with pytest.raises(PolicyDenied) as refusal:
        life.cancel(deal)
    assert refusal.value.code == "secure_work_begun"
    assert steps.money_of(deal).status == "held"
    life.cancel(deal, by=deal.executor)
    steps.settle()
    assert sent_and_returned(simulator) == (0, 230_000)


def test_an_agreed_part_is_paid_and_the_rest_goes_back(simulator: Simulator) -> None:
    deal = steps.held(simulator, steps.response(steps.secure_task(payer="both")))
    steps.account(simulator, deal.executor)
    life.finish(deal)
    offer = services.offer_part(assignment_id=deal.pk, by=deal.customer, amount=HALF, reason="Бра не повешены")
    assert Assignment.objects.get(pk=deal.pk).status == "disputed"
    services.answer_part(assignment_id=deal.pk, by=deal.executor, agree=True)
    steps.settle()
    money = steps.money_of(deal)
    assert (Assignment.objects.get(pk=deal.pk).status, money.status, money.outcome) == (
        "accepted",
        "settled",
        "part_agreed",
    )
    # Half of the commission too: 2,875 of 5,750 on each side.
    assert sent_and_returned(simulator) == (115_000 - 2_875, 115_000 + 2_875)
    assert offer.amount == HALF


def test_nothing_agreed_is_a_cancellation(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    life.start(deal)
    services.offer_part(assignment_id=deal.pk, by=deal.customer, amount=Money(0), reason="Ничего не сделано")
    services.answer_part(assignment_id=deal.pk, by=deal.executor, agree=True)
    steps.settle()
    assert Assignment.objects.get(pk=deal.pk).status == "cancelled"
    assert sent_and_returned(simulator) == (0, 230_000)


def test_a_refused_part_stays_for_a_moderator_and_nothing_moves(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    life.finish(deal)
    services.offer_part(assignment_id=deal.pk, by=deal.customer, amount=HALF, reason="Бра не повешены")
    services.answer_part(assignment_id=deal.pk, by=deal.executor, agree=False, words="Всё повешено")
    steps.settle()
    assert Assignment.objects.get(pk=deal.pk).status == "disputed"
    assert (steps.money_of(deal).status, sent_and_returned(simulator)) == ("held", (0, 0))
    with pytest.raises(PolicyDenied):
        services.answer_part(assignment_id=deal.pk, by=deal.executor, agree=True)


@pytest.mark.parametrize("amount", [230_000, 300_000, -1])
def test_a_part_is_less_than_the_whole(simulator: Simulator, amount: int) -> None:
    deal = steps.held(simulator)
    life.finish(deal)
    with pytest.raises(Exception, match="invalid_input"):
        services.offer_part(assignment_id=deal.pk, by=deal.customer, amount=Money(amount), reason="Мало")
    assert Assignment.objects.get(pk=deal.pk).status == "done"


def test_a_moderators_division_waits_for_an_appeal_and_then_moves(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    life.dispute(life.finish(deal))
    with pytest.raises(PolicyDenied) as refusal:
        services.resolve_dispute(assignment_id=deal.pk, by=life.moderator(), accept=True, at_fault="nobody", note="Да")
    assert refusal.value.code == "secure_divide"
    divide(deal, HALF)
    steps.settle()
    money = steps.money_of(deal)
    assert (Assignment.objects.get(pk=deal.pk).status, money.status) == ("accepted", "settling")
    assert (selectors.waits_for(money), sent_and_returned(simulator)) == ("appeal", (0, 0))
    clock.advance(hours=73)
    steps.settle()
    assert (steps.money_of(deal).status, sent_and_returned(simulator)) == ("settled", (109_250, 115_000))


def test_an_appealed_division_is_decided_by_another_moderator(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    life.dispute(life.finish(deal))
    first = life.moderator()
    divide(deal, HALF, by=first)
    money = steps.money_of(deal)
    payments.appeal_split(deal_id=money.pk, by=deal.executor, text="Сделано всё")
    clock.advance(hours=100)
    steps.settle()
    assert (selectors.waits_for(steps.money_of(deal)), sent_and_returned(simulator)) == ("appealed", (0, 0))
    with pytest.raises(PolicyDenied) as refusal:
        payments.split_anew(deal_id=money.pk, by=first, price_part=Money(230_000), reason="Да")
    assert refusal.value.code == "same_moderator"
    payments.split_anew(deal_id=money.pk, by=life.moderator(), price_part=Money(230_000), reason="Работа сделана")
    steps.settle()
    assert (steps.money_of(deal).status, sent_and_returned(simulator)) == ("settled", (218_500, 0))
    with pytest.raises(PolicyDenied):
        payments.appeal_split(deal_id=money.pk, by=deal.customer, text="Нет")


def large(simulator: Simulator) -> Assignment:
    deal = steps.held(simulator, steps.response(price=Money(5_000_000)))
    steps.account(simulator, deal.executor)
    return life.dispute(life.finish(deal))


def test_a_large_refund_needs_a_second_staff_member(simulator: Simulator, clock: Clock) -> None:
    deal, first = large(simulator), life.moderator()
    divide(deal, Money(0), by=first)
    clock.advance(hours=73)
    steps.settle()
    assert (selectors.waits_for(steps.money_of(deal)), sent_and_returned(simulator)) == ("approval", (0, 0))
    approval = StaffApproval.objects.get()
    for not_allowed in (first, deal.customer):
        with pytest.raises(PolicyDenied):
            approvals.decide(approval_id=approval.pk, by=not_allowed, approve=True)
    assert StaffApproval.objects.get().outcome == "waiting"
    approvals.decide(approval_id=approval.pk, by=life.moderator(), approve=True)
    steps.settle()
    assert (steps.money_of(deal).status, sent_and_returned(simulator)) == ("settled", (0, 5_000_000))


def test_a_refused_large_refund_is_divided_anew(simulator: Simulator, clock: Clock) -> None:
    deal = large(simulator)
    divide(deal, Money(0))
    second = life.moderator()
    approvals.decide(approval_id=StaffApproval.objects.get().pk, by=second, approve=False, note="Работа видна на фото")
    clock.advance(hours=73)
    steps.settle()
    assert sent_and_returned(simulator) == (0, 0)
    payments.split_anew(
        deal_id=steps.money_of(deal).pk, by=second, price_part=Money(4_000_000), reason="Сделано почти всё"
    )
    steps.settle()
    assert sent_and_returned(simulator) == (3_800_000, 1_000_000)


def test_staff_take_paid_out_money_back_for_the_customer(simulator: Simulator) -> None:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    life.accept(life.finish(deal))
    steps.settle()
    payments.return_after_payout(
        deal_id=steps.money_of(deal).pk, by=life.moderator(), amount=Money(100_000), reason="Брак"
    )
    steps.settle()
    money = steps.money_of(deal)
    assert (money.status, money.to_executor, money.to_customer) == ("settled", Money(118_500), Money(100_000))
    assert simulator.dump()["transfer"][0]["amount_reversed"] == 100_000
    assert steps.books()["clearing"] == -11_500
    assert "held_deals" not in steps.books()


def paid_out(simulator: Simulator, price: Money) -> int:
    """A deal of this price whose executor has got theirs; its number."""
    deal = steps.held(simulator, steps.response(price=price))
    steps.account(simulator, deal.executor)
    life.accept(life.finish(deal))
    steps.settle()
    return steps.money_of(deal).pk


def returned() -> int:
    """What went back to the customer's card; the processor also lists what left the executor's account as a refund."""
    return sum(Intent.objects.filter(kind="deal_refund", status="settled").values_list("amount_minor", flat=True))


def take_back(deal_id: int, minor: int, *, by: User | None = None, seen: Money | None = None) -> None:
    payments.return_after_payout(
        deal_id=deal_id, by=by or life.moderator(), amount=Money(minor), reason="Брак", seen=seen
    )
    steps.settle()


def test_a_large_return_in_pieces_needs_a_second_person_too(simulator: Simulator) -> None:
    deal_id, first = paid_out(simulator, Money(10_000_000)), life.moderator()
    take_back(deal_id, 3_000_000, by=first)
    assert returned() == 3_000_000
    take_back(deal_id, 100, by=first)
    assert (returned(), StaffApproval.objects.get().outcome) == (3_000_000, "waiting")
    approvals.decide(approval_id=StaffApproval.objects.get().pk, by=life.moderator(), approve=True)
    steps.settle()
    assert returned() == 3_000_100


def test_control_counting_each_piece_alone_the_limit_would_be_walked_around(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.secure_deals.services.splits.given_back_by_staff", lambda deal: Money(0))
    deal_id = paid_out(simulator, Money(10_000_000))
    for _piece in range(3):
        take_back(deal_id, 3_000_000)
    assert (returned(), StaffApproval.objects.count()) == (9_000_000, 0)


def test_a_division_before_it_counts_towards_the_limit(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator, steps.response(price=Money(10_000_000)))
    steps.account(simulator, deal.executor)
    life.dispute(life.finish(deal))
    divide(deal, Money(7_500_000))
    clock.advance(hours=73)
    steps.settle()
    assert returned() == 2_500_000
    take_back(steps.money_of(deal).pk, 500_001)
    assert (returned(), StaffApproval.objects.count()) == (2_500_000, 1)


def test_one_return_waits_for_a_second_person_at_a_time(simulator: Simulator) -> None:
    deal_id = paid_out(simulator, Money(10_000_000))
    take_back(deal_id, 4_000_000)
    with pytest.raises(PolicyDenied) as refusal:
        take_back(deal_id, 4_000_000)
    assert refusal.value.code == "return_waits"
    assert (StaffApproval.objects.count(), returned()) == (1, 0)


def test_the_button_pressed_twice_returns_once(simulator: Simulator) -> None:
    deal_id, seen = paid_out(simulator, Money(1_000_000)), Money(950_000)
    take_back(deal_id, 100_000, seen=seen)
    with pytest.raises(StaleState):
        take_back(deal_id, 100_000, seen=seen)
    assert returned() == 100_000


def test_a_return_from_an_account_that_stays_empty_is_given_up_and_everybody_hears_so(
    simulator: Simulator, clock: Clock
) -> None:
    deal_id = paid_out(simulator, Money(1_000_000))
    simulator.advance(days=10)  # the money has gone to the executor's bank
    take_back(deal_id, 100_000)
    money = SecureDeal.objects.get(pk=deal_id)
    assert (money.status, money.to_customer) == ("settling", Money(100_000))
    for _again in range(5):
        clock.advance(hours=6)
        steps.settle()
    money.refresh_from_db()
    assert (money.status, money.outcome, money.to_executor, money.to_customer) == (
        "settled", "accepted", Money(950_000), Money(0),
    )  # fmt: skip
    assert returned() == 0
    told = Notification.objects.filter(kind="deal_return_given_up").values_list("user_id", flat=True)
    assert sorted(told) == sorted([money.customer_id, money.executor_id])
    take_back(deal_id, 50_000)  # and staff may try once more
    assert SecureDeal.objects.get(pk=deal_id).status == "settling"


@pytest.mark.parametrize(("done", "outcome"), [(False, "too_old_returned"), (True, "too_old_paid")])
def test_no_deal_grows_older_than_85_days(simulator: Simulator, clock: Clock, done: bool, outcome: str) -> None:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    clock.advance(days=76)
    age_secure_deals()
    end_old_secure_deals()
    assert steps.money_of(deal).status == "held"
    clock.advance(days=8, hours=23)
    if done:
        life.finish(deal)
    clock.advance(hours=2)
    end_old_secure_deals()
    steps.settle()
    money = steps.money_of(deal)
    assert (money.status, money.outcome) == ("settled", outcome)
    assert sent_and_returned(simulator) == ((218_500, 0) if done else (0, 230_000))


def test_accepted_work_nobody_can_be_paid_for_goes_back_at_the_end(simulator: Simulator, clock: Clock) -> None:
    deal = steps.held(simulator)
    life.accept(life.finish(deal))
    clock.advance(days=86)
    age_secure_deals()
    drive_secure_deals()
    steps.settle()
    money = SecureDeal.objects.get()
    assert (money.status, money.outcome) == ("settled", "too_old_returned")
    assert sent_and_returned(simulator) == (0, 230_000)


REFUND_FAILS_LATER = "4000000000005126"


def held_by(simulator: Simulator, number: str) -> Assignment:
    deal = steps.pay(simulator, steps.opened(steps.response()), number)
    return Assignment.objects.select_related("task", "customer", "executor", "response").get(pk=deal.assignment_id)


def the_bank_answers(simulator: Simulator) -> None:
    simulator.advance(days=2)
    for _round in range(2):
        poll()
        handle_due()


def agrees() -> None:
    """The processor's books, copied anew, our intents, the journal and what people were given."""
    copy_lines(all_of_them=True)
    assert not list(mismatches())


def test_a_return_that_the_bank_sends_back_is_held_and_sent_again(simulator: Simulator, clock: Clock) -> None:
    clock.freeze()
    deal = held_by(simulator, REFUND_FAILS_LATER)
    life.cancel(deal, by=deal.executor)
    steps.settle()
    assert (steps.money_of(deal).status, steps.books().get("held_deals", 0)) == ("settled", 0)
    the_bank_answers(simulator)
    the_bank_answers(simulator)  # the same news once more changes nothing
    money = steps.money_of(deal)
    assert (money.status, steps.books()["held_deals"]) == ("settling", 230_000)
    assert Notification.objects.filter(user=deal.customer, kind="deal_money_sent_back").count() == 1
    agrees()
    assert [late.pk for late in selectors.late_deals()] == [money.pk]
    steps.settle()
    assert sent_and_returned(simulator) == (0, 230_000), "not before a day has passed"
    clock.advance(days=1, minutes=1)
    steps.settle()
    assert sent_and_returned(simulator) == (0, 460_000)
    assert (steps.money_of(deal).status, steps.books().get("held_deals", 0)) == ("settled", 0)
    lines = [line.mine.minor for line in selectors.movements_of_deal(steps.money_of(deal), deal.customer_id)]
    assert lines == [-230_000, 230_000, -230_000, 230_000]
    agrees()


def test_a_return_beside_the_decision_is_sent_again_by_itself(simulator: Simulator) -> None:
    """As that of a second payment: no decision stands behind it that the jobs would carry out anew."""
    deal = held_by(simulator, REFUND_FAILS_LATER)
    payment = Intent.objects.get(kind="deal_payment")
    beside = begin(
        operation=f"{payment.operation}:refund",
        kind="deal_refund",
        user_id=deal.customer_id,
        amount=payment.amount,
        subject=payment.subject,
        details={"payment_id": payment.payment_id},
    )
    steps.settle()
    assert Intent.objects.get(pk=beside.pk).status == "settled"
    the_bank_answers(simulator)
    again = Intent.objects.get(operation=f"{payment.subject}:extra:{beside.pk}")
    assert (again.amount, again.kind, steps.money_of(deal).status) == (payment.amount, "deal_refund", "held")


@pytest.mark.books_differ  # the second payment is made here without an intent
def test_a_return_beside_the_decision_that_comes_back_keeps_the_decision_waiting_for_nothing(
    simulator: Simulator,
) -> None:
    deal = steps.held(simulator)
    payment = Intent.objects.get(kind="deal_payment")
    params: Any = {"amount": 50_000, "currency": "rub", "payment_method": "pm_card_refundFail", "confirm": True}
    params["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
    second = simulator.client().v1.payment_intents.create(params)
    begin(
        operation=f"{payment.operation}:refund",
        kind="deal_refund",
        user_id=deal.customer_id,
        amount=Money(50_000),
        subject=payment.subject,
        details={"payment_id": second.id},
    )
    steps.settle()
    the_bank_answers(simulator)
    assert Entry.objects.filter(kind="deal_refund_failed").count() == 1
    life.cancel(deal)
    steps.settle()
    assert Intent.objects.get(kind="deal_refund", amount_minor=230_000).status == "settled"
    assert steps.money_of(deal).status == "settled"


def test_deals_that_wait_for_weeks_keep_nobody_waiting(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time is looked at here: the second has its turn although the first stays where it is."""
    deals = [steps.held(simulator) for _ in range(2)]
    steps.account(simulator, deals[1].executor)
    for deal in deals:
        life.finish(deal)
        life.accept(deal)
    SecureDeal.objects.update(driven_at=None)
    monkeypatch.setattr("payments.secure_deals.services.ageing.BATCH", 1)
    drive_secure_deals()
    drive_secure_deals()
    assert SecureDeal.objects.filter(driven_at=None).count() == 0


def test_the_desk_says_that_a_return_waits_and_offers_no_second_one(simulator: Simulator) -> None:
    deal_id, first = paid_out(simulator, Money(10_000_000)), life.moderator("Мария Волкова")
    take_back(deal_id, 3_100_000, by=first)
    for who, words in ((first, "Вы сами это запросили"), (life.moderator(), "К ответу")):
        desk = sign_in(Client(), who)
        for path in (f"/desk/held/{deal_id}/", f"/desk/held/{deal_id}/return/"):
            page = desk.get(path).content.decode()
            assert "Ждёт второго сотрудника." in page
            assert "Запрос: Мария В., сегодня" in page
            assert words in page
            assert "Вернуть выплаченное заказчику" not in page
            assert 'name="amount"' not in page
