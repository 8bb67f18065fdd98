"""Whatever a person does with their money, in whatever order: the site agrees with a plain Python model of a wallet.

Top-up, paying for responses, refunds by rule and on a cancelled task, money back to the card, a bank that takes a payment back and
gives it back, debts and the free day; after each step the wallet, the debt and the refusal are what the model says, and at the end the
books are compared four ways.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from payments import selectors, services
from payments.events.inbox import handle_due, poll
from payments.models import Intent
from payments.topups.debts import debt_of
from tasks_app import services as tasks
from tests.conftest import Clock
from tests.journeys import steps
from tests.payments.conftest import differences
from tests.payments.property_room import EXAMPLES, run
from tests.payments.topups.steps import by_card, keep_card
from tests.simulator import Simulator

pytestmark = [pytest.mark.django_db, pytest.mark.books_differ]  # compared by the machine itself, before it rolls back

FEE = steps.FEE.minor


@dataclass
class Paid:
    """A top-up as the model has it."""

    intent: int
    minor: int
    returned: int = 0
    dispute: str = ""
    decided: bool = False


@dataclass
class Sent:
    """A response as the model has it: `fee` is what is with the platform now."""

    response: Any
    fee: int
    opened: bool = False
    ended: bool = False


@dataclass
class Model:
    """A wallet in plain numbers."""

    balance: int = 0
    debt: int = 0
    trial_left: timedelta | None = None
    sent: list[Sent] = field(default_factory=list)

    def arrives(self, minor: int) -> None:
        self.balance += minor
        part = min(self.debt, minor, self.balance)
        self.balance, self.debt = self.balance - part, self.debt - part

    def is_taken_back(self, minor: int) -> None:
        there = min(minor, self.balance)
        self.balance, self.debt = self.balance - there, self.debt + minor - there

    def is_given_back(self, minor: int) -> None:
        forgiven = min(minor, self.debt)
        self.debt, self.balance = self.debt - forgiven, self.balance + minor - forgiven

    def respond(self) -> str:
        """The code of the refusal, or "" and the fee is taken."""
        if self.trial_left is not None and self.trial_left > timedelta():
            return ""
        if self.debt:
            return "in_debt"
        if self.balance < FEE:
            return "insufficient_funds"
        self.balance -= FEE
        return ""

    @property
    def on_trial(self) -> bool:
        return self.trial_left is not None and self.trial_left > timedelta()

    def refund(self, sent: Sent) -> None:
        self.balance, sent.fee = self.balance + sent.fee, 0


def machine_of(simulator: Simulator, clock: Clock) -> type[RuleBasedStateMachine]:
    """The machine, bound to a running simulator and a clock."""

    class Wallet(RuleBasedStateMachine):
        top_ups: Bundle[Paid] = Bundle("top_ups")
        responses: Bundle[Sent] = Bundle("responses")

        def __init__(self) -> None:
            super().__init__()
            clock._shift = timedelta()
            simulator.reset(settle_after=0)
            self._room = transaction.atomic()
            self._room.__enter__()
            self.person = steps.executor(money=Money(0))
            self.card = keep_card(simulator, self.person)
            self.model = Model(balance=10_000)

        def teardown(self) -> None:
            try:
                assert differences() == []
            finally:
                transaction.set_rollback(True)
                self._room.__exit__(None, None, None)

        @rule(target=top_ups, minor=st.integers(100, 400).map(lambda roubles: roubles * 100))
        def top_up(self, minor: int) -> Paid:
            view = by_card(self.person, Money(minor), self.card)
            assert view.stage == "paid"
            self.model.arrives(minor)
            return Paid(view.id, minor)

        @rule(target=responses)
        def respond(self) -> Sent:
            before = self.model.on_trial
            expected = self.model.respond()
            task = steps.post_task()
            try:
                response = steps.respond(task, by=self.person)
            except DomainError as error:
                assert error.code == expected  # noqa: PT017
                return Sent(None, 0, ended=True)
            assert expected == ""
            sent = Sent(response, 0 if before else FEE)
            self.model.sent.append(sent)
            return sent

        @rule(sent=responses)
        def customer_opens(self, sent: Sent) -> None:
            if not sent.ended:
                steps.open_response(sent.response)
                sent.opened = True

        @rule(sent=responses)
        def customer_cancels_the_task(self, sent: Sent) -> None:
            if sent.ended:
                return
            tasks.cancel_task(task_id=sent.response.task_id, by=sent.response.task.customer, reason="plans_changed")
            sent.ended = True
            self.model.refund(sent)

        @rule(sent=responses)
        def asked_again_for_a_rule_nothing_comes_twice(self, sent: Sent) -> None:
            if sent.ended and sent.response is not None:
                services.refund_response_fee(response_id=sent.response.pk, rule="cancelled_before_choice")

        @rule()
        def two_days_pass(self) -> None:
            clock.advance(hours=49)
            simulator.advance(hours=49)
            if self.model.trial_left is not None:
                self.model.trial_left -= timedelta(hours=49)
            services.refund_unopened()
            for sent in self.model.sent:
                if not sent.opened:
                    self.model.refund(sent)

        @rule(paid=top_ups, roubles=st.integers(1, 300))
        def money_back_to_the_card(self, paid: Paid, roubles: int) -> None:
            if paid.dispute:
                return
            minor = roubles * 100
            possible = minor <= min(paid.minor - paid.returned, self.model.balance)
            try:
                intent = services.return_top_up(
                    user_id=self.person.pk, top_up_id=paid.intent, amount=Money(minor),
                    operation=f"return-{paid.intent}-{paid.returned}-{minor}",
                )  # fmt: skip
            except DomainError:
                assert not possible
                return
            assert possible
            assert services.carry_out(intent_id=intent.pk).status == "settled"
            paid.returned += minor
            self.model.balance -= minor

        @rule(paid=top_ups)
        def the_bank_takes_it_back(self, paid: Paid) -> None:
            if paid.dispute or paid.returned:
                return
            charge = next(
                row["id"] for row in simulator.dump()["charge"]
                if row["payment_intent"] == Intent.objects.get(pk=paid.intent).processor_id
            )  # fmt: skip
            paid.dispute = simulator.dispute(charge)
            self.follow()
            self.model.is_taken_back(paid.minor)

        @rule(paid=top_ups, won=st.booleans())
        def the_bank_decides(self, paid: Paid, won: bool) -> None:
            if not paid.dispute or paid.decided:
                return
            simulator.decide(paid.dispute, won=won)
            paid.decided = True
            self.follow()
            if won:
                self.model.is_given_back(paid.minor)

        @rule()
        def the_free_day_begins_once(self) -> None:
            try:
                services.start_trial(user_id=self.person.pk)
            except DomainError:
                assert self.model.trial_left is not None
            else:
                assert self.model.trial_left is None
                self.model.trial_left = timedelta(hours=24)

        def follow(self) -> None:
            """What the poller does; an event may come any number of times."""
            for _again in range(2):
                poll()
                handle_due()

        @invariant()
        def the_wallet_is_the_models(self) -> None:
            assert selectors.wallet_balance(self.person.pk) == Money(self.model.balance)
            assert debt_of(self.person.pk) == Money(self.model.debt)

    return Wallet


def test_the_wallet_agrees_with_a_plain_model(simulator: Simulator, clock: Clock) -> None:
    run(machine_of(simulator, clock), examples=max(10, EXAMPLES), steps=14)


def test_the_model_notices_a_refund_that_is_paid_twice(
    simulator: Simulator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a rule that gives half a fee more than it took."""
    from payments.refunds import services as refunds

    book = refunds.book

    def generous(*, legs: list[Any], **more: Any) -> Any:
        return book(legs=[(account, Money(amount.minor // 2 * 3)) for account, amount in legs], **more)

    monkeypatch.setattr(refunds, "book", generous)
    wallet: Any = machine_of(simulator, clock)()
    try:
        wallet.top_up(20_000)
        sent = wallet.respond()
        wallet.customer_cancels_the_task(sent)
        with pytest.raises(AssertionError):
            wallet.the_wallet_is_the_models()
    finally:
        with pytest.raises(AssertionError):
            wallet.teardown()
