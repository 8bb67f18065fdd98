"""Money on its way and money newer than our copy of the processor's books are no mismatches; anything else still is."""

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import services
from payments.ledger.reconciliation import mismatches
from payments.ledger.services import book, platform_account, wallet_of
from payments.models import BalanceLine, Intent, ProcessorCursor
from payments.reconciliation.lines import copy_lines
from payments.reconciliation.selectors import standing
from tests.conftest import Clock
from tests.payments.topups.steps import by_page
from tests.people import sign_in
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db
OBJECTS = "the processor's movements are the journal's, object by object"
SLOW_BANK = "4000000000007726"


def found() -> list[tuple[str, str]]:
    return [(one.check, one.detail) for one in mismatches()]


def waiting_return(simulator: Simulator, user: User) -> Intent:
    view = by_page(simulator, user, Money(100_000), SLOW_BANK)
    made = services.return_top_up(user_id=user.pk, top_up_id=view.id, amount=Money(40_000), operation="a-return")
    made = services.carry_out(intent_id=made.pk)
    assert made.status == "waiting"
    copy_lines(all_of_them=True)
    return made


@pytest.mark.books_differ
@pytest.mark.parametrize("minor", [-40_001, -39_999, -80_000, 40_000], ids=str)
def test_a_waiting_return_explains_its_own_sum_and_no_other(simulator: Simulator, andrey: User, minor: int) -> None:
    made = waiting_return(simulator, andrey)
    assert found() == []
    BalanceLine.objects.filter(source=made.processor_id).update(amount_minor=minor)
    assert found() == [(OBJECTS, f"{minor} at the processor, 0 in the journal")]


@pytest.mark.books_differ
def test_a_waiting_payment_explains_nothing(simulator: Simulator, andrey: User) -> None:
    made = waiting_return(simulator, andrey)
    Intent.objects.filter(pk=made.pk).update(kind="top_up_card")
    assert [check for check, _detail in found()] == [OBJECTS]


def test_what_moved_after_the_copy_is_compared_after_the_next_one(
    simulator: Simulator, andrey: User, clock: Clock
) -> None:
    copy_lines()
    clock.advance(seconds=30)
    by_page(simulator, andrey, Money(100_000))
    assert not BalanceLine.objects.exists()
    assert found() == []
    copy_lines()
    assert BalanceLine.objects.exists()
    assert found() == []


@pytest.mark.books_differ
def test_control_a_payment_the_processor_never_saw_is_found_by_the_next_copy(
    simulator: Simulator, andrey: User, clock: Clock
) -> None:
    copy_lines()
    clock.advance(seconds=30)
    legs = [(platform_account("clearing"), Money(-700)), (wallet_of(andrey.pk), Money(700))]
    book(operation="intent:0", kind="chargeback_won", legs=legs, memo={"source": "ch_nobody"})
    assert found() == []
    simulator.fault("error_before", path="/v1/balance_transactions", count=-1)
    clock.advance(minutes=11)
    copy_lines()
    assert (found(), standing().copy_is_old) == ([], True)
    simulator.clear_faults()
    copy_lines()
    assert [check for check, _detail in found()] == [OBJECTS]
    assert not standing().copy_is_old


@pytest.mark.books_differ
def test_without_any_copy_everything_is_compared(simulator: Simulator, andrey: User) -> None:
    by_page(simulator, andrey, Money(100_000))
    ProcessorCursor.objects.all().delete()
    assert [check for check, _detail in found()] == [OBJECTS]


def test_looking_at_the_page_asks_the_processor_nothing_and_says_how_old_the_copy_is(
    simulator: Simulator, andrey: User, clock: Clock
) -> None:
    copy_lines()
    clock.advance(minutes=11)
    by_page(simulator, andrey, Money(100_000))
    operator = User.objects.create_user(name="Анна", phone="+79990000009", staff_role="operator")
    simulator.fault("error_before", path="*", count=-1)
    page = sign_in(Client(), operator).get("/desk/money/").content.decode()
    assert "Не сходится" not in page
    assert "больше десяти минут" in page
    assert not BalanceLine.objects.exists()
