"""What follows here from the processor's answer to a call. Inside the transaction that settles the call, under the row's lock."""

from typing import Any

import structlog
from django.db import transaction

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.ledger.services import book, platform_account, reverse_entry, wallet_of
from payments.models import Account, Entry, PriceChange, Subscription, SubscriptionCall, SubscriptionRefund
from payments.subscriptions import news
from payments.subscriptions.states import note, step

SENT_BACK = "subscription_sent_back"  # the rule that the wallet's line names
V = SubscriptionCall.Verb
S = Subscription.Status
log = structlog.get_logger()


def apply(subscription: Subscription, call: SubscriptionCall, done: bool, facts: dict[str, Any]) -> None:
    """`done`: the processor did it; otherwise it refused for good, and `facts["code"]` says why."""
    if call.verb == V.REFUND:
        _refund(call, done, facts)
    elif call.verb in (V.BEGIN_PAGE, V.BEGIN_CARD) and not done:
        abandon(subscription, code=facts["code"])
    elif done:
        _remember(subscription, facts)
        if call.verb == V.REPRICE:
            _repriced(subscription, call)
    else:
        # The processor's subscription is not in a state that allows it: what it is instead is found by looking.
        log.warning("subscription_call_refused", subscription=subscription.pk, verb=call.verb, code=facts.get("code"))
        note(subscription, why=f"refused_{call.verb}")
        if call.verb == V.CHANGE_CARD:
            news.card_declined(subscription, facts.get("code", ""))
    # Whatever was said, look at the outcome soon.
    Subscription.objects.filter(pk=subscription.pk).update(next_check_at=now())


def abandon(subscription: Subscription, *, code: str) -> None:
    """It never began. Nothing was charged."""
    if subscription.status == S.PENDING:
        step(subscription, S.ABANDONED, why="abandoned", refusal_code=code[:60], ended_at=now(), action_url="",
             end_reason=Subscription.EndReason.NEVER_PAID)  # fmt: skip


def _remember(subscription: Subscription, facts: dict[str, Any]) -> None:
    known = {
        "processor_id": facts.get("processor_id") or subscription.processor_id,
        "page_id": facts.get("page_id") or subscription.page_id,
        "action_url": facts.get("url") or subscription.action_url,
    }
    Subscription.objects.filter(pk=subscription.pk).update(**known)
    for name, value in known.items():
        setattr(subscription, name, value)


def _repriced(subscription: Subscription, call: SubscriptionCall) -> None:
    """The next bill is by the new price: it was announced, and the person stayed."""
    change = PriceChange.objects.select_for_update(of=("self",)).get(pk=call.params["change"])
    change.applied_at, change.dropped_at = now(), None
    change.save(update_fields=["applied_at", "dropped_at"])
    Subscription.objects.filter(pk=subscription.pk).update(price_minor=change.new_minor, tariff=change.tariff_id)
    note(subscription, why="repriced")


def _refund(call: SubscriptionCall, done: bool, facts: dict[str, Any]) -> None:
    refund = SubscriptionRefund.objects.select_related("payment__subscription").get(pk=call.params["refund"])
    if refund.paid_at is not None:
        return
    if not done:
        # The processor will not return it by this payment; operators see it among the mismatches.
        log.error("subscription_refund_refused", refund=refund.pk, code=facts.get("code"))
        SubscriptionRefund.objects.filter(pk=refund.pk).update(failed_at=now())
        return
    if facts.get("status") in ("failed", "canceled"):
        refund.processor_id = facts["refund_id"]
        _to_wallet(refund)
        return
    amount = Money(refund.amount_minor, refund.payment.currency)
    clearing, revenue = (
        platform_account(kind, amount.currency) for kind in (Account.Kind.CLEARING, Account.Kind.REVENUE)
    )
    memo = {**refund.payment.entry.memo, "rule": f"subscription_{refund.rule}", "source": facts["refund_id"]}
    entry = book(
        operation=f"refund:{facts['refund_id']}",
        kind=Entry.Kind.SUBSCRIPTION_REFUND,
        legs=[(revenue, -amount), (clearing, amount)],
        memo=memo,
    )
    SubscriptionRefund.objects.filter(pk=refund.pk).update(processor_id=facts["refund_id"], paid_at=now(), entry=entry)
    news.refunded(refund.payment.subscription, amount, refund.rule)


@transaction.atomic
def sent_back(*, refund_id: int) -> bool:
    """The bank sent a return back days after it was made: its sum goes to the person's wallet instead. Once."""
    refund = SubscriptionRefund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    if refund.entry is None or refund.failed_at is not None:
        return False
    reverse_entry(entry=refund.entry, why="")
    _to_wallet(refund)
    return True


def _to_wallet(refund: SubscriptionRefund) -> None:
    """The bank does not take it: it pays for responses instead."""
    payment = refund.payment
    amount = Money(refund.amount_minor, payment.currency)
    book(
        operation=f"wallet-for:{refund.processor_id}",
        kind=Entry.Kind.SUBSCRIPTION_REFUND,
        legs=[
            (platform_account(Account.Kind.REVENUE, amount.currency), -amount),
            (wallet_of(payment.subscription.user_id, amount.currency), amount),
        ],
        memo={**payment.entry.memo, "rule": SENT_BACK, "source": ""},
    )
    refund.failed_at = now()
    refund.save(update_fields=["failed_at", "processor_id"])
    news.sent_back(payment.subscription, amount)
