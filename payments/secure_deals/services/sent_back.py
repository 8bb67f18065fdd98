"""A return to a card may fail days after it was made: the bank sends it back, and the money is the customer's still."""

from django.db import transaction

from payments.intents.services import begin
from payments.models import Entry, Intent, SecureDeal
from payments.secure_deals import books, news
from payments.secure_deals.history import lock_deal, note, step_deal
from payments.secure_deals.movements import SHARE
from payments.secure_deals.services.funding import deal_of
from payments.stripe_gateway import refunds

Status = SecureDeal.Status


def look_at_refund(*, intent_id: int) -> bool:
    """Ask the processor how a settled return stands now; True when it came back just now. Raises Unavailable."""
    intent = Intent.objects.get(pk=intent_id)
    if intent.kind != Intent.Kind.DEAL_REFUND or intent.status != Intent.Status.SETTLED:
        return False
    if refunds.refund(intent.processor_id).status not in ("failed", "canceled"):
        return False
    return _hold_again(intent_id)


@transaction.atomic
def _hold_again(intent_id: int) -> bool:
    """Held again, and returned once more: a part of the decision when the jobs drive the deal, a second payment at once."""
    intent = Intent.objects.select_for_update(of=("self",)).get(pk=intent_id)
    deal = lock_deal(deal_of(intent))
    if Entry.objects.filter(operation=intent.operation, kind=Entry.Kind.DEAL_REFUND_FAILED).exists():
        return False
    books.book_refund_failed(deal, intent)
    if SHARE not in intent.details:
        note(deal, left=deal.status, reason="refund_sent_back")
        _return_extra_again(deal, intent)
    elif deal.status == Status.SETTLED:
        step_deal(deal, Status.SETTLING, reason="refund_sent_back", settled_at=None)
    else:
        note(deal, left=deal.status, reason="refund_sent_back")
    news.tell_sent_back(deal, intent)
    return True


def _return_extra_again(deal: SecureDeal, failed: Intent) -> None:
    begin(
        operation=f"{books.subject_of(deal)}:extra:{failed.pk}",
        kind=Intent.Kind.DEAL_REFUND,
        user_id=failed.user_id,
        amount=failed.amount,
        subject=failed.subject,
        details=failed.details,
    )
