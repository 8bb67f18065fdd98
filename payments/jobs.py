"""Sweeps over money rows; each does what is due and may be run any number of times."""

from celery import shared_task
from django.conf import settings

from payments import services
from payments.events import inbox
from payments.intents import services as intents
from payments.reconciliation.lines import copy_lines
from payments.secure_deals import jobs as secure_deals
from payments.subscriptions.calls import sweep_calls
from payments.subscriptions.following import carry_out
from payments.subscriptions.prices import announce_price_changes, apply_price_changes
from payments.subscriptions.sweeping import check_due, tell_ahead
from payments.tariff_plans.announcements import announce_due


@shared_task(name="payments.pay_due_refunds")
def pay_due_refunds() -> int:
    return services.pay_due_refunds()


@shared_task(name="payments.refund_unopened")
def refund_unopened() -> int:
    return services.refund_unopened()


@shared_task(name="payments.perform_intent")
def perform_intent(intent_id: int) -> str:
    return str(intents.perform(intent_id=intent_id).status)


@shared_task(name="payments.sweep_intents")
def sweep_intents() -> int:
    return intents.sweep()


@shared_task(name="payments.handle_events")
def handle_events() -> int:
    return inbox.handle_due()


@shared_task(name="payments.poll_events")
def poll_events() -> int:
    """Ask the processor what happened, then follow it; also what earlier tries put off."""
    found = inbox.poll() if settings.STRIPE_SECRET_KEY else 0
    inbox.handle_due()
    return found


@shared_task(name="payments.announce_tariffs")
def announce_tariffs() -> int:
    return announce_due()


@shared_task(name="payments.copy_lines")
def copy_books() -> int:
    return copy_lines() if settings.STRIPE_SECRET_KEY else 0


@shared_task(name="payments.perform_subscription_calls")
def perform_subscription_calls(subscription_id: int) -> str:
    return str(carry_out(subscription_id=subscription_id).status)


@shared_task(name="payments.sweep_subscriptions")
def sweep_subscriptions() -> int:
    """What a crash or a lost nudge left, what is due by the clock, and news before money moves."""
    if not settings.STRIPE_SECRET_KEY:
        return 0
    done = sweep_calls() + check_due()
    return done + tell_ahead()


@shared_task(name="payments.change_subscription_prices")
def change_subscription_prices() -> int:
    return announce_price_changes() + apply_price_changes()


SCHEDULE = {
    "payments.sweep_subscriptions": 30,
    "payments.change_subscription_prices": 600,
    "payments.announce_tariffs": 60,
    "payments.copy_lines": 120,
    "payments.pay_due_refunds": 30,
    "payments.refund_unopened": 60,
    "payments.sweep_intents": 10,
    "payments.handle_events": 15,
    "payments.poll_events": 60,
    **secure_deals.SCHEDULE,
}
