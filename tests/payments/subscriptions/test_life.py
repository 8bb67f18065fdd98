"""The life of a subscription, by the processor's test clock: begin, renew, fail, recover, end, pause, come back."""

from datetime import timedelta

import pytest
from django.conf import settings

from marketplace.kit.errors import PolicyDenied
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import selectors, services
from payments.errors import InsufficientFunds
from payments.events.inbox import handle_due, poll
from payments.models import Subscription, SubscriptionPayment, Trial
from payments.subscriptions import services as subscriptions
from payments.subscriptions.errors import AlreadySubscribed, NotOffered, PriceChanged
from payments.subscriptions.following import carry_out
from tests.payments.factories import category, city
from tests.payments.subscriptions.steps import MONTH, Life, again, answer, booked, jobs, subscribe, unanswered

pytestmark = pytest.mark.django_db
GRACE = settings.RULES["subscription_grace_days"]


def news(kind: str) -> int:
    return Notification.objects.filter(kind=f"subscription_{kind}").count()


def test_a_saved_card_pays_and_responses_are_covered_until_the_day_shown(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    assert (mine.status, mine.price) == ("active", MONTH)
    assert life.charges() == [149_000]
    assert booked() == 149_000
    quote = selectors.quote_response_fee(user_id=executor.pk, category_id=category().pk, city_id=city().pk)
    assert (quote.covered_by, quote.amount, quote.covered_until) == ("subscription", Money(0), mine.period_end)
    charge = answer(executor)
    assert (charge.covered_by, charge.amount_minor, charge.subscription_id) == ("subscription", 0, mine.pk)
    assert news("began") == 1


def test_the_page_of_the_processor_begins_it_too(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor)
    assert (mine.status, bool(mine.action_url)) == ("pending", True)
    with pytest.raises(InsufficientFunds):
        answer(executor)
    life.simulator.pay(mine.action_url)
    mine = carry_out(subscription_id=mine.pk)
    assert mine.status == "active"
    assert SubscriptionPayment.objects.get().amount == MONTH


def test_a_card_that_asks_for_a_confirmation_waits_for_it(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor, "pm_card_threeDSecure2Required"))
    assert (mine.status, bool(mine.action_url), booked()) == ("pending", True, 0)
    back = life.simulator.authenticate(mine.action_url)
    assert f"/wallet/subscriptions/{mine.pk}/?from=processor" in back
    assert carry_out(subscription_id=mine.pk).status == "active"
    assert booked() == 149_000


def test_a_confirmation_that_is_refused_begins_nothing(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor, "pm_card_threeDSecure2Required"))
    life.simulator.authenticate(mine.action_url, confirm=False)
    carry_out(subscription_id=mine.pk)
    jobs()
    assert (again(mine).status, booked(), life.charges()) == ("abandoned", 0, [])


def test_a_declined_card_begins_nothing_and_another_try_is_free(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor, "pm_card_chargeCustomerFail"))
    jobs()
    assert (again(mine).status, booked()) == ("abandoned", 0)
    assert again(mine).refusal_code
    assert subscribe(executor, life.card(executor)).status == "active"


def test_the_first_subscription_begins_with_the_free_day_once(life: Life) -> None:
    executor = life.executor(had_trial=False)
    mine = subscribe(executor, life.card(executor))
    assert (mine.status, mine.on_trial, life.charges()) == ("active", True, [])
    assert Trial.objects.get(user=executor).ends_at == mine.period_end
    assert answer(executor).covered_by == "subscription"
    life.live(hours=20)
    assert news("trial_ends") == 1
    life.live(hours=6)
    mine = again(mine)
    assert (mine.on_trial, life.charges()) == (False, [149_000])
    assert mine.period_end == life.start + timedelta(days=1) + month(life.start + timedelta(days=1))


def month(start):  # type: ignore[no-untyped-def]
    """A calendar month from a moment, as the processor counts it."""
    following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = ((following + timedelta(days=32)).replace(day=1) - timedelta(days=1)).day
    return following.replace(day=min(start.day, last)) - start


def test_it_renews_month_after_month_with_news_before(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    life.live(days=month(life.start).days - 2)
    assert news("renews") == 1
    life.live(days=2, hours=2)
    assert life.charges() == [149_000, 149_000]
    assert booked() == 298_000
    assert news("renewed") == 1
    assert again(mine).period_end > mine.period_end
    assert answer(executor).covered_by == "subscription"
    assert list(SubscriptionPayment.objects.values_list("amount_minor", "agreed_minor")) == [(149_000, 149_000)] * 2


def failing(life: Life) -> tuple[Subscription, object]:
    """A subscription whose renewal has just failed."""
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    mine_id = mine.processor_id
    broken = life.card(executor, "pm_card_chargeCustomerFail")
    life.client.v1.subscriptions.update(mine_id, {"default_payment_method": broken.processor_id})
    life.live(days=month(life.start).days, hours=2)
    return again(mine), executor


def test_a_failed_renewal_is_covered_through_the_grace_and_said(life: Life) -> None:
    mine, executor = failing(life)
    assert mine.status == "past_due"
    assert mine.grace_until == mine.period_end + timedelta(days=GRACE)
    assert (news("unpaid"), bool(mine.action_url)) == (1, True)
    assert answer(executor).covered_by == "subscription"
    life.live(days=GRACE - 1, hours=1)
    assert news("grace_ends") == 1


def test_another_card_within_the_grace_recovers_it(life: Life) -> None:
    mine, executor = failing(life)
    subscriptions.change_card(subscription_id=mine.pk, by=executor, card=life.card(executor))
    mine = carry_out(subscription_id=mine.pk)
    assert (mine.status, mine.grace_until, booked()) == ("active", None, 298_000)
    assert news("recovered") == 1


def test_a_retry_of_the_processor_recovers_it(life: Life) -> None:
    mine, executor = failing(life)
    good = life.card(executor)
    life.client.v1.subscriptions.update(mine.processor_id, {"default_payment_method": good.processor_id})
    life.live(days=1, hours=2)
    assert (again(mine).status, booked()) == ("active", 298_000)


def test_unpaid_to_the_end_of_the_grace_it_ends_and_responses_cost_again(life: Life) -> None:
    mine, executor = failing(life)
    life.live(days=GRACE)
    mine = again(mine)
    assert (mine.status, mine.end_reason) == ("ended", "unpaid")
    assert news("ended_unpaid") == 1
    with pytest.raises(InsufficientFunds):
        answer(executor)
    life.live(days=10)
    assert (booked(), life.charges()) == (149_000, [149_000])
    assert life.client.v1.subscriptions.retrieve(mine.processor_id).status == "canceled"


def test_a_pause_keeps_the_time_left_over_the_end_of_the_month(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    life.live(days=10)
    left = again(mine).paid_until - life.clock.now()
    subscriptions.pause(subscription_id=mine.pk, by=executor)
    jobs()
    with pytest.raises(InsufficientFunds):
        answer(executor)
    life.live(days=45)
    assert (life.charges(), booked(), again(mine).status) == ([149_000], 149_000, "paused")
    subscriptions.resume(subscription_id=mine.pk, by=executor)
    mine = carry_out(subscription_id=mine.pk)
    assert (mine.status, mine.period_end) == ("active", life.clock.now() + left)
    assert answer(executor).covered_by == "subscription"
    life.live(days=left.days, hours=-1)
    assert life.charges() == [149_000]
    life.live(hours=26)
    assert life.charges() == [149_000, 149_000]
    assert again(mine).status == "active"


def test_cancelled_it_is_used_to_the_end_and_costs_nothing_more(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    subscriptions.cancel(subscription_id=mine.pk, by=executor)
    jobs()
    assert answer(executor).covered_by == "subscription"
    life.live(days=month(life.start).days, hours=2)
    assert (again(mine).status, again(mine).end_reason) == ("ended", "asked")
    assert life.charges() == [149_000]
    assert news("ended_asked") == 1


def test_one_who_comes_back_before_the_end_renews_as_before(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    subscriptions.cancel(subscription_id=mine.pk, by=executor)
    life.live(days=5)
    subscriptions.come_back(subscription_id=mine.pk, by=executor)
    jobs()
    life.live(days=month(life.start).days - 5, hours=2)
    assert (again(mine).status, booked()) == ("active", 298_000)


def test_ended_one_subscribes_anew(life: Life) -> None:
    executor = life.executor()
    first = subscribe(executor, life.card(executor))
    subscriptions.cancel(subscription_id=first.pk, by=executor)
    jobs()
    life.live(days=month(life.start).days, hours=2)
    assert subscribe(executor, life.card(executor)).pk != first.pk


def test_an_unused_month_comes_back_and_ends_the_subscription(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    jobs()
    assert (again(mine).status, booked() + booked("subscription_refund")) == ("ended", 0)
    assert [refund["amount"] for refund in life.simulator.dump()["refund"]] == [149_000]
    with pytest.raises(PolicyDenied):
        subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    assert news("refunded") == 1


def test_a_return_that_the_bank_sends_back_days_later_is_in_the_wallet(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor, "pm_card_refundFail"))
    subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    jobs()
    assert selectors.wallet_balance(executor.pk) == Money(0)
    life.simulator.advance(days=2)
    for _again in range(2):
        poll()
        handle_due()
    assert selectors.wallet_balance(executor.pk) == MONTH
    line = selectors.statement_page(user_id=executor.pk).rows[0]
    assert (line.amount, line.why) == (
        MONTH,
        "Банк не принял возврат за подписку: деньги теперь в кошельке.",
    )
    assert news("sent_back") == 1
    assert [one.amount.minor for one in selectors.lines_by_card(user_id=executor.pk)] == [-149_000, 149_000, -149_000]


def test_a_used_or_old_month_stays_paid(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    answer(executor)
    with pytest.raises(PolicyDenied, match="month_used"):
        subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    other = life.executor()
    his = subscribe(other, life.card(other))
    life.live(days=settings.RULES["subscription_refund_days"], hours=1)
    with pytest.raises(PolicyDenied, match="too_late"):
        subscriptions.refund_unused_month(subscription_id=his.pk, by=other)
    assert life.simulator.dump()["refund"] == []


def test_given_up_before_paying_it_leaves_nothing_behind(life: Life) -> None:
    executor = life.executor(had_trial=False)
    mine = subscribe(executor)
    with pytest.raises(Exception, match="trial_reserved"):
        services.start_trial(user_id=executor.pk)
    subscriptions.give_up(subscription_id=mine.pk, by=executor)
    jobs()
    assert (again(mine).status, unanswered(mine)) == ("abandoned", 0)
    services.start_trial(user_id=executor.pk)


def test_what_is_not_offered_or_not_as_shown_is_refused(life: Life) -> None:
    executor = life.executor()
    with pytest.raises(PriceChanged):
        subscribe(executor, price=Money(1))
    with pytest.raises(NotOffered):
        subscriptions.subscribe(by=executor, category_id=999_999, city_id=city().pk, agreed=MONTH)
    subscribe(executor, life.card(executor))
    with pytest.raises(AlreadySubscribed):
        subscribe(executor, life.card(executor))
    assert Subscription.objects.count() == 1


def test_a_subscription_covers_its_own_place_only(life: Life) -> None:
    executor = life.executor()
    subscribe(executor, life.card(executor))
    quote = selectors.quote_response_fee(user_id=executor.pk, category_id=category().pk, city_id=999_999)
    assert quote.covered_by == "free"
    other = life.executor()
    quote = selectors.quote_response_fee(user_id=other.pk, category_id=category().pk, city_id=city().pk)
    assert quote.covered_by == "wallet"


def test_a_cancellation_that_the_processor_hears_too_late_costs_nothing(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    subscriptions.cancel(subscription_id=mine.pk, by=executor)
    life.live(days=month(life.start).days, hours=2)
    jobs()
    assert (again(mine).status, again(mine).end_reason) == ("ended", "asked")
    assert booked() + booked("subscription_refund") == 149_000
    assert [refund["amount"] for refund in life.simulator.dump()["refund"]] == [149_000]


def test_a_pause_that_the_processor_hears_too_late_costs_nothing_and_keeps_its_time(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    life.pass_time(days=20)
    left = mine.paid_until - life.clock.now()
    subscriptions.pause(subscription_id=mine.pk, by=executor)
    life.live(days=20)
    jobs()
    assert again(mine).status == "paused"
    assert booked() + booked("subscription_refund") == 149_000
    subscriptions.resume(subscription_id=mine.pk, by=executor)
    assert carry_out(subscription_id=mine.pk).period_end == life.clock.now() + left
