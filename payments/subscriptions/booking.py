"""Paid bills into the books, each once; and back what should not have been taken."""

from datetime import datetime, timedelta

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.ledger.services import book, platform_account
from payments.models import Account, Entry, PriceChange, Subscription, SubscriptionPayment, SubscriptionRefund
from payments.stripe_gateway.billing import InvoiceState
from payments.subscriptions.services import give_back

Rule = SubscriptionRefund.Rule
_SLACK = timedelta(hours=1)  # the processor counts whole seconds, and from its own clock


def book_payments(subscription: Subscription, invoices: list[InvoiceState], charges: dict[str, str]) -> None:
    """Under the subscription's lock. `charges`: the processor's charge behind each bill that we had not seen."""
    known = set(subscription.payments.values_list("invoice_id", flat=True))
    for bill in sorted(invoices, key=lambda row: row.created_at):
        if bill.id in charges and bill.id not in known:
            payment = _book(subscription, bill, charges[bill.id])
            _check(subscription, payment, bill)


def given_back(subscription: Subscription) -> set[str]:
    """Bills whose money goes back because nobody gets their month."""
    rules = (Rule.CHARGED_AFTER_END, Rule.CHARGED_WHILE_PAUSED)
    return set(subscription.payments.filter(refunds__rule__in=rules).values_list("invoice_id", flat=True))


def _book(subscription: Subscription, bill: InvoiceState, charge_id: str) -> SubscriptionPayment:
    agreed, tariff_id = _agreed(subscription, bill.created_at)
    amount = bill.paid
    legs = [
        (platform_account(Account.Kind.CLEARING, amount.currency), -amount),
        (platform_account(Account.Kind.REVENUE, amount.currency), amount),
    ]
    memo = {
        "user_id": subscription.user_id,
        "subscription_id": subscription.pk,
        "category_id": subscription.category_id,
        "city_id": subscription.city_id,
        "period_start": bill.period_start.isoformat(),
        "period_end": bill.period_end.isoformat(),
        "source": charge_id,
    }
    entry = book(operation=f"invoice:{bill.id}", kind=Entry.Kind.SUBSCRIPTION, legs=legs, memo=memo)
    return SubscriptionPayment.objects.create(
        subscription=subscription, tariff_id=tariff_id, invoice_id=bill.id, payment_id=bill.payment_id,
        amount_minor=amount.minor, currency=amount.currency, agreed_minor=agreed, period_start=bill.period_start,
        period_end=bill.period_end, paid_at=bill.paid_at or now(), entry=entry,
    )  # fmt: skip


def _agreed(subscription: Subscription, at: datetime) -> tuple[int, int]:
    """What the person had agreed to pay when the bill was made, and under which terms."""
    later = PriceChange.objects.filter(subscription=subscription, applied_at__gt=at).order_by("applied_at").first()
    if later is None:
        return subscription.price_minor, subscription.tariff_id
    before = PriceChange.objects.filter(subscription=subscription, applied_at__lte=at).order_by("-applied_at").first()
    first = subscription.payments.order_by("pk").first()
    return later.old_minor, before.tariff_id if before else (first.tariff_id if first else subscription.tariff_id)


def _check(subscription: Subscription, payment: SubscriptionPayment, bill: InvoiceState) -> None:
    """Money taken for a month nobody gets goes back by itself; so does what is above the agreed price."""
    cancelled = subscription.status == "active" and subscription.ends_at_period_end
    if (subscription.status in ("ended", "abandoned") and bill.period_end > (subscription.ended_at or now())) or (
        cancelled and bill.period_start >= subscription.paid_until - _SLACK
    ):
        give_back(payment, Rule.CHARGED_AFTER_END, payment.amount)
    elif subscription.status == "paused" and subscription.paused_at and bill.period_start >= subscription.paused_at:
        give_back(payment, Rule.CHARGED_WHILE_PAUSED, payment.amount)
    elif payment.amount_minor > payment.agreed_minor:
        over = Money(payment.amount_minor - payment.agreed_minor, payment.currency)
        give_back(payment, Rule.ABOVE_AGREED, over)
