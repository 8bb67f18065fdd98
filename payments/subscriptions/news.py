"""What a person is told about a subscription, once each."""

from datetime import datetime
from typing import Any

from marketplace.kit.money import Money
from marketplace.notifications.services import notify
from payments.models import PriceChange, Subscription


def began(subscription: Subscription) -> None:
    _tell(subscription, "subscription_began", "began", until=subscription.period_end)


def trial_ends(subscription: Subscription) -> None:
    _tell(subscription, "subscription_trial_ends", "trial-ends", at=subscription.period_end, price=subscription.price)


def renews(subscription: Subscription) -> None:
    _tell(
        subscription,
        "subscription_renews",
        f"renews:{_day(subscription)}",
        at=subscription.period_end,
        price=subscription.price,
    )


def failed(subscription: Subscription) -> None:
    _tell(subscription, "subscription_unpaid", f"unpaid:{_day(subscription)}", until=subscription.grace_until)


def grace_ends(subscription: Subscription) -> None:
    _tell(subscription, "subscription_grace_ends", f"grace-ends:{_day(subscription)}", until=subscription.grace_until)


def renewed(subscription: Subscription) -> None:
    _tell(
        subscription,
        "subscription_renewed",
        f"renewed:{_day(subscription)}",
        until=subscription.period_end,
        price=subscription.price,
    )


def recovered(subscription: Subscription) -> None:
    _tell(subscription, "subscription_recovered", f"recovered:{_day(subscription)}", until=subscription.period_end)


def ended(subscription: Subscription) -> None:
    _tell(subscription, f"subscription_ended_{subscription.end_reason}", "ended")


def card_declined(subscription: Subscription, code: str) -> None:
    _tell(subscription, "subscription_card_declined", f"declined:{subscription.calls.count()}")


def refunded(subscription: Subscription, amount: Money, rule: str) -> None:
    _tell(subscription, "subscription_refunded", f"refunded:{subscription.calls.count()}", amount=amount)


def sent_back(subscription: Subscription, amount: Money) -> None:
    _tell(subscription, "subscription_sent_back", f"sent-back:{subscription.calls.count()}", amount=amount)


def price_changes(change: PriceChange) -> None:
    money = change.subscription.currency
    _tell(
        change.subscription,
        "subscription_price_changes",
        f"price:{change.pk}",
        old=Money(change.old_minor, money),
        new=Money(change.new_minor, money),
        at=change.not_before,
    )


def _tell(subscription: Subscription, kind: str, key: str, **facts: Any) -> None:
    params: dict[str, Any] = {
        "category": {"ru": subscription.category.name_ru, "en": subscription.category.name_en},
        "city": {"ru": subscription.city.name_ru, "en": subscription.city.name_en},
    }
    for name, value in facts.items():
        if isinstance(value, Money):
            params[name] = {"minor": value.minor, "currency": value.currency}
        elif isinstance(value, datetime):
            params[name] = {"at": value.isoformat(), "zone": subscription.city.time_zone}
    path = f"/wallet/subscriptions/{subscription.pk}/"
    notify(
        user_id=subscription.user_id, kind=kind, params=params, path=path, key=f"subscription:{subscription.pk}:{key}"
    )


def _day(subscription: Subscription) -> str:
    return subscription.period_end.date().isoformat() if subscription.period_end else ""
