"""What a person reads about subscriptions: their own, what is offered, and what would have been cheaper."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from marketplace.kit.policy import Decision
from marketplace.kit.rows import rows
from payments.models import PriceChange, SavedCard, Subscription, SubscriptionCall, SubscriptionPayment, Trial
from payments.subscriptions import policies
from payments.subscriptions.prices import begins_at
from payments.tariff_plans.selectors import Place, tariff_in_force, tariffs_in_force

S = Subscription.Status
LIVING = (S.PENDING, S.ACTIVE, S.PAST_DUE, S.PAUSED)

# What the person really paid for responses, by place: kept fees of the last days, and how many responses were sent at all.
# Parameters: person, start.
_HISTORY = """
SELECT task.category_id, task.city_id, count(*),
       COALESCE(sum(charge.amount_minor) FILTER (WHERE charge.status <> 'refunded'), 0)::bigint,
       count(*) FILTER (WHERE charge.covered_by = 'wallet' AND charge.status <> 'refunded'),
       count(*) FILTER (WHERE charge.covered_by = 'subscription')
FROM payments_charge AS charge
JOIN tasks_app_response AS response ON response.id = charge.response_id
JOIN tasks_app_task AS task ON task.id = response.task_id
WHERE charge.user_id = %s AND charge.charged_at >= %s
GROUP BY 1, 2 ORDER BY 4 DESC, 3 DESC
"""
_PAID_MONTHS = """
SELECT subscription.category_id, subscription.city_id, sum(payment.amount_minor - COALESCE(refund.given, 0))::bigint
FROM payments_subscriptionpayment AS payment
JOIN payments_subscription AS subscription ON subscription.id = payment.subscription_id
LEFT JOIN (SELECT payment_id, sum(amount_minor) AS given FROM payments_subscriptionrefund
           WHERE paid_at IS NOT NULL GROUP BY 1) AS refund ON refund.payment_id = payment.id
WHERE subscription.user_id = %s AND payment.paid_at >= %s
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One place over the last 90 days. `by_response`: fees that stayed; `by_month`: what was paid for subscriptions;
    `would`: three months at today's price; `break_even`: how many kept responses a month pay for a month."""

    category_id: int
    city_id: int
    responses: int
    paid_responses: int
    covered: int
    by_response: Money
    by_month: Money
    would: Money
    month: Money
    fee: Money

    @property
    def saved(self) -> Money:
        """Positive: the subscription would have been cheaper by so much."""
        return self.by_response + self.by_month - self.would

    @property
    def break_even(self) -> int | None:
        return -(-self.month.minor // self.fee.minor) if self.fee else None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a month costs here for this person, and whether it begins with the free day."""

    month: Money
    fee: Money
    with_trial: bool
    standing: Subscription | None


def subscriptions_of(user_id: int) -> "QuerySet[Subscription]":
    """The person's subscriptions that were begun or are being begun, the newest first."""
    mine = Subscription.objects.filter(user_id=user_id).exclude(status=S.ABANDONED)
    return mine.select_related("category", "city", "card").order_by("-pk")


def own_subscription(*, user_id: int, subscription_id: int) -> Subscription:
    """Raises NotFound, for another's too."""
    found = Subscription.objects.filter(pk=subscription_id, user_id=user_id)
    subscription = found.select_related("category", "city", "card").first()
    if subscription is None:
        raise NotFound
    return subscription


def paying_card(subscription: Subscription) -> SavedCard | None:
    """The card that the next month is taken from; None when nothing more is taken, or no kept card pays."""
    renews = subscription.status in (S.ACTIVE, S.PAST_DUE, S.PAUSED) and not subscription.ends_at_period_end
    card = subscription.card
    return card if renews and card is not None and card.removed_at is None else None


def card_ends_first(subscription: Subscription) -> bool:
    """The card that pays expires before the next month is taken from it."""
    card, due = paying_card(subscription), subscription.period_end
    return card is not None and due is not None and (card.exp_year, card.exp_month) < (due.year, due.month)


def payments_of(subscription: Subscription) -> "QuerySet[SubscriptionPayment]":
    return subscription.payments.prefetch_related("refunds").order_by("-paid_at")


def price_change_ahead(subscription: Subscription) -> tuple[Money, datetime | None] | None:
    """The announced new price and the first month it is for."""
    waiting = subscription.price_changes.filter(applied_at=None, dropped_at=None)
    change = waiting.select_related("subscription").first()
    if change is None:
        applied = (
            PriceChange.objects.filter(subscription=subscription, applied_at__isnull=False).order_by("-pk").first()
        )
        if applied is None or subscription.period_start is None or applied.applied_at is None:
            return None
        if applied.applied_at < subscription.period_start:
            return None
        return Money(applied.new_minor, subscription.currency), subscription.period_end
    return Money(change.new_minor, subscription.currency), begins_at(change)


def rights(subscription: Subscription) -> dict[str, Decision]:
    """What may be done with it now: pause, resume, cancel, come_back, refund, give_up."""
    at = now()
    last = payments_of(subscription).first()
    return {
        "pause": policies.may_pause(subscription, at),
        "resume": policies.may_resume(subscription),
        "cancel": policies.may_cancel(subscription),
        "come_back": policies.may_come_back(subscription, at),
        "refund": policies.may_be_refunded(last, at),
        "give_up": policies.may_give_up(subscription),
    }


def is_being_told(subscription: Subscription) -> bool:
    """The processor has not yet answered the last thing it was told."""
    return SubscriptionCall.objects.filter(subscription=subscription, status=SubscriptionCall.Status.DUE).exists()


def offer(*, user_id: int, category_id: int, city_id: int) -> Offer | None:
    """None where no subscription is offered."""
    tariff = tariff_in_force(category_id=category_id, city_id=city_id, executor_id=user_id)
    if tariff is None or not tariff.subscription_minor:
        return None
    mine = Subscription.objects.filter(user_id=user_id)
    standing = mine.filter(category_id=category_id, city_id=city_id, status__in=LIVING).first()
    reserved = mine.filter(with_trial=True).exclude(status=S.ABANDONED).exists()
    had_trial = reserved or Trial.objects.filter(user_id=user_id).exists()
    return Offer(tariff.subscription, tariff.response_fee, not had_trial, standing)


def month_prices(*, user_id: int, places: list[Place]) -> dict[Place, Money]:
    """What a month costs in each place where one is offered. One query."""
    held = tariffs_in_force(places, executor_id=user_id)
    return {place: tariff.subscription for place, tariff in held.items() if tariff.subscription_minor}


def comparison(*, user_id: int) -> list[Comparison]:
    """Each place where the person answered in the last 90 days and a subscription is offered, dearest first. Three queries."""
    since = now() - timedelta(days=settings.RULES["preview_days"])
    history = rows(_HISTORY, [user_id, since])
    held = tariffs_in_force([(row[0], row[1]) for row in history], executor_id=user_id)
    months = {(row[0], row[1]): row[2] for row in rows(_PAID_MONTHS, [user_id, since])}
    found = []
    for category_id, city_id, sent, paid, paid_responses, covered in history:
        tariff = held.get((category_id, city_id))
        if tariff is None or not tariff.subscription_minor:
            continue
        money = tariff.currency
        by_month = Money(months.get((category_id, city_id), 0), money)
        would = Money(tariff.subscription_minor * (settings.RULES["preview_days"] // 30), money)
        found.append(
            Comparison(
                category_id,
                city_id,
                sent,
                paid_responses,
                covered,
                Money(paid, money),
                by_month,
                would,
                tariff.subscription,
                tariff.response_fee,
            )
        )
    return found
