"""Hints about subscriptions and their bills: find ours behind the object and look again."""

from payments.events.handlers import on
from payments.models import Subscription, SubscriptionRefund
from payments.stripe_gateway import billing, refunds
from payments.subscriptions.following import look_again
from payments.subscriptions.outcomes import sent_back


@on("customer.subscription.")
def subscription_changed(object_id: str, account_id: str) -> None:
    found = Subscription.objects.filter(processor_id=object_id).values_list("pk", flat=True).first()
    if found is None:
        found = _by_operation(billing.subscription(object_id).operation)
    if found is not None:
        look_again(subscription_id=found)


@on("invoice.")
def bill_changed(object_id: str, account_id: str) -> None:
    behind = billing.subscription_behind_invoice(object_id)
    if behind:
        subscription_changed(behind, account_id)


@on("checkout.session.")
def page_changed(object_id: str, account_id: str) -> None:
    found = Subscription.objects.filter(page_id=object_id).values_list("pk", flat=True).first()
    if found is not None:
        look_again(subscription_id=found)


@on("refund.", "charge.refund.")
def refund_changed(object_id: str, account_id: str) -> None:
    refund = SubscriptionRefund.objects.filter(processor_id=object_id, entry__isnull=False, failed_at=None).first()
    if refund is not None and refunds.refund(object_id).status in ("failed", "canceled"):
        sent_back(refund_id=refund.pk)


def _by_operation(operation: str) -> int | None:
    kind, _colon, number = operation.partition(":")
    if kind != "subscription" or not number.isdigit():
        return None
    return Subscription.objects.filter(pk=int(number)).values_list("pk", flat=True).first()
