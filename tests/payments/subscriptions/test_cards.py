"""Which card pays for a month: the person reads it, changes it, and cannot take it away by mistake."""

import pytest
from django.test import Client

from marketplace.kit.errors import PolicyDenied
from payments import services
from payments.models import SavedCard
from payments.subscriptions import selectors
from payments.subscriptions import services as subscriptions
from payments.subscriptions.following import carry_out
from payments.topups.cards import forget_card
from tests.payments.subscriptions.steps import Life, again, subscribe
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def test_a_card_typed_in_on_the_processors_page_is_the_persons_to_see(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor)
    assert (mine.card, selectors.paying_card(mine)) == (None, None)
    life.simulator.pay(mine.action_url)
    mine = carry_out(subscription_id=mine.pk)
    card = SavedCard.objects.get(user=executor)
    assert (selectors.paying_card(mine), card.last4, card.exp_year) == (card, "4242", 2034)
    life.live(days=32)
    assert life.charges() == [149_000, 149_000]
    assert SavedCard.objects.count() == 1


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_says_which_card_pays_until_when_and_lets_one_change_it(life: Life, language: str) -> None:
    executor = life.executor()
    card, other = life.card(executor), life.card(executor, "pm_card_mastercard")
    SavedCard.objects.filter(pk=other.pk).update(brand="mastercard", last4="4444")
    mine = subscribe(executor, card)
    browser = sign_in(Client(), executor)
    address = f"{'/en' if language == 'en' else ''}/wallet/subscriptions/{mine.pk}/"
    page = browser.get(address).content.decode()
    assert "Visa ·· 4242" in page
    assert "12/34" in page
    browser.post(f"{address}card/", {"card": other.pk})
    page = browser.get(address).content.decode()
    assert page.index("Mastercard ·· 4444") < page.index("Visa ·· 4242")
    stands = life.client.v1.subscriptions.retrieve(mine.processor_id).default_payment_method
    assert stands == other.processor_id


def test_a_card_added_from_the_subscriptions_page_is_chosen_there_and_pays_the_next_month(life: Life) -> None:
    executor = life.executor()
    first = life.card(executor)
    mine = subscribe(executor, first)
    browser, address = sign_in(Client(), executor), f"/wallet/subscriptions/{mine.pk}/"
    leads = browser.post("/wallet/cards/add/", {"operation": "one-of-mine", "back": address})
    returned = life.simulator.pay(leads.headers["Location"], "5555555555554444")
    back = browser.get(returned[returned.index("/wallet/") :]).headers["Location"]
    added = SavedCard.objects.exclude(pk=first.pk).get()
    assert back == f"{address}?card={added.pk}#card"
    assert again(mine).card == first  # until the person says so
    browser.post(f"{address}card/", {"card": added.pk})
    life.live(days=32)
    last = life.client.v1.charges.list({"limit": 1}).data[0]
    assert last.payment_method == added.processor_id


def test_the_card_that_pays_cannot_be_taken_away_before_another_one_does(life: Life) -> None:
    executor = life.executor()
    card = life.card(executor)
    mine = subscribe(executor, card)
    with pytest.raises(PolicyDenied) as refusal:
        services.remove_card(user_id=executor.pk, card_id=card.pk)
    assert refusal.value.code == "pays_subscription"
    card.refresh_from_db()
    assert card.removed_at is None
    assert life.client.v1.payment_methods.retrieve(card.processor_id).customer
    subscriptions.cancel(subscription_id=mine.pk, by=executor)
    carry_out(subscription_id=mine.pk)
    services.remove_card(user_id=executor.pk, card_id=card.pk)
    assert selectors.paying_card(again(mine)) is None


def test_a_refused_change_leaves_the_card_that_pays(life: Life) -> None:
    """The page shows what the processor will charge, not what was wished."""
    executor = life.executor()
    card, gone = life.card(executor), life.card(executor, "pm_card_mastercard")
    mine = subscribe(executor, card)
    life.client.v1.payment_methods.detach(gone.processor_id)
    subscriptions.change_card(subscription_id=mine.pk, by=executor, card=gone)
    assert selectors.paying_card(carry_out(subscription_id=mine.pk)) == card


def test_when_the_bank_takes_the_card_off_the_page_warns(life: Life) -> None:
    executor = life.executor()
    card = life.card(executor)
    mine = subscribe(executor, card)
    forget_card(processor_id=card.processor_id)
    page = sign_in(Client(), executor).get(f"/en/wallet/subscriptions/{mine.pk}/").content.decode()
    assert "No card pays for the next month" in page
    assert "Visa ·· 4242" not in page


def test_a_card_that_expires_before_the_next_month_is_warned_about(life: Life) -> None:
    executor = life.executor()
    card = life.card(executor)
    mine = subscribe(executor, card)
    until = mine.paid_until
    SavedCard.objects.filter(pk=card.pk).update(exp_year=until.year, exp_month=until.month)
    assert not selectors.card_ends_first(again(mine))
    SavedCard.objects.filter(pk=card.pk).update(exp_year=until.year - 1, exp_month=12)
    assert selectors.card_ends_first(again(mine))
    browser = sign_in(Client(), executor)
    assert "It expires before" in browser.get(f"/en/wallet/subscriptions/{mine.pk}/").content.decode()


def test_the_api_names_the_card_that_pays(life: Life) -> None:
    executor = life.executor()
    card = life.card(executor)
    mine = subscribe(executor, card)
    browser = sign_in(Client(), executor)
    shown = browser.get(f"/api/v1/wallet/subscriptions/{mine.pk}").json()["card"]
    assert shown == {"id": card.pk, "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034}
    subscriptions.cancel(subscription_id=mine.pk, by=executor)
    assert browser.get(f"/api/v1/wallet/subscriptions/{mine.pk}").json()["card"] is None
