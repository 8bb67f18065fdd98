"""Charging for a response, inside the transaction that sends it."""

from datetime import datetime, timedelta

from django.conf import settings

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.policy import Denied
from marketplace.kit.transactions import joined
from payments.errors import (
    FeeChanged,
    InDebt,
    InsufficientFunds,
    SpendingCapReached,
    SubscriptionNeeded,
    TrialReserved,
    TrialUsed,
)
from payments.fees.policies import may_take
from payments.fees.taking import lock_purse, take_fee
from payments.fees.terms import ChargeTerms, charge_terms
from payments.models import Charge, SpendingCap, Subscription, Trial
from payments.topups.automatic import top_up_if_low


@joined
def charge_response_fee(
    *,
    user_id: int,
    response_id: int,
    category_id: int,
    city_id: int,
    task_id: int,
    title: str,
    unopened_until: datetime,
    agreed: Money | None = None,
) -> Charge:
    """Freeze and take the fee of a response by the tariff in force. Call inside the transaction that sends it, after
    the task's lock. `task_id` and `title` are what the statement will say; `agreed` is what the person was shown before
    the button (None: was not shown anything).

    Raises FeeChanged when the wallet would pay more than was shown (a subscription or the free day ended in between),
    SubscriptionNeeded, InDebt, InsufficientFunds or SpendingCapReached; then nothing is charged.
    """
    place = (category_id, city_id)
    terms = charge_terms(user_id=user_id, place=place, at=now())
    if terms.debt:
        raise InDebt(sum=terms.debt.format())
    if terms.subscription_id is not None and not _still_covers(terms.subscription_id):
        terms = charge_terms(user_id=user_id, place=place, at=now())
    if agreed is not None and terms.amount > agreed:
        raise FeeChanged(amount=terms.amount.format())
    if terms.covered_by == "subscription" and terms.subscription_id is None:
        raise SubscriptionNeeded
    if terms.amount:
        memo: dict[str, object] = {"response_id": response_id, "task_id": task_id, "title": title}
        return _take(user_id, terms, response_id, memo, unopened_until)
    return Charge.objects.create(
        response_id=response_id,
        user_id=user_id,
        tariff_id=terms.tariff_id,
        covered_by=terms.covered_by,
        subscription_id=terms.subscription_id,
        amount_minor=0,
        currency=terms.amount.currency,
        charged_at=now(),
        unopened_until=unopened_until,
    )


def _still_covers(subscription_id: int) -> bool:
    """Under its lock: a pause or an end that was just being written is seen, and one that follows waits for this response."""
    covering = Subscription.objects.select_for_update(of=("self",)).filter(pk=subscription_id)
    return covering.filter(status__in=("active", "past_due"), covered_until__gt=now()).exists()


def _take(
    user_id: int, terms: ChargeTerms, response_id: int, memo: dict[str, object], unopened_until: datetime
) -> Charge:
    purse = lock_purse(user_id, terms.amount.currency)
    decision = may_take(user_id=user_id, amount=terms.amount, balance=purse.balance, caps=purse.caps, at=now())
    if isinstance(decision, Denied):
        raise InsufficientFunds if decision.code == "insufficient_funds" else SpendingCapReached
    charge = take_fee(purse=purse, terms=terms, response_id=response_id, memo=memo, unopened_until=unopened_until)
    left = purse.balance - terms.amount
    if purse.line is not None and charge.entry is not None and left.minor < purse.line:
        top_up_if_low(user_id=user_id, balance=left, cause=charge.entry)
    return charge


def mark_response_opened(*, response_id: int, at: datetime) -> None:
    """The customer opened the response: the 48-hour rule no longer applies."""
    Charge.objects.filter(response_id=response_id, opened_at=None).update(opened_at=at)


def start_trial(*, user_id: int) -> Trial:
    """Begin the free first day of responses. Raises TrialUsed the second time, TrialReserved while a subscription that begins
    with it is being paid for."""
    if Subscription.objects.filter(user_id=user_id, with_trial=True, status="pending").exists():
        raise TrialReserved
    hours = settings.RULES["trial_hours"]
    trial, created = Trial.objects.get_or_create(
        user_id=user_id, defaults={"started_at": now(), "ends_at": now() + timedelta(hours=hours)}
    )
    if not created:
        raise TrialUsed
    return trial


def set_spending_cap(*, user_id: int, daily: Money | None, weekly: Money | None) -> SpendingCap:
    """What the person allows to be spent in 24 hours and in 7 days; None takes a cap away."""
    values = {"daily_minor": daily.minor if daily else None, "weekly_minor": weekly.minor if weekly else None}
    return SpendingCap.objects.update_or_create(user_id=user_id, defaults=values)[0]
