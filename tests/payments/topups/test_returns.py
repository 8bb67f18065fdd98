"""Unused money goes back to its card, once, never more than is unused, and comes back when the card does not take it."""

import pytest

from marketplace.accounts.models import User
from marketplace.kit.errors import NotFound, PolicyDenied
from marketplace.kit.money import Money
from payments import selectors, services
from payments.errors import SecondPersonNeeded
from payments.events.inbox import handle_due, poll
from payments.intents.services import sweep
from payments.ledger.reconciliation import mismatches
from payments.models import BalanceLine, Entry, Intent
from payments.reconciliation.lines import copy_lines
from tests.conftest import Clock
from tests.payments.factories import person
from tests.payments.topups.steps import by_page
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def give_back(user: User, top_up_id: int, minor: int, operation: str = "return-one") -> Intent:
    intent = services.return_top_up(user_id=user.pk, top_up_id=top_up_id, amount=Money(minor), operation=operation)
    return services.carry_out(intent_id=intent.pk)


def test_unused_money_goes_back(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, Money(100_000))
    assert give_back(andrey, view.id, 40_000).status == "settled"
    assert selectors.wallet_balance(andrey.pk) == Money(60_000)
    assert selectors.returnable_of(user_id=andrey.pk, intent_id=view.id) == Money(60_000)
    assert [row["amount"] for row in simulator.dump()["refund"]] == [40_000]


def test_the_same_wish_again_gives_nothing_more(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, Money(100_000))
    assert give_back(andrey, view.id, 40_000).pk == give_back(andrey, view.id, 40_000).pk
    assert selectors.wallet_balance(andrey.pk) == Money(60_000)


def test_spent_money_does_not_go_back(simulator: Simulator, andrey: User) -> None:
    first = by_page(simulator, andrey, Money(100_000))
    give_back(andrey, first.id, 80_000)
    for minor in (20_001, 0, -1):
        with pytest.raises(PolicyDenied):
            give_back(andrey, first.id, minor, operation=f"return-{minor}")
    assert selectors.wallet_balance(andrey.pk) == Money(20_000)


def test_another_persons_top_up_is_not_there(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, Money(100_000))
    with pytest.raises(NotFound):
        give_back(person(), view.id, 1_000)


def test_above_the_limit_one_person_is_not_enough(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, Money(1_000_000))
    with pytest.raises(SecondPersonNeeded):
        give_back(andrey, view.id, 500_001)
    give_back(andrey, view.id, 500_000, operation="return-two")
    with pytest.raises(SecondPersonNeeded):
        give_back(andrey, view.id, 100, operation="return-three")
    assert selectors.wallet_balance(andrey.pk) == Money(500_000)


def test_an_old_top_up_does_not_go_back(simulator: Simulator, andrey: User, clock: Clock) -> None:
    view = by_page(simulator, andrey, Money(100_000))
    clock.advance(days=181)
    with pytest.raises(PolicyDenied):
        give_back(andrey, view.id, 1_000)


def test_while_it_is_on_its_way_it_cannot_be_spent(simulator: Simulator, andrey: User, clock: Clock) -> None:
    view = by_page(simulator, andrey, Money(100_000))
    simulator.fault("error_before", path="/v1/refunds", count=-1)
    assert give_back(andrey, view.id, 100_000).status == "created"
    assert selectors.wallet_balance(andrey.pk) == Money(0)
    simulator.clear_faults()
    clock.advance(minutes=1)
    sweep()
    assert Intent.objects.get(kind="top_up_refund").status == "settled"
    assert selectors.wallet_balance(andrey.pk) == Money(0)


def test_a_refund_that_fails_later_comes_back_to_the_wallet(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, Money(100_000), "4000000000005126")
    give_back(andrey, view.id, 100_000)
    simulator.advance(days=2)
    poll()
    handle_due()
    poll()
    handle_due()
    assert selectors.wallet_balance(andrey.pk) == Money(100_000)
    assert Entry.objects.filter(kind="reversal").count() == 1


def test_a_return_the_bank_has_not_answered_yet_is_no_mismatch(simulator: Simulator, andrey: User) -> None:
    """The processor's line is there at once, its answer days later (4000 0000 0000 7726)."""
    view = by_page(simulator, andrey, Money(100_000), "4000000000007726")
    assert give_back(andrey, view.id, 40_000).status == "waiting"
    copy_lines(all_of_them=True)
    assert BalanceLine.objects.filter(kind="refund", amount_minor=-40_000).exists()
    assert list(mismatches()) == []


@pytest.mark.books_differ
def test_control_counting_what_is_on_its_way_it_would_be_one(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, Money(100_000), "4000000000007726")
    give_back(andrey, view.id, 40_000)
    copy_lines(all_of_them=True)
    Intent.objects.filter(kind="top_up_refund").update(processor_id="")
    assert [one.check for one in mismatches()] == ["the processor's movements are the journal's, object by object"]
