"""What may be done with a subscription as it stands."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace.kit.policy import Allowed, Decision, Denied
from payments.models import Charge, Subscription, SubscriptionPayment

S = Subscription.Status


def may_pause(subscription: Subscription, at: datetime) -> Decision:
    """A paid month that goes on: not the free day, not one that ends anyway."""
    if subscription.status != S.ACTIVE:
        return Denied("not_active", _("Only a subscription that is in force can be paused."), 409)
    if subscription.on_trial:
        return Denied("on_trial", _("The free day cannot be paused. Pause after the first payment."), 409)
    if subscription.ends_at_period_end:
        return Denied(
            "ends_anyway", _("This subscription ends with the paid month; take the cancellation back first."), 409
        )
    if subscription.period_end is None or subscription.period_end <= at:
        return Denied("nothing_left", _("The paid month is over; the next payment is on its way."), 409)
    return Allowed()


def may_give_up(subscription: Subscription) -> Decision:
    """While nothing is paid."""
    if subscription.status != S.PENDING:
        return Denied("begun", _("This subscription has already begun; cancel it instead."), 409)
    return Allowed()


def may_resume(subscription: Subscription) -> Decision:
    if subscription.status != S.PAUSED:
        return Denied("not_paused", _("This subscription is not paused."), 409)
    return Allowed()


def may_cancel(subscription: Subscription) -> Decision:
    """At any time; it is used to the end of what is paid."""
    if subscription.status not in (S.ACTIVE, S.PAST_DUE, S.PAUSED):
        return Denied("not_living", _("This subscription has already ended."), 409)
    if subscription.ends_at_period_end:
        return Denied("ends_anyway", _("This subscription is cancelled already."), 409)
    return Allowed()


def may_come_back(subscription: Subscription, at: datetime) -> Decision:
    """Take a cancellation back before it took effect."""
    if subscription.status != S.ACTIVE or not subscription.ends_at_period_end:
        return Denied("not_cancelled", _("There is no cancellation to take back."), 409)
    if subscription.period_end is None or subscription.period_end <= at:
        return Denied("already_ended", _("The paid month is over. Subscribe again."), 409)
    return Allowed()


def may_be_refunded(payment: SubscriptionPayment | None, at: datetime) -> Decision:
    """The rule of the unused month: asked for within some days of the payment, and no response of the month was covered by it.
    The month begins before its payment where the bank was late: what the grace covered is used, the free day is not."""
    if payment is None:
        return Denied("nothing_paid", _("Nothing was paid for this subscription."), 409)
    if not payment.kept:
        return Denied("already_refunded", _("This payment is already on its way back."), 409)
    days = settings.RULES["subscription_refund_days"]
    if at > payment.paid_at + timedelta(days=days):
        return Denied("too_late", _("A month is given back in the first days after its payment only."), 409)
    used = Charge.objects.filter(subscription=payment.subscription_id, charged_at__gte=payment.period_start)
    if used.exists():
        return Denied("month_used", _("You have answered tasks in this month, so it is not given back."), 409)
    return Allowed()
