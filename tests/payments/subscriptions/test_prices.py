"""A new price is told before, applies from a later month, and can be left; nobody pays what they did not agree to."""

from datetime import timedelta

import pytest
from django.conf import settings

from marketplace.accounts.models import User
from marketplace.notifications.models import Notification
from payments import services
from payments.models import PriceChange, Subscription, SubscriptionPayment, SubscriptionRefund
from payments.selectors import Terms
from payments.subscriptions import prices, selectors
from payments.subscriptions import services as subscriptions
from tests.journeys import steps
from tests.payments.factories import category, city
from tests.payments.subscriptions.steps import Life, again, booked, jobs, subscribe
from tests.payments.subscriptions.test_life import month

pytestmark = pytest.mark.django_db
NOTICE = settings.RULES["subscription_price_notice_days"]


def publish(life: Life, month_minor: int, in_days: float = NOTICE) -> None:
    services.publish_tariff(
        category_id=category().pk, city_id=city().pk, terms=Terms(12_000, month_minor), by=steps.operator(),
        valid_from=life.clock.now() + timedelta(days=in_days),
    )  # fmt: skip


def test_a_dearer_month_is_told_and_charged_from_the_first_month_after_the_notice(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    publish(life, 199_000)
    jobs()
    told = Notification.objects.get(kind="subscription_price_changes")
    assert told.params["new"] == {"minor": 199_000, "currency": "RUB"}
    ahead = selectors.price_change_ahead(again(mine))
    assert ahead is not None
    assert ahead[0].minor == 199_000
    life.live(days=month(life.start).days, hours=2)
    assert life.charges() == [149_000, 199_000]
    assert list(SubscriptionPayment.objects.order_by("pk").values_list("amount_minor", "agreed_minor")) == [
        (149_000, 149_000), (199_000, 199_000),
    ]  # fmt: skip


def test_within_the_notice_the_next_month_still_costs_what_it_did(life: Life) -> None:
    executor = life.executor()
    subscribe(executor, life.card(executor))
    life.live(days=month(life.start).days - NOTICE + 2)
    publish(life, 199_000)
    jobs()
    life.live(days=NOTICE - 2, hours=2)
    assert life.charges() == [149_000, 149_000]
    assert not SubscriptionRefund.objects.exists()
    life.live(days=31, hours=2)
    assert life.charges() == [149_000, 149_000, 199_000]


def test_control_without_the_notice_the_next_month_would_be_dearer(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "_earliest", lambda subscription, tariff: life.clock.now())
    executor = life.executor()
    subscribe(executor, life.card(executor))
    life.live(days=month(life.start).days - NOTICE + 2)
    publish(life, 199_000)
    jobs()
    life.live(days=NOTICE - 2, hours=2)
    assert life.charges() == [149_000, 199_000]


def test_whoever_leaves_before_never_pays_the_new_price(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    publish(life, 199_000)
    jobs()
    subscriptions.cancel(subscription_id=mine.pk, by=executor)
    jobs()
    life.live(days=month(life.start).days, hours=2)
    assert (again(mine).status, life.charges()) == ("ended", [149_000])


def test_a_cheaper_month_comes_with_the_next_one(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    publish(life, 99_000, in_days=0)
    life.live(days=1)
    assert Notification.objects.filter(kind="subscription_price_changes").count() == 1
    life.live(days=month(life.start).days - 1, hours=2)
    assert (life.charges(), again(mine).price_minor) == ([149_000, 99_000], 99_000)


def test_announcing_again_tells_nobody_twice(life: Life) -> None:
    executor = life.executor()
    subscribe(executor, life.card(executor))
    publish(life, 199_000)
    for _ in range(3):
        jobs()
    assert PriceChange.objects.count() == 1
    assert Notification.objects.filter(kind="subscription_price_changes").count() == 1


def charged_above(life: Life, executor: User) -> Subscription:
    """A subscription whose second month was charged at twice its price, by somebody's mistake at the processor."""
    mine = subscribe(executor, life.card(executor))
    remote = life.client.v1.subscriptions.retrieve(mine.processor_id)
    dearer = life.client.v1.prices.create(
        {
            "currency": "rub",
            "unit_amount": 300_000,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Месяц"},
        }
    )
    item = remote["items"].data[0].id
    life.client.v1.subscriptions.update(
        mine.processor_id, {"items": [{"id": item, "price": dearer.id}], "proration_behavior": "none"}
    )
    life.live(days=month(life.start).days, hours=2)
    jobs()
    assert life.charges() == [149_000, 300_000]
    return mine


def test_what_is_taken_above_the_agreed_price_goes_back_by_itself(life: Life) -> None:
    charged_above(life, life.executor())
    refund = SubscriptionRefund.objects.get()
    assert (refund.rule, refund.amount_minor, bool(refund.paid_at)) == ("above_agreed", 151_000, True)
    assert booked() + booked("subscription_refund") == 298_000
