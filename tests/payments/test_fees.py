"""What a response costs: the tariff in force, the trial, caps, and each refusal without a charge."""

from datetime import timedelta

import pytest

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import selectors, services
from payments.errors import InsufficientFunds, SpendingCapReached, TrialUsed
from payments.models import Charge, Entry, Tariff
from tests.conftest import Clock
from tests.payments.factories import category, city, person, response, tariff

pytestmark = pytest.mark.django_db


def charge(executor_id: int, response_id: int) -> Charge:
    return services.charge_response_fee(
        user_id=executor_id,
        response_id=response_id,
        category_id=category().pk,
        city_id=city().pk,
        task_id=1,
        title="Повесить люстру",
        unopened_until=now() + timedelta(hours=48),
    )


def give(user_id: int, minor: int) -> None:
    services.grant_promotion(user_id=user_id, amount=Money(minor), operation=f"gift:{user_id}:{minor}", why="test")


def test_a_response_costs_what_the_tariff_says_and_no_kopeck_more() -> None:
    tariff(12_000)
    executor = person()
    give(executor.pk, 50_000)
    taken = charge(executor.pk, response(executor).pk)
    assert (taken.amount, taken.covered_by) == (Money(12_000), "wallet")
    assert selectors.wallet_balance(executor.pk) == Money(38_000)
    assert selectors.account_total("revenue") == Money(12_000)


def test_a_new_tariff_changes_the_next_response_and_not_the_frozen_one(clock: Clock) -> None:
    tariff(12_000)
    executor = person()
    give(executor.pk, 50_000)
    before = charge(executor.pk, response(executor).pk)
    Tariff.objects.create(
        category=category(), city=city(), response_fee_minor=15_000, subscription_minor=0, valid_from=now()
    )
    clock.advance(seconds=1)
    after = charge(executor.pk, response(executor).pk)
    before.refresh_from_db()
    assert (before.amount, after.amount) == (Money(12_000), Money(15_000))


def test_a_tariff_that_begins_tomorrow_is_not_charged_today() -> None:
    tariff(12_000)
    Tariff.objects.create(
        category=category(),
        city=city(),
        response_fee_minor=90_000,
        subscription_minor=0,
        valid_from=now() + timedelta(days=1),
    )
    quote = selectors.quote_response_fee(user_id=person().pk, category_id=category().pk, city_id=city().pk)
    assert quote.list_price == Money(12_000)


def test_without_enough_money_nothing_is_charged() -> None:
    tariff(12_000)
    executor = person()
    give(executor.pk, 11_999)
    sent = response(executor)
    entries = Entry.objects.count()
    with pytest.raises(InsufficientFunds):
        charge(executor.pk, sent.pk)
    assert selectors.wallet_balance(executor.pk) == Money(11_999)
    assert (Entry.objects.count(), Charge.objects.count()) == (entries, 0)


@pytest.mark.parametrize("caps", [{"daily": Money(20_000), "weekly": None}, {"daily": None, "weekly": Money(20_000)}])
def test_a_spending_cap_stops_the_response_that_would_pass_it(caps: dict[str, Money | None]) -> None:
    tariff(12_000)
    executor = person()
    give(executor.pk, 50_000)
    services.set_spending_cap(user_id=executor.pk, **caps)
    charge(executor.pk, response(executor).pk)
    with pytest.raises(SpendingCapReached):
        charge(executor.pk, response(executor).pk)
    assert selectors.wallet_balance(executor.pk) == Money(38_000)


def test_a_daily_cap_is_free_again_a_day_later(clock: Clock) -> None:
    tariff(12_000)
    executor = person()
    give(executor.pk, 50_000)
    services.set_spending_cap(user_id=executor.pk, daily=Money(12_000), weekly=None)
    charge(executor.pk, response(executor).pk)
    clock.advance(hours=24, seconds=1)
    assert charge(executor.pk, response(executor).pk).amount == Money(12_000)


def test_the_trial_covers_a_day_of_responses_once(clock: Clock) -> None:
    tariff(12_000)
    executor = person()
    services.start_trial(user_id=executor.pk)
    assert charge(executor.pk, response(executor).pk).covered_by == "trial"
    clock.advance(hours=24, seconds=1)
    with pytest.raises(InsufficientFunds):
        charge(executor.pk, response(executor).pk)
    with pytest.raises(TrialUsed):
        services.start_trial(user_id=executor.pk)
    assert not Entry.objects.filter(kind="response_fee").exists()


def test_quotes_of_many_places_take_a_fixed_number_of_queries(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    tariff(12_000)
    executor = person()
    places = [(category().pk, city().pk)] + [(category().pk, n) for n in range(10_000, 10_050)]
    with django_assert_num_queries(3):
        quotes = selectors.quote_response_fees(user_id=executor.pk, places=places)
    assert quotes[places[0]].refusal is not None
    assert quotes[places[1]].covered_by == "free"
