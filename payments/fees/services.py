"""Charging for a response, inside the transaction that sends it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.policy import Denied
from payments.errors import (
    FeeChanged,
    InDebt,
    InsufficientFunds,
    SpendingCapReached,
    SubscriptionNeeded,
    TrialReserved,
    TrialUsed,
)
from payments.fees.policies import may_spend
from payments.fees.selectors import quote_response_fee
from payments.ledger.services import book, lock_wallet, platform_account
from payments.models import Account, Charge, Entry, SpendingCap, Subscription, Trial
from payments.topups.automatic import top_up_if_low
from payments.topups.debts import debt_of


@transaction.atomic
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
    if debt := debt_of(user_id):
        raise InDebt(sum=debt.format())
    quote = quote_response_fee(user_id=user_id, category_id=category_id, city_id=city_id)
    if quote.subscription_id is not None and not _still_covers(quote.subscription_id):
        quote = quote_response_fee(user_id=user_id, category_id=category_id, city_id=city_id)
    if agreed is not None and quote.amount > agreed:
        raise FeeChanged(amount=quote.amount.format())
    if quote.covered_by == "subscription" and quote.subscription_id is None:
        raise SubscriptionNeeded
    entry = None
    if quote.amount:
        memo = {"response_id": response_id, "task_id": task_id, "title": title}
        entry = _take(user_id=user_id, amount=quote.amount, operation=f"response:{response_id}", memo=memo)
    return Charge.objects.create(
        response_id=response_id,
        user_id=user_id,
        tariff_id=quote.tariff_id,
        covered_by=quote.covered_by,
        subscription_id=quote.subscription_id,
        amount_minor=quote.amount.minor,
        currency=quote.amount.currency,
        entry=entry,
        charged_at=now(),
        unopened_until=unopened_until,
    )


def _still_covers(subscription_id: int) -> bool:
    """Under its lock: a pause or an end that was just being written is seen, and one that follows waits for this response."""
    covering = Subscription.objects.select_for_update(of=("self",)).filter(pk=subscription_id)
    return covering.filter(status__in=("active", "past_due"), covered_until__gt=now()).exists()


def _take(*, user_id: int, amount: Money, operation: str, memo: dict[str, object]) -> Entry:
    wallet = lock_wallet(user_id, amount.currency)
    balance = Money(wallet.balance_minor, amount.currency)
    decision = may_spend(user_id=user_id, amount=amount, balance=balance, at=now())
    if isinstance(decision, Denied):
        raise InsufficientFunds if decision.code == "insufficient_funds" else SpendingCapReached
    legs = [(wallet, -amount), (platform_account(Account.Kind.REVENUE, amount.currency), amount)]
    entry = book(operation=operation, kind=Entry.Kind.RESPONSE_FEE, legs=legs, memo=memo)
    top_up_if_low(user_id=user_id, balance=balance - amount, cause=entry)
    return entry


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
