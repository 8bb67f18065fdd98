"""May this person be charged this fee now?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from marketplace.kit.money import Money
from marketplace.kit.policy import Allowed, Decision, Denied
from payments.models import Charge, SpendingCap

SUBSCRIPTION_NEEDED = Denied(
    "subscription_needed",
    _("Responses to this service are by subscription only. Nothing was charged."),
    status=402,
)
NOT_ENOUGH = Denied(
    "insufficient_funds", _("There is not enough money in your wallet. Nothing was charged."), status=402
)
OVER_CAP = Denied(
    "spending_cap_reached",
    _("This response would go over the spending limit you set. Nothing was charged."),
    status=409,
)


@dataclass(frozen=True, slots=True)
class Caps:
    """What a person allows to be spent in 24 hours and in 7 days, in minor units; None: no cap."""

    daily: int | None = None
    weekly: int | None = None


def may_spend(*, user_id: int, amount: Money, balance: Money, at: datetime) -> Decision:
    """Enough money, and within the person's own caps of the last 24 hours and 7 days."""
    if amount > balance:
        return NOT_ENOUGH
    cap = SpendingCap.objects.filter(user_id=user_id, currency=amount.currency).first()
    caps = Caps(cap.daily_minor, cap.weekly_minor) if cap else Caps()
    return may_take(user_id=user_id, amount=amount, balance=balance, caps=caps, at=at)


def may_take(*, user_id: int, amount: Money, balance: Money, caps: Caps, at: datetime) -> Decision:
    """The same with caps that were read already. Under the wallet's lock it is certain."""
    if amount > balance:
        return NOT_ENOUGH
    if _over(caps.daily, user_id, amount, at - timedelta(days=1)):
        return OVER_CAP
    return OVER_CAP if _over(caps.weekly, user_id, amount, at - timedelta(days=7)) else Allowed()


def _over(limit: int | None, user_id: int, amount: Money, since: datetime) -> bool:
    return limit is not None and spent_since(user_id, amount.currency, since).minor + amount.minor > limit


def spent_since(user_id: int, currency: str, since: datetime) -> Money:
    """Fees charged and not given back since a moment."""
    charges = Charge.objects.filter(user_id=user_id, currency=currency, charged_at__gt=since)
    total = charges.exclude(status=Charge.Status.REFUNDED).aggregate(total=Sum("amount_minor"))["total"]
    return Money(total or 0, currency)
