"""Kept cards: with consent only, paid with in two taps, confirmed with the bank, refused in words, taken away."""

import pytest

from marketplace.accounts.models import User
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from payments import selectors, services
from payments.errors import ProcessorAway
from payments.events.inbox import handle_due, poll
from payments.models import Entry, Intent, SavedCard
from payments.topups import declines
from tests.payments.factories import person
from tests.payments.topups.steps import by_card, by_page, keep_card
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def test_a_card_is_kept_only_with_consent(simulator: Simulator, andrey: User) -> None:
    by_page(simulator, andrey, Money(10_000))
    assert selectors.cards_of(andrey.pk) == []
    card = keep_card(simulator, andrey)
    assert (card.brand, card.last4, card.is_default) == ("visa", "4242", True)


def test_a_kept_card_pays_without_a_page(simulator: Simulator, andrey: User) -> None:
    view = by_card(andrey, Money(100_000), keep_card(simulator, andrey))
    assert view.stage == "paid"
    assert selectors.wallet_balance(andrey.pk) == Money(110_000)


def test_the_bank_may_ask_to_confirm_and_then_it_is_paid(simulator: Simulator, andrey: User) -> None:
    card = keep_card(simulator, andrey, "4000002760003184")
    view = by_card(andrey, Money(100_000), card)
    assert (view.stage, selectors.wallet_balance(andrey.pk)) == ("confirm", Money(10_000))
    back = simulator.authenticate(view.action_url)
    assert f"/wallet/top-up/{view.id}/" in back
    services.see_how_it_stands(user_id=andrey.pk, intent_id=view.id)
    assert selectors.top_up_of(user_id=andrey.pk, intent_id=view.id).stage == "paid"
    assert selectors.wallet_balance(andrey.pk) == Money(110_000)


def test_a_confirmation_refused_is_told_and_nothing_moves(simulator: Simulator, andrey: User) -> None:
    view = by_card(andrey, Money(100_000), keep_card(simulator, andrey, "4000002760003184"))
    simulator.authenticate(view.action_url, confirm=False)
    services.see_how_it_stands(user_id=andrey.pk, intent_id=view.id)
    stands = selectors.top_up_of(user_id=andrey.pk, intent_id=view.id)
    assert (stands.stage, stands.reason_code) == ("failed", "payment_intent_authentication_failure")
    assert selectors.wallet_balance(andrey.pk) == Money(10_000)


def test_a_confirmation_nobody_makes_can_be_given_up(simulator: Simulator, andrey: User) -> None:
    view = by_card(andrey, Money(100_000), keep_card(simulator, andrey, "4000002760003184"))
    services.give_up(user_id=andrey.pk, intent_id=view.id)
    assert selectors.top_up_of(user_id=andrey.pk, intent_id=view.id).stage == "given_up"
    assert selectors.wallet_balance(andrey.pk) == Money(10_000)


def test_a_declined_card_is_told_in_words_and_the_next_try_is_a_new_one(simulator: Simulator, andrey: User) -> None:
    card = _kept_but_declined(simulator, andrey)
    view = by_card(andrey, Money(100_000), card)
    assert view.stage == "failed"
    assert view.reason == declines.sentence("generic_decline")
    assert Entry.objects.filter(kind="top_up").count() == 1
    assert by_card(andrey, Money(100_000), card).id != view.id


def _kept_but_declined(simulator: Simulator, someone: User) -> SavedCard:
    """A card that was kept when it was good, and that its bank declines now."""
    card = keep_card(simulator, someone)
    customer = simulator.client().v1.payment_methods.retrieve(card.processor_id).customer
    bad = simulator.client().v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": str(customer)})
    SavedCard.objects.filter(pk=card.pk).update(processor_id=bad.id)
    card.refresh_from_db()
    return card


def test_another_persons_card_is_not_there(simulator: Simulator, andrey: User) -> None:
    card = keep_card(simulator, andrey)
    stranger = person()
    with pytest.raises(NotFound):
        by_card(stranger, Money(100_000), card)
    for verb in (services.make_default, services.remove_card):
        with pytest.raises(NotFound):
            verb(user_id=stranger.pk, card_id=card.pk)
    card.refresh_from_db()
    assert card.removed_at is None
    assert not Intent.objects.filter(user=stranger).exists()


def test_a_card_taken_away_is_gone_at_the_processor_too(simulator: Simulator, andrey: User) -> None:
    first, second = keep_card(simulator, andrey), keep_card(simulator, andrey, "5555555555554444")
    services.remove_card(user_id=andrey.pk, card_id=first.pk)
    assert [card.pk for card in selectors.cards_of(andrey.pk)] == [second.pk]
    assert selectors.cards_of(andrey.pk)[0].is_default
    assert simulator.client().v1.payment_methods.retrieve(first.processor_id).customer is None


def test_while_the_processor_is_away_a_card_is_still_kept_and_that_is_said(simulator: Simulator, andrey: User) -> None:
    card = keep_card(simulator, andrey)
    simulator.fault("error_before", path="/v1/payment_methods/*", count=-1)
    with pytest.raises(ProcessorAway):
        services.remove_card(user_id=andrey.pk, card_id=card.pk)
    assert selectors.cards_of(andrey.pk) == [card]


def test_a_card_removed_at_the_processor_is_forgotten_here(simulator: Simulator, andrey: User) -> None:
    card = keep_card(simulator, andrey)
    simulator.client().v1.payment_methods.detach(card.processor_id)
    poll()
    handle_due()
    assert selectors.cards_of(andrey.pk) == []


def test_the_chosen_card_is_used_first(simulator: Simulator, andrey: User) -> None:
    first, second = keep_card(simulator, andrey), keep_card(simulator, andrey, "5555555555554444")
    services.make_default(user_id=andrey.pk, card_id=second.pk)
    assert [card.pk for card in selectors.cards_of(andrey.pk)] == [second.pk, first.pk]


DOCUMENTED = [
    "authentication_required",
    "approve_with_id",
    "call_issuer",
    "card_not_supported",
    "card_velocity_exceeded",
    "currency_not_supported",
    "do_not_honor",
    "do_not_try_again",
    "duplicate_transaction",
    "expired_card",
    "fraudulent",
    "generic_decline",
    "incorrect_number",
    "incorrect_cvc",
    "incorrect_pin",
    "incorrect_zip",
    "insufficient_funds",
    "invalid_account",
    "invalid_amount",
    "invalid_cvc",
    "invalid_expiry_month",
    "invalid_expiry_year",
    "invalid_number",
    "invalid_pin",
    "issuer_not_available",
    "lost_card",
    "merchant_blacklist",
    "new_account_information_available",
    "no_action_taken",
    "not_permitted",
    "offline_pin_required",
    "online_or_offline_pin_required",
    "pickup_card",
    "pin_try_exceeded",
    "processing_error",
    "reenter_transaction",
    "restricted_card",
    "revocation_of_all_authorizations",
    "revocation_of_authorization",
    "security_violation",
    "service_not_allowed",
    "stolen_card",
    "stop_payment_order",
    "testmode_decline",
    "transaction_not_allowed",
    "try_again_later",
    "withdrawal_count_limit_exceeded",
]


@pytest.mark.parametrize("code", DOCUMENTED)
def test_every_documented_decline_has_its_sentence(code: str, in_russian: None) -> None:
    assert code in declines.SENTENCES
    assert not declines.sentence(code).isascii()
    assert code not in declines.sentence(code)


@pytest.mark.parametrize("code", ["lost_card", "stolen_card", "fraudulent", "pickup_card", "merchant_blacklist"])
def test_what_a_bank_suspects_is_not_told_to_the_holder(code: str) -> None:
    assert declines.sentence(code) == declines.sentence("generic_decline")
