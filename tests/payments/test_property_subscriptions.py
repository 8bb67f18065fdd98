"""Whatever a person does with a subscription while months go by: each month is paid and booked once, and never one too many.

After each step the bills, the books and the state are those of a plain model; at the end the books are compared four ways.
"""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from marketplace.kit.money import Money
from payments.events.inbox import handle_due, poll
from payments.models import Account, Subscription, SubscriptionPayment
from payments.selectors import account_total
from payments.subscriptions import services as subscriptions
from payments.subscriptions.following import carry_out
from tests.conftest import Clock
from tests.payments.factories import tariff
from tests.payments.property_room import InARoom, bound, run
from tests.payments.subscriptions.steps import Life, jobs, subscribe
from tests.simulator import Simulator

pytestmark = [pytest.mark.django_db, pytest.mark.books_differ]  # compared by the machine itself, before it rolls back


class Month(InARoom):
    """One person, one subscription at a time; months go by here and at the processor together."""

    def __init__(self) -> None:
        super().__init__()
        tariff(12_000)
        self.life = Life(self.simulator, self.clock)
        self.person = self.life.executor()
        self.good, self.bad = self.life.card(self.person), self.life.card(self.person, "pm_card_chargeCustomerFail")
        self.months, self.back, self.ends, self.broken = 0, 0, False, False
        self.mine: Subscription | None = None

    @property
    def lives(self) -> bool:
        return self.mine is not None

    @precondition(lambda self: not self.lives)
    @rule()
    def subscribes(self) -> None:
        self.mine = subscribe(self.person, self.good)
        assert self.mine.status == "active"
        self.months, self.ends, self.broken = self.months + 1, False, False
        self.fresh = True

    @precondition(lambda self: self.lives and not self.ends)
    @rule()
    def cancels(self) -> None:
        subscriptions.cancel(subscription_id=self.number, by=self.person)
        jobs()
        self.ends = True

    @precondition(lambda self: self.lives and self.ends)
    @rule()
    def comes_back(self) -> None:
        subscriptions.come_back(subscription_id=self.number, by=self.person)
        jobs()
        self.ends = False

    @precondition(lambda self: self.lives and not self.broken)
    @rule()
    def the_card_breaks(self) -> None:
        processor_id = Subscription.objects.get(pk=self.number).processor_id
        self.life.client.v1.subscriptions.update(processor_id, {"default_payment_method": self.bad.processor_id})
        self.broken = True

    @precondition(lambda self: self.lives)
    @rule(recovers=st.booleans())
    def a_month_goes_by(self, recovers: bool) -> None:
        end = Subscription.objects.get(pk=self.number).paid_until
        self.life.live(seconds=(end - self.clock.now()).total_seconds() + 7_200)
        self.fresh = False
        if self.ends:
            self.mine = None
        elif not self.broken:
            self.months += 1
        elif recovers:
            subscriptions.change_card(subscription_id=self.number, by=self.person, card=self.good)
            carry_out(subscription_id=self.number)
            self.months, self.broken = self.months + 1, False
        else:
            self.life.live(days=4)
            self.mine = None

    @precondition(lambda self: self.lives and self.fresh)
    @rule()
    def the_unused_month_goes_back(self) -> None:
        subscriptions.refund_unused_month(subscription_id=self.number, by=self.person)
        jobs()
        self.back, self.mine = self.back + 1, None

    @rule()
    def hints_come_again(self) -> None:
        poll()
        handle_due()
        jobs()

    @property
    def number(self) -> int:
        assert self.mine is not None
        return self.mine.pk

    @invariant()
    def each_month_is_paid_and_booked_once(self) -> None:
        paid = self.life.charges()
        assert paid == [149_000] * self.months
        assert SubscriptionPayment.objects.count() == self.months
        assert account_total(Account.Kind.REVENUE) == Money(149_000 * (self.months - self.back))

    @invariant()
    def it_stands_as_the_model_says(self) -> None:
        living = Subscription.objects.filter(status__in=("pending", "active", "past_due", "paused"))
        assert [row.pk for row in living] == ([self.number] if self.lives else [])


def test_the_site_agrees_with_a_plain_model(simulator: Simulator, clock: Clock) -> None:
    run(bound(Month, simulator, clock))


def test_the_sums_notice_a_month_that_is_taken_after_the_end(
    simulator: Simulator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control for subscriptions: the processor never hears of a cancellation."""
    month: Any = bound(Month, simulator, clock)()
    try:
        month.subscribes()
        monkeypatch.setattr(subscriptions, "call_for", lambda *_args, **_more: None)
        month.cancels()
        month.a_month_goes_by(recovers=False)
        with pytest.raises(AssertionError):
            month.each_month_is_paid_and_booked_once()
    finally:
        monkeypatch.undo()
        transaction.set_rollback(True)
        month._room.__exit__(None, None, None)
