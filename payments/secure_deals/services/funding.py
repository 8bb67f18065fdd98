"""The customer's payment has arrived. It is booked whatever has happened meanwhile; money that can no longer choose the
response goes straight back, and the customer is told."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import hooks
from payments.intents.services import begin
from payments.models import Intent, SecureDeal
from payments.secure_deals import books, news
from payments.secure_deals.history import lock_deal, note, step_deal
from payments.secure_deals.services.settling import decide, publish

Status = SecureDeal.Status


def payment_settled(intent: Intent) -> None:
    """In the transaction that settles the payment, under the intent's lock. The task is locked before the deal: the hook
    does both."""
    deal_id = deal_of(intent)
    hooks.deal_funded.call(
        response_id=SecureDeal.objects.values_list("response_id", flat=True).get(pk=deal_id), deal_id=deal_id
    )
    deal = lock_deal(deal_id)
    if deal.payment_id != intent.pk:
        _return_extra(deal, intent)


def payment_for(deal: SecureDeal) -> Intent | None:
    """The settled payment that this deal may stand on: its own, or the first that is there."""
    rows = Intent.objects.filter(subject=books.subject_of(deal), kind=Intent.Kind.DEAL_PAYMENT)
    return rows.filter(status=Intent.Status.SETTLED).order_by("settled_at", "id").first()


@transaction.atomic
def awaits_choice(*, deal_id: int) -> bool:
    """Under the task's lock: is the response still to be chosen by this deal's payment? False when it was, or when the
    time to pay had run out."""
    return lock_deal(deal_id).status == Status.AWAITING_PAYMENT


def price_stands(*, deal_id: int, price: Money) -> bool:
    """Was the payment for this price?"""
    return SecureDeal.objects.get(pk=deal_id).price == price


@transaction.atomic
def bind_deal(*, deal_id: int, assignment_id: int) -> SecureDeal:
    """The response is chosen: the money is held until the work is accepted, and no longer than the rules say."""
    deal = lock_deal(deal_id)
    payment = payment_for(deal)
    if payment is None:
        raise ValueError("A deal is bound by a settled payment.")
    step_deal(
        deal,
        Status.HELD,
        reason="paid",
        assignment_id=assignment_id,
        payment=payment,
        paid_at=now(),
        warn_at=now() + timedelta(days=settings.RULES["secure_warn_days"]),
        end_by=now() + timedelta(days=settings.RULES["secure_end_days"]),
    )
    news.tell_held(deal)
    publish(deal)
    return deal


@transaction.atomic
def return_unchosen(*, deal_id: int, code: str) -> SecureDeal:
    """Paid, and yet the response cannot be chosen (withdrawn, another chosen, the task ended, too late): everything goes
    back to the card by itself. `code` says why."""
    deal = lock_deal(deal_id)
    payment = payment_for(deal)
    if payment is None or deal.status not in (Status.AWAITING_PAYMENT, Status.EXPIRED):
        return deal
    deal.payment, deal.paid_at = payment, now()
    deal.save(update_fields=["payment", "paid_at"])
    note(deal, left=deal.status, reason=code[:60])
    return decide(deal, price_part=0, outcome=SecureDeal.Outcome.NOT_CHOSEN, by=None)


def _return_extra(deal: SecureDeal, intent: Intent) -> None:
    """A second payment of the same deal (two tabs, two methods): it is not needed and goes back whole."""
    refund = begin(
        operation=f"{intent.operation}:refund",
        kind=Intent.Kind.DEAL_REFUND,
        user_id=deal.customer_id,
        amount=Money(intent.amount_minor, intent.currency),
        subject=books.subject_of(deal),
        details={"payment_id": intent.payment_id},
    )
    note(deal, left=deal.status, reason="paid_twice")
    news.tell_paid_twice(deal, refund)


def deal_of(intent: Intent) -> int:
    return int(intent.subject.removeprefix("deal:"))
