"""Top-up on the processor's page, told truthfully at every step."""

import pytest

from marketplace.accounts.models import User
from marketplace.kit.errors import PolicyDenied
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import selectors, services
from payments.intents.services import sweep
from payments.models import Entry, Intent
from tests.conftest import Clock
from tests.payments.topups.steps import begin_page, by_page
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db
THOUSAND = Money(100_000)


def test_money_paid_on_the_page_is_in_the_wallet_and_told_of(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, THOUSAND)
    assert (view.stage, view.card["last4"]) == ("paid", "4242")
    assert selectors.wallet_balance(andrey.pk) == THOUSAND
    assert selectors.account_total("clearing") == Money(-100_000)
    assert Notification.objects.get(user=andrey).kind == "topped_up"
    assert view.receipt_url


def test_before_the_payment_nothing_is_in_the_wallet(simulator: Simulator, andrey: User) -> None:
    view = begin_page(andrey, THOUSAND)
    assert view.stage == "pay"
    assert view.action_url.startswith(simulator.base)
    looked = services.see_how_it_stands(user_id=andrey.pk, intent_id=view.id)
    assert selectors.top_up_view(looked).stage == "pay"
    assert not Entry.objects.exists()


def test_a_declined_card_says_why_and_another_card_still_works(simulator: Simulator, andrey: User) -> None:
    view = begin_page(andrey, THOUSAND)
    simulator.pay(view.action_url, "4000000000009995")
    stands = selectors.top_up_view(services.see_how_it_stands(user_id=andrey.pk, intent_id=view.id))
    assert (stands.stage, stands.reason_code) == ("pay", "insufficient_funds")
    assert not Entry.objects.exists()
    simulator.pay(view.action_url)
    stands = selectors.top_up_view(services.see_how_it_stands(user_id=andrey.pk, intent_id=view.id))
    assert (stands.stage, stands.reason) == ("paid", "")
    assert selectors.wallet_balance(andrey.pk) == THOUSAND


def test_a_card_that_needs_3d_secure_pays_after_the_confirmation(simulator: Simulator, andrey: User) -> None:
    assert by_page(simulator, andrey, THOUSAND, "4000002760003184").stage == "paid"
    assert selectors.wallet_balance(andrey.pk) == THOUSAND


def test_a_page_nobody_paid_on_is_given_up_when_it_expires(simulator: Simulator, andrey: User, clock: Clock) -> None:
    view = begin_page(andrey, THOUSAND)
    simulator.advance(hours=25)
    clock.advance(hours=25)
    sweep()
    stands = selectors.top_up_of(user_id=andrey.pk, intent_id=view.id)
    assert (stands.stage, stands.reason_code) == ("given_up", "page_expired")
    assert not Entry.objects.exists()


def test_giving_up_closes_the_page(simulator: Simulator, andrey: User) -> None:
    view = begin_page(andrey, THOUSAND)
    services.give_up(user_id=andrey.pk, intent_id=view.id)
    assert selectors.top_up_of(user_id=andrey.pk, intent_id=view.id).stage == "given_up"
    simulator.pay(view.action_url)
    assert not simulator.dump()["charge"]


def test_giving_up_too_late_books_the_payment(simulator: Simulator, andrey: User) -> None:
    view = begin_page(andrey, THOUSAND)
    simulator.pay(view.action_url)
    services.give_up(user_id=andrey.pk, intent_id=view.id)
    assert selectors.top_up_of(user_id=andrey.pk, intent_id=view.id).stage == "paid"
    assert selectors.wallet_balance(andrey.pk) == THOUSAND


@pytest.mark.parametrize("minor", [0, 9_999, 5_000_001, -100_000])
def test_a_sum_outside_the_limits_is_refused(simulator: Simulator, andrey: User, minor: int) -> None:
    with pytest.raises(PolicyDenied):
        services.top_up(user_id=andrey.pk, amount=Money(minor), operation="one")
    assert not Intent.objects.exists()


def test_without_a_key_card_payments_are_off_and_say_so(andrey: User) -> None:
    with pytest.raises(PolicyDenied) as refusal:
        services.top_up(user_id=andrey.pk, amount=THOUSAND, operation="one")
    assert refusal.value.code == "card_payments_off"
    assert not Intent.objects.exists()


def test_the_same_operation_is_the_same_top_up(simulator: Simulator, andrey: User) -> None:
    first = begin_page(andrey, THOUSAND, operation="once-more")
    again = begin_page(andrey, THOUSAND, operation="once-more")
    assert first == again
    assert len(simulator.dump()["checkout.session"]) == 1
