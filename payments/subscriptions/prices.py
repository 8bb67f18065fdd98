"""A new price reaches a subscription only after its person was told, and only from a month that begins late enough to leave."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from marketplace.kit.clock import now
from payments.models import PriceChange, Subscription, SubscriptionCall, Tariff
from payments.subscriptions import news
from payments.subscriptions.calls import call_for
from payments.tariff_plans.selectors import tariff_in_force

S = Subscription.Status


def announce_price_changes() -> int:
    """Tell everybody whose subscription will cost another price; returns how many were told."""
    told = 0
    for subscription_id in list(_renewing().values_list("pk", flat=True)):
        with transaction.atomic():
            told += _announce(Subscription.objects.select_for_update(of=("self",)).get(pk=subscription_id))
    return told


def apply_price_changes() -> int:
    """Where the next month begins late enough, the processor is told the new price; returns how many."""
    done = 0
    waiting = PriceChange.objects.filter(applied_at=None, dropped_at=None)
    for change in waiting.select_related("subscription").order_by("pk"):
        with transaction.atomic():
            subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=change.subscription_id)
            done += _apply(subscription, PriceChange.objects.get(pk=change.pk))
    return done


def begins_at(change: PriceChange) -> datetime | None:
    """The first month by the new price, as far as it is known: the first one that begins late enough."""
    end = change.subscription.period_end
    if end is None:
        return None
    while end < change.not_before:
        end += timedelta(days=30)
    return end


def _renewing() -> QuerySet[Subscription]:
    return Subscription.objects.filter(status__in=(S.ACTIVE, S.PAST_DUE, S.PAUSED), ends_at_period_end=False)


def _announce(subscription: Subscription) -> bool:
    """One change ahead at a time; a newer price replaces an announced one that has not been told to the processor."""
    tariff = _coming_terms(subscription)
    ahead = PriceChange.objects.filter(subscription=subscription, applied_at=None, dropped_at=None).first()
    wanted = ahead.new_minor if ahead else subscription.price_minor
    if (
        tariff is None
        or not tariff.subscription_minor
        or tariff.subscription_minor == wanted
        or _in_flight(subscription)
    ):
        return False
    if ahead is not None:
        ahead.dropped_at = now()
        ahead.save(update_fields=["dropped_at"])
    if tariff.subscription_minor == subscription.price_minor:
        return False
    change = PriceChange.objects.create(
        subscription=subscription, tariff=tariff, old_minor=subscription.price_minor, new_minor=tariff.subscription_minor,
        announced_at=now(), not_before=_earliest(subscription, tariff),
    )  # fmt: skip
    news.price_changes(change)
    return True


def _coming_terms(subscription: Subscription) -> Tariff | None:
    """The terms that will hold when notice given now has run out."""
    at = now() + timedelta(days=settings.RULES["subscription_price_notice_days"])
    place = {"category_id": subscription.category_id, "city_id": subscription.city_id}
    return tariff_in_force(**place, executor_id=subscription.user_id, at=at)


def _earliest(subscription: Subscription, tariff: Tariff) -> datetime:
    """A dearer month needs notice; a cheaper one may begin with the next."""
    if tariff.subscription_minor < subscription.price_minor:
        return max(now(), tariff.valid_from)
    notice = timedelta(days=settings.RULES["subscription_price_notice_days"])
    return max(now() + notice, tariff.valid_from)


def _apply(subscription: Subscription, change: PriceChange) -> bool:
    at, end = now(), subscription.period_end
    ready = subscription.status == S.ACTIVE and not subscription.ends_at_period_end
    if not ready or end is None or not at < end or end < change.not_before or _in_flight(subscription):
        return False
    if change.applied_at is not None or change.dropped_at is not None:
        return False
    call_for(subscription, SubscriptionCall.Verb.REPRICE, change=change.pk)
    return True


def _in_flight(subscription: Subscription) -> bool:
    """The processor is just being told."""
    due = SubscriptionCall.objects.filter(subscription=subscription, status=SubscriptionCall.Status.DUE)
    return due.filter(verb=SubscriptionCall.Verb.REPRICE).exists()
