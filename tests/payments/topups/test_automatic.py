"""Automatic top-up: as agreed, one at a time, never above the month's limit, and it stops itself with a reason."""

import pytest

from marketplace.accounts.models import User
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from marketplace.notifications.selectors import render
from payments import selectors, services
from payments.errors import NoSavedCard
from payments.intents.services import sweep
from payments.models import AutoTopUp, Intent, SavedCard
from tests.conftest import Clock
from tests.payments.factories import category, city, response, tariff
from tests.payments.topups.steps import keep_card
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def agree(user: User, *, threshold: int = 20_000, amount: int = 50_000, cap: int = 100_000) -> AutoTopUp:
    return services.set_automatic(
        user_id=user.pk, threshold=Money(threshold), amount=Money(amount), monthly_cap=Money(cap)
    )


def respond(user: User) -> None:
    """A paid response, and what a worker does right after."""
    respond_while_workers_are_away(user)
    sweep()


def respond_while_workers_are_away(user: User) -> None:
    sent = response(user)
    services.charge_response_fee(
        user_id=user.pk,
        response_id=sent.pk,
        category_id=category().pk,
        city_id=city().pk,
        task_id=sent.task_id,
        title=sent.task.title,
        unopened_until=sent.unopened_due_at,
    )


@pytest.fixture
def executor(simulator: Simulator, andrey: User) -> User:
    tariff(12_000)
    keep_card(simulator, andrey, minor=30_000)
    return andrey


def test_a_charge_that_leaves_too_little_fills_the_wallet(simulator: Simulator, executor: User) -> None:
    agree(executor)
    respond(executor)
    assert selectors.wallet_balance(executor.pk) == Money(30_000 - 12_000 + 50_000)
    assert Notification.objects.filter(user=executor, kind="topped_up_automatically").count() == 1
    assert simulator.dump()["payment_intent"][-1]["metadata"]["operation"].startswith("automatic:")


def test_above_the_line_nothing_is_taken(simulator: Simulator, executor: User) -> None:
    agree(executor, threshold=18_000)
    respond(executor)
    assert not Intent.objects.filter(kind="top_up_automatic").exists()


def test_the_months_limit_stops_it_until_the_next_month(simulator: Simulator, executor: User, clock: Clock) -> None:
    agree(executor, threshold=1_000_000, cap=100_000)
    for _i in range(4):
        respond(executor)
    assert selectors.taken_since(executor.pk, selectors.start_of_month()) == Money(100_000)
    assert Notification.objects.filter(user=executor, kind="automatic_top_up_at_cap").count() == 1
    clock.advance(days=32)
    respond(executor)
    assert selectors.taken_since(executor.pk, selectors.start_of_month()) == Money(50_000)


def test_a_declined_card_pauses_it_with_a_reason_and_saving_again_mends_it(
    simulator: Simulator, executor: User
) -> None:
    agree(executor)
    good = selectors.cards_of(executor.pk)[0].processor_id
    customer = simulator.client().v1.payment_methods.retrieve(good).customer
    bad = simulator.client().v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": str(customer)})
    SavedCard.objects.filter(user=executor).update(processor_id=bad.id)
    respond(executor)
    wish = selectors.settings_of(executor.pk)
    assert wish is not None
    assert wish.paused_code == "generic_decline"
    told = render(Notification.objects.get(user=executor, kind="automatic_top_up_paused"))
    assert selectors.decline_sentence("generic_decline") in told.text
    before = Intent.objects.count()
    respond(executor)
    assert Intent.objects.count() == before

    SavedCard.objects.filter(user=executor).update(processor_id=good)
    agree(executor, threshold=1_000_000)
    services.grant_promotion(user_id=executor.pk, amount=Money(50_000), operation="gift", why="")
    respond(executor)
    assert Intent.objects.filter(kind="top_up_automatic", status="settled").count() == 1


def test_a_card_whose_bank_wants_a_confirmation_pauses_it(simulator: Simulator, andrey: User) -> None:
    tariff(12_000)
    keep_card(simulator, andrey, "4000002760003184", minor=30_000)
    agree(andrey)
    respond(andrey)
    wish = selectors.settings_of(andrey.pk)
    assert wish is not None
    assert wish.paused_code == "authentication_required"
    assert selectors.wallet_balance(andrey.pk) == Money(18_000)


def test_taking_the_card_away_pauses_it(simulator: Simulator, executor: User) -> None:
    agree(executor)
    services.remove_card(user_id=executor.pk, card_id=selectors.cards_of(executor.pk)[0].pk)
    wish = selectors.settings_of(executor.pk)
    assert wish is not None
    assert wish.paused_code == "card_removed"
    respond(executor)
    assert not Intent.objects.filter(kind="top_up_automatic").exists()


def test_while_one_is_on_its_way_no_second_is_begun(simulator: Simulator, executor: User) -> None:
    agree(executor)
    simulator.fault("error_before", path="/v1/payment_intents", count=-1)
    respond(executor)
    respond(executor)
    assert Intent.objects.filter(kind="top_up_automatic").count() == 1


def test_switched_off_it_takes_nothing(simulator: Simulator, executor: User) -> None:
    agree(executor)
    services.switch_off(user_id=executor.pk)
    respond(executor)
    assert not Intent.objects.filter(kind="top_up_automatic").exists()


def test_without_a_kept_card_there_is_nothing_to_agree_to(simulator: Simulator, andrey: User) -> None:
    with pytest.raises(NoSavedCard):
        agree(andrey)
    assert selectors.settings_of(andrey.pk) is None


def test_a_limit_below_one_top_up_is_refused(simulator: Simulator, executor: User) -> None:
    with pytest.raises(DomainError):
        agree(executor, amount=50_000, cap=49_999)
    assert selectors.settings_of(executor.pk) is None


@pytest.mark.parametrize("change", ["switched_off", "another_card"])
def test_what_was_taken_back_before_the_call_is_not_charged(simulator: Simulator, executor: User, change: str) -> None:
    agree(executor)
    respond_while_workers_are_away(executor)
    intent = Intent.objects.get(kind="top_up_automatic")
    assert intent.status == "created"
    if change == "switched_off":
        services.switch_off(user_id=executor.pk)
    else:
        SavedCard.objects.filter(user=executor).update(is_default=False)
    charges = len(simulator.dump()["charge"])
    sweep()
    intent.refresh_from_db()
    assert (intent.status, len(simulator.dump()["charge"])) == ("cancelled", charges)
    assert selectors.wallet_balance(executor.pk) == Money(30_000 - 12_000)
    wish = selectors.settings_of(executor.pk)
    assert wish is not None
    assert wish.paused_code == ""


def test_a_charge_that_was_faster_than_the_persons_word_is_booked(
    simulator: Simulator, executor: User, clock: Clock
) -> None:
    agree(executor)
    simulator.fault("drop_after", method="POST", path="/v1/payment_intents", count=2)
    respond(executor)
    assert Intent.objects.get(kind="top_up_automatic").status == "created"
    services.switch_off(user_id=executor.pk)
    clock.advance(minutes=1)
    sweep()
    assert Intent.objects.get(kind="top_up_automatic").status == "settled"
    assert selectors.wallet_balance(executor.pk) == Money(30_000 - 12_000 + 50_000)
