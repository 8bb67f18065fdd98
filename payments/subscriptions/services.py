"""What a person does with a subscription. Each verb is a transaction; what the processor has to be told leaves as a row."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from marketplace.accounts.policies import may_respond
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments.models import PriceChange, SavedCard, Subscription, SubscriptionCall, SubscriptionRefund, Trial
from payments.subscriptions import policies
from payments.subscriptions.calls import call_for
from payments.subscriptions.errors import AlreadySubscribed, CardPaymentsOff, NotOffered, PriceChanged
from payments.subscriptions.states import note, step
from payments.tariff_plans.selectors import tariff_in_force

if TYPE_CHECKING:
    from marketplace.accounts.models import User

V = SubscriptionCall.Verb
S = Subscription.Status


@transaction.atomic
def subscribe(
    *, by: "User", category_id: int, city_id: int, agreed: Money, card: SavedCard | None = None, language: str = "ru"
) -> Subscription:
    """Wish for a subscription, by the processor's page or by a saved card; asked twice it is one. `agreed`: the price that the
    person saw. The first subscription of somebody who never had the free day begins with it.

    Raises PolicyDenied, NotOffered, PriceChanged, AlreadySubscribed, CardPaymentsOff; then nothing is begun.
    """
    if not settings.STRIPE_SECRET_KEY:
        raise CardPaymentsOff
    require(may_respond(by))
    _one_at_a_time(by.pk)
    tariff = tariff_in_force(category_id=category_id, city_id=city_id, executor_id=by.pk)
    if tariff is None or not tariff.subscription_minor:
        raise NotOffered
    if tariff.subscription != agreed:
        raise PriceChanged(price=tariff.subscription.format())
    standing = _living(by.pk, category_id, city_id)
    if standing is not None:
        if standing.status == S.PENDING and standing.card == card:
            return standing
        raise AlreadySubscribed
    with_trial = _trial_is_free(by.pk)
    try:
        with transaction.atomic():
            made = Subscription.objects.create(
                user=by, category_id=category_id, city_id=city_id, tariff=tariff, price_minor=tariff.subscription_minor,
                currency=tariff.currency, card=card, with_trial=with_trial, created_at=now(),
                next_check_at=now() + timedelta(minutes=1),
            )  # fmt: skip
    except IntegrityError as error:
        if "one_living_subscription" in str(error):
            raise AlreadySubscribed from error
        raise
    note(made, why="asked", actor=by)
    call_for(made, V.BEGIN_CARD if card else V.BEGIN_PAGE, language=language)
    return made


@transaction.atomic
def give_up(*, subscription_id: int, by: "User") -> Subscription:
    """Leave a subscription that is not paid yet; if the payment went through all the same, it is in force. Raises
    PolicyDenied."""
    subscription = lock_own(subscription_id, by)
    require(policies.may_give_up(subscription))
    call_for(subscription, V.CLOSE_PAGE if not subscription.card_id else V.END_NOW)
    note(subscription, why="given_up", actor=by)
    return subscription


@transaction.atomic
def pause(*, subscription_id: int, by: "User") -> Subscription:
    """From now on it covers nothing and costs nothing; the time left is kept. Raises PolicyDenied."""
    subscription = lock_own(subscription_id, by)
    require(policies.may_pause(subscription, now()))
    left = int((subscription.paid_until - now()).total_seconds())
    step(subscription, S.PAUSED, why="paused", actor=by, paused_at=now(), left_seconds=left, covered_until=None)
    call_for(subscription, V.PAUSE)
    return subscription


@transaction.atomic
def resume(*, subscription_id: int, by: "User") -> Subscription:
    """Go on with the time that was left; the next payment is at its end. Raises PolicyDenied."""
    subscription = lock_own(subscription_id, by)
    require(policies.may_resume(subscription))
    end = now() + timedelta(seconds=subscription.left_seconds or 0)
    step(
        subscription, S.ACTIVE, why="resumed", actor=by, paused_at=None, left_seconds=None, period_start=now(),
        period_end=end, covered_until=end + grace(), next_check_at=end,
    )  # fmt: skip
    call_for(subscription, V.RESUME, until=end.isoformat())
    return subscription


@transaction.atomic
def cancel(*, subscription_id: int, by: "User") -> Subscription:
    """No further payment; what is paid is used to its end. Raises PolicyDenied."""
    subscription = lock_own(subscription_id, by)
    require(policies.may_cancel(subscription))
    if subscription.status == S.ACTIVE:
        Subscription.objects.filter(pk=subscription.pk).update(
            ends_at_period_end=True, covered_until=subscription.period_end, next_check_at=subscription.period_end
        )
        subscription.refresh_from_db()
        note(subscription, why="cancelled", actor=by)
        call_for(subscription, V.END_LATER)
    else:
        end(subscription, Subscription.EndReason.ASKED, actor=by)
    drop_price_change(subscription)
    return subscription


@transaction.atomic
def come_back(*, subscription_id: int, by: "User") -> Subscription:
    """Take the cancellation back: it renews as before. Raises PolicyDenied."""
    subscription = lock_own(subscription_id, by)
    require(policies.may_come_back(subscription, now()))
    Subscription.objects.filter(pk=subscription.pk).update(
        ends_at_period_end=False, covered_until=subscription.paid_until + grace()
    )
    subscription.refresh_from_db()
    note(subscription, why="came_back", actor=by)
    call_for(subscription, V.KEEP)
    return subscription


@transaction.atomic
def change_card(*, subscription_id: int, by: "User", card: SavedCard) -> Subscription:
    """Take further payments, and one that failed at once, from another card. Raises NotFound, PolicyDenied."""
    subscription = lock_own(subscription_id, by)
    if card.user_id != by.pk or card.removed_at is not None:
        raise NotFound
    require(policies.may_cancel(subscription))
    Subscription.objects.filter(pk=subscription.pk).update(card=card)
    subscription.refresh_from_db()
    note(subscription, why="card_changed", actor=by)
    call_for(subscription, V.CHANGE_CARD, card=card.processor_id)
    return subscription


@transaction.atomic
def refund_unused_month(*, subscription_id: int, by: "User") -> SubscriptionRefund:
    """Give the last month back because nothing was answered in it; the subscription ends. Raises PolicyDenied."""
    subscription = lock_own(subscription_id, by)
    payment = subscription.payments.order_by("-paid_at").first()
    require(policies.may_be_refunded(payment, now()))
    if payment is None:
        raise NotFound
    if subscription.status in (S.ACTIVE, S.PAST_DUE, S.PAUSED):
        end(subscription, Subscription.EndReason.REFUNDED, actor=by)
    return give_back(payment, SubscriptionRefund.Rule.UNUSED_MONTH, payment.kept)


def end(subscription: Subscription, reason: str, actor: "User | None" = None) -> None:
    """It covers nothing from now on, and the processor is told. Under the row's lock."""
    step(
        subscription, S.ENDED, why=reason, actor=actor, ended_at=now(), end_reason=reason, covered_until=now(),
        paused_at=None, left_seconds=None,
    )  # fmt: skip
    drop_price_change(subscription)
    call_for(subscription, V.END_NOW)


def give_back(payment: Any, rule: str, amount: Money) -> SubscriptionRefund:
    """Send (a part of) a payment back to its card, once by each rule. Under the subscription's lock."""
    refund, created = SubscriptionRefund.objects.get_or_create(
        payment=payment, rule=rule, defaults={"amount_minor": amount.minor, "asked_at": now()}
    )
    if created:
        call_for(payment.subscription, V.REFUND, refund=refund.pk)
    return refund


def drop_price_change(subscription: Subscription) -> None:
    PriceChange.objects.filter(subscription=subscription, applied_at=None, dropped_at=None).update(dropped_at=now())


def grace() -> timedelta:
    """How long a failed renewal is covered."""
    return timedelta(days=settings.RULES["subscription_grace_days"])


def lock_own(subscription_id: int, by: "User") -> Subscription:
    """The person's own subscription, locked. Raises NotFound."""
    found = Subscription.objects.select_for_update(of=("self",)).filter(pk=subscription_id, user_id=by.pk).first()
    if found is None:
        raise NotFound
    return found


def _living(user_id: int, category_id: int, city_id: int) -> Subscription | None:
    living = ("pending", "active", "past_due", "paused")
    place = Subscription.objects.filter(user_id=user_id, category_id=category_id, city_id=city_id)
    return place.filter(status__in=living).first()


def _trial_is_free(user_id: int) -> bool:
    reserved = Subscription.objects.filter(user_id=user_id, with_trial=True).exclude(status=S.ABANDONED)
    return not Trial.objects.filter(user_id=user_id).exists() and not reserved.exists()


def _one_at_a_time(user_id: int) -> None:
    """Two clicks of one person wait for each other until the commit; the unique indexes stand behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [7_215_003, user_id % 2**31])
