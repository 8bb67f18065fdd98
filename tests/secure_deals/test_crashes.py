"""A process dies between any two steps of a movement of a deal's money: the sweeper finishes it, and the money moves once.

The payment is by a kept card, as the page is killed in tests/payments/intents/test_crashes.py with the same engine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from marketplace.kit.money import Money
from payments import services as payments
from payments.intents import services as engine
from payments.intents.handlers import handler_of
from payments.models import Entry, Intent, Payout, PayoutAccount, SavedCard, SecureDeal
from payments.payouts import services as payouts
from payments.secure_deals.services.opening import _begin_payment
from payments.secure_deals.services.splits import return_after_payout
from payments.topups.customers import customer_of
from tasks_app import services
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db
HALF = Money(115_000)


class Killed(BaseException):
    """Nothing of ours catches it, as nothing catches a kill."""


@dataclass(frozen=True)
class Flow:
    """`begin` leaves one decided movement of `kind` as a row; `sums`: what then stands at the processor, minor units."""

    kind: str
    thing: str
    begin: Callable[[Simulator], None]
    sums: tuple[int, ...]
    ends: str = "settled"


def pays_by_card(simulator: Simulator) -> None:
    deal = steps.opened(steps.response())
    kept = simulator.client().v1.payment_methods.attach("pm_card_visa", {"customer": customer_of(deal.customer_id)})
    card = SavedCard.objects.create(
        user_id=deal.customer_id, processor_id=kept.id, brand="visa", last4="4242", exp_month=12, exp_year=2034
    )
    _begin_payment(deal.pk, deal.customer_id, card, "ru", "pay-once")


def held_with_account(simulator: Simulator) -> Any:
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    return deal


def is_accepted(simulator: Simulator) -> None:
    life.accept(life.finish(held_with_account(simulator)))


def is_cancelled(simulator: Simulator) -> None:
    life.cancel(held_with_account(simulator))


def is_split(simulator: Simulator) -> None:
    deal = held_with_account(simulator)
    life.finish(deal)
    services.offer_part(assignment_id=deal.pk, by=deal.customer, amount=HALF, reason="Половина")
    services.answer_part(assignment_id=deal.pk, by=deal.executor, agree=True)


def is_taken_back(simulator: Simulator) -> None:
    deal = held_with_account(simulator)
    life.accept(life.finish(deal))
    steps.settle()
    money = steps.money_of(deal)
    return_after_payout(deal_id=money.pk, by=life.moderator(), amount=Money(100_000), reason="Брак")


FLOWS = {
    "payment": Flow("deal_payment", "charge", pays_by_card, (230_000,), ends="held"),
    "transfer": Flow("deal_transfer", "transfer", is_accepted, (218_500,)),
    "refund": Flow("deal_refund", "refund", is_cancelled, (230_000,)),
    "the executor's part of a split": Flow("deal_transfer", "transfer", is_split, (109_250,)),
    "the customer's part of a split": Flow("deal_refund", "refund", is_split, (115_000,)),
    "reversal": Flow("transfer_reversal", "transfer_reversal", is_taken_back, (100_000,)),
}
SEAMS = ("before the call", "after the call", "before the entry", "after what follows")


def die_at(seam: str, patch: pytest.MonkeyPatch, kind: str) -> None:
    """Put the death into the handler of this kind; `late` ones do their work first."""
    name = {
        "before the call": "call",
        "after the call": "call",
        "before the entry": "book",
        "after what follows": "after",
    }[seam]
    handler, late = type(handler_of(kind)), seam.startswith("after")
    real = getattr(handler, name)

    def dies(*args: object, **more: object) -> None:
        if late:
            real(*args, **more)
        raise Killed

    patch.setattr(handler, name, dies)


def come_to_rest(clock: Clock) -> SecureDeal:
    clock.advance(seconds=engine.LEASE.total_seconds() + 1)
    for _round in range(3):
        steps.settle(1)
    return SecureDeal.objects.get()


def at_processor(simulator: Simulator, flow: Flow) -> tuple[int, ...]:
    rows = [row for row in simulator.dump()[flow.thing] if not row["id"].startswith("pyr_")]
    return tuple(row["amount"] for row in rows)


@pytest.mark.parametrize("seam", SEAMS)
@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_killed_in_any_seam_the_deals_money_moves_once(
    simulator: Simulator, clock: Clock, flow: Flow, seam: str
) -> None:
    flow.begin(simulator)
    intent = Intent.objects.get(kind=flow.kind, status="created")
    with pytest.MonkeyPatch.context() as patch:
        die_at(seam, patch, flow.kind)
        with pytest.raises(Killed):
            engine.perform(intent_id=intent.pk)
    deal = come_to_rest(clock)
    assert deal.status == flow.ends
    assert not Intent.objects.filter(status__in=("created", "waiting")).exists()
    assert at_processor(simulator, flow) == flow.sums
    assert Entry.objects.filter(kind=flow.kind).count() == 1


@pytest.mark.parametrize(
    "name", ["payment", "the executor's part of a split", "the customer's part of a split", "reversal"]
)
def test_control_without_the_key_a_crash_moves_the_deals_money_twice(
    simulator: Simulator, clock: Clock, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Halves, because the processor itself refuses a second whole transfer or refund of one charge."""
    flow, ask = FLOWS[name], engine._ask

    def asks_anew(handler: Any, intent: Intent) -> Any:
        intent.idempotency_key = uuid4().hex
        return ask(handler, intent)

    monkeypatch.setattr(engine, "_ask", asks_anew)
    flow.begin(simulator)
    intent = Intent.objects.get(kind=flow.kind, status="created")
    with pytest.MonkeyPatch.context() as patch:
        die_at("after the call", patch, flow.kind)
        with pytest.raises(Killed):
            engine.perform(intent_id=intent.pk)
    come_to_rest(clock)
    assert at_processor(simulator, flow) == flow.sums * 2


def paid_out(simulator: Simulator) -> str:
    """A payout that the bank sent back, of which the site does not know yet; the account's id."""
    deal = steps.held(simulator)
    link = payments.start_onboarding(user_id=deal.executor_id, return_url="http://x/", refresh_url="http://x/")
    simulator.onboard(link, bank="000111111113")
    payments.refresh_account(user_id=deal.executor_id)
    life.accept(life.finish(deal))
    steps.settle()
    simulator.advance(days=10)
    return str(PayoutAccount.objects.get(user=deal.executor_id).processor_id)


@pytest.mark.parametrize("seam", ["before it is told", "after it is told"])
def test_killed_while_taking_over_a_payout_it_is_shown_and_told_once(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, seam: str
) -> None:
    account, told, real = paid_out(simulator), [], payouts._tell_failed

    def tells(*args: Any) -> None:
        told.append(args)
        real(*args)

    def dies(*args: Any) -> None:
        if seam == "after it is told":
            real(*args)
        raise Killed

    monkeypatch.setattr(payouts, "_tell_failed", dies)
    with pytest.raises(Killed):
        payouts.refresh_payouts(account_id=account)
    assert not Payout.objects.exists()
    monkeypatch.setattr(payouts, "_tell_failed", tells)
    for _again in range(2):
        payouts.refresh_payouts(account_id=account)
    assert [row.status for row in Payout.objects.all()] == ["failed"]
    assert len(told) == 1
