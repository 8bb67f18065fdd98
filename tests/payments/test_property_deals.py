"""Whatever the two sides of a secure deal, the moderators and the staff do, in whatever order: the site agrees with plain sums.

After each step what is held, sent on and returned is what the model says, here and at the processor; at the end the books are
compared four ways.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from marketplace.kit.money import Money
from payments.models import Account, SecureDeal
from payments.secure_deals.services.splits import return_after_payout
from payments.selectors import account_total
from tasks_app import services as tasks
from tasks_app.models import Assignment
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.payments.property_room import InARoom, bound, run
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = [pytest.mark.django_db, pytest.mark.books_differ]  # compared by the machine itself, before it rolls back

PRICE, PARTS, SENT_PART = 230_000, 11_500, 10_925  # a part in 20 of the price, and what of it 5 % commission leaves


@dataclass
class Sums:
    """A deal in plain numbers, minor units: with the platform, at the executor's account, back at the card."""

    stage: str = "open"
    held: int = 0
    sent: int = 0
    returned: int = 0


class Deal(InARoom):
    """One deal at a time; a new one may begin when it is over."""

    def __init__(self) -> None:
        super().__init__()
        self.sums = Sums()
        self.over: list[Sums] = []
        self.executor = life.executor()
        steps.account(self.simulator, self.executor)
        self.begin()

    def begin(self) -> None:
        self.deal = steps.opened(steps.response(steps.secure_task(), by=self.executor))
        self.sums = Sums()

    def at(self, *stages: str) -> bool:
        return self.sums.stage in stages

    def assignment(self) -> Any:
        self.deal.refresh_from_db()
        rows = Assignment.objects.select_related("task", "customer", "executor", "response")
        return rows.get(pk=self.deal.assignment_id)

    @precondition(lambda self: self.at("open"))
    @rule(twice=st.booleans())
    def customer_pays(self, twice: bool) -> None:
        steps.pay(self.simulator, self.deal)
        if twice:
            steps.settle(1)
        self.sums.stage, self.sums.held = "held", PRICE

    @precondition(lambda self: self.at("held"))
    @rule()
    def executor_works(self) -> None:
        life.finish(self.assignment())
        self.sums.stage = "done"

    @precondition(lambda self: self.at("done"))
    @rule()
    def customer_accepts(self) -> None:
        life.accept(self.assignment())
        self.moves(parts=20)

    @precondition(lambda self: self.at("held", "done"))
    @rule()
    def executor_gives_up(self) -> None:
        life.cancel(self.assignment(), by=self.executor)
        self.moves(parts=0)

    @precondition(lambda self: self.at("done"))
    @rule(parts=st.integers(0, 19), agrees=st.booleans())
    def a_part_is_offered(self, parts: int, agrees: bool) -> None:
        deal = self.assignment()
        tasks.offer_part(assignment_id=deal.pk, by=deal.customer, amount=Money(parts * PARTS), reason="Не всё сделано")
        tasks.answer_part(assignment_id=deal.pk, by=self.executor, agree=agrees)
        self.sums.stage = "disputed"
        if agrees:
            self.moves(parts=parts)

    @precondition(lambda self: self.at("disputed"))
    @rule(parts=st.integers(1, 20))
    def a_moderator_divides(self, parts: int) -> None:
        decision = tasks.Division(price_part=Money(parts * PARTS), at_fault="nobody", reason="Сделана часть.")
        tasks.divide_money(assignment_id=self.deal.assignment_id, by=life.moderator(), decision=decision)
        steps.settle(1)
        assert account_total(Account.Kind.HELD_DEALS) == Money(PRICE)  # until the time to appeal is over
        self.clock.advance(hours=73)
        self.moves(parts=parts)

    @precondition(lambda self: self.at("over") and self.sums.sent > 0)
    @rule(share=st.integers(1, 4))
    def staff_take_back(self, share: int) -> None:
        self.deal.refresh_from_db()
        minor = max(1, self.sums.sent * share // 4)
        return_after_payout(deal_id=self.deal.pk, by=life.moderator(), amount=Money(minor), reason="Брак")
        steps.settle()
        self.sums.sent, self.sums.returned = self.sums.sent - minor, self.sums.returned + minor

    @rule()
    def the_jobs_run_for_nothing(self) -> None:
        steps.settle(1)

    @precondition(lambda self: self.at("over"))
    @rule()
    def another_deal_begins(self) -> None:
        self.over.append(self.sums)
        self.begin()

    def moves(self, *, parts: int) -> None:
        """What is decided moves at once: the executor's part less the commission, the rest goes back."""
        steps.settle()
        part, sent = parts * PARTS, parts * SENT_PART
        self.sums = Sums("over", sent=sent, returned=PRICE - part)

    @invariant()
    def the_platform_has_what_the_model_has(self) -> None:
        every = [*self.over, self.sums]
        assert account_total(Account.Kind.HELD_DEALS) == Money(sum(row.held for row in every))

    @invariant()
    def the_processor_moved_what_the_model_moved(self) -> None:
        every, there = [*self.over, self.sums], self.simulator.dump()
        sent = sum(row["amount"] - row["amount_reversed"] for row in there["transfer"])
        returned = sum(row["amount"] for row in there["refund"] if row["id"].startswith("re_"))
        assert (sent, returned) == (sum(row.sent for row in every), sum(row.returned for row in every))
        settled = SecureDeal.objects.filter(status="settled").count()
        assert settled == sum(row.stage == "over" for row in every)


def test_the_site_agrees_with_plain_sums(simulator: Simulator, clock: Clock) -> None:
    run(bound(Deal, simulator, clock))


def test_the_sums_notice_a_split_that_gives_the_executor_a_kopeck_more(
    simulator: Simulator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control for deals: a division that rounds the wrong way."""
    from payments.secure_deals.services import settling
    from payments.secure_deals.terms import Shares

    right = settling.shares

    def generous(deal: SecureDeal, price_part: int) -> Shares:
        found = right(deal, price_part)
        return Shares(found.to_executor + 1, found.to_customer, found.commission - 1)

    monkeypatch.setattr(settling, "shares", generous)
    deal: Any = bound(Deal, simulator, clock)()
    try:
        deal.customer_pays(twice=False)
        deal.executor_works()
        deal.customer_accepts()
        with pytest.raises(AssertionError):
            deal.the_processor_moved_what_the_model_moved()
    finally:
        deal.teardown()
