"""When a paid month may be given back: what was answered in it counts from its beginning, however late it was paid."""

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.errors import PolicyDenied
from payments import selectors as tariff_plans
from payments.models import Subscription, SubscriptionPayment, SubscriptionRefund
from payments.subscriptions import selectors
from payments.subscriptions import services as subscriptions
from payments.subscriptions.following import carry_out
from tests.payments.factories import category, city
from tests.payments.subscriptions.steps import Life, again, answer, booked, jobs, subscribe
from tests.payments.subscriptions.test_life import month
from tests.payments.subscriptions.test_prices import charged_above
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def paid_late(life: Life, *, answers: int) -> tuple[Subscription, User]:
    """A renewal that failed, was used for so many responses through the grace, and was paid by another card."""
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    broken = life.card(executor, "pm_card_chargeCustomerFail")
    life.client.v1.subscriptions.update(mine.processor_id, {"default_payment_method": broken.processor_id})
    life.live(days=month(life.start).days, hours=2)
    assert again(mine).status == "past_due"
    assert [answer(executor).covered_by for _one in range(answers)] == ["subscription"] * answers
    life.live(hours=3)
    subscriptions.change_card(subscription_id=mine.pk, by=executor, card=life.card(executor))
    mine = carry_out(subscription_id=mine.pk)
    assert (mine.status, booked()) == ("active", 298_000)
    return mine, executor


def test_a_month_used_through_the_grace_is_not_given_back_after_it_was_paid(life: Life) -> None:
    mine, executor = paid_late(life, answers=5)
    with pytest.raises(PolicyDenied, match="month_used"):
        subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    jobs()
    assert (again(mine).status, booked() + booked("subscription_refund")) == ("active", 298_000)
    assert not SubscriptionRefund.objects.exists()
    assert life.simulator.dump()["refund"] == []


def test_a_month_paid_late_and_not_used_comes_back(life: Life) -> None:
    mine, executor = paid_late(life, answers=0)
    subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    jobs()
    assert (again(mine).status, booked() + booked("subscription_refund")) == ("ended", 149_000)


def test_what_the_free_day_covered_does_not_use_the_month_after_it(life: Life) -> None:
    executor = life.executor(had_trial=False)
    mine = subscribe(executor, life.card(executor))
    assert answer(executor).subscription_id == mine.pk
    life.live(days=1, hours=2)
    assert SubscriptionPayment.objects.count() == 1
    subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    jobs()
    assert (again(mine).status, booked() + booked("subscription_refund")) == ("ended", 0)


def test_what_was_charged_above_the_price_does_not_keep_the_rest_of_an_unused_month(life: Life) -> None:
    executor = life.executor()
    mine = charged_above(life, executor)
    subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    jobs()
    given = SubscriptionRefund.objects.order_by("pk").values_list("rule", "amount_minor")
    assert list(given) == [("above_agreed", 151_000), ("unused_month", 149_000)]
    assert [refund["amount"] for refund in life.simulator.dump()["refund"]] == [151_000, 149_000]
    assert (again(mine).status, booked() + booked("subscription_refund")) == ("ended", 149_000)
    with pytest.raises(PolicyDenied, match="already_refunded"):
        subscriptions.refund_unused_month(subscription_id=mine.pk, by=executor)
    assert SubscriptionRefund.objects.count() == 2
    page = sign_in(Client(), executor).get(f"/wallet/subscriptions/{mine.pk}/").content.decode()
    assert page.index("1\xa0510\xa0₽ вернули на карту") < page.index("1\xa0490\xa0₽ вернули на карту")


def test_the_comparison_counts_what_stayed_of_a_month(life: Life) -> None:
    executor = life.executor()
    charged_above(life, executor)
    answer(executor)
    (row,) = selectors.comparison(user_id=executor.pk)
    assert row.by_month.minor == 2 * 149_000
    terms = tariff_plans.Terms(12_000, 149_000)
    place = {"category_id": category().pk, "city_id": city().pk}
    found = tariff_plans.preview(**place, terms=terms, fee_now_minor=12_000)
    assert {line.model: line.was.minor for line in found.lines}["subscription"] == 2 * 149_000
