"""May this person be charged this fee now?"""

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


def may_spend(*, user_id: int, amount: Money, balance: Money, at: datetime) -> Decision:
    """Enough money, and within the person's own caps of the last 24 hours and 7 days."""
    if amount > balance:
        return Denied(
            "insufficient_funds", _("There is not enough money in your wallet. Nothing was charged."), status=402
        )
    cap = SpendingCap.objects.filter(user_id=user_id, currency=amount.currency).first()
    if cap and (_over(cap.daily_minor, user_id, amount, at - timedelta(days=1))
                or _over(cap.weekly_minor, user_id, amount, at - timedelta(days=7))):  # fmt: skip
        reason = _("This response would go over the spending limit you set. Nothing was charged.")
        return Denied("spending_cap_reached", reason, status=409)
    return Allowed()


def _over(limit: int | None, user_id: int, amount: Money, since: datetime) -> bool:
    return limit is not None and spent_since(user_id, amount.currency, since).minor + amount.minor > limit


def spent_since(user_id: int, currency: str, since: datetime) -> Money:
    """Fees charged and not given back since a moment."""
    charges = Charge.objects.filter(user_id=user_id, currency=currency, charged_at__gt=since)
    total = charges.exclude(status=Charge.Status.REFUNDED).aggregate(total=Sum("amount_minor"))["total"]
    return Money(total or 0, currency)
