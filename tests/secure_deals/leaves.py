"""Held money without a processor, for tests that only look: the payment is settled by hand, the rest is real."""

from django.db import transaction

from payments.intents.services import begin
from payments.models import Intent, SecureDeal
from payments.secure_deals import books
from payments.secure_deals.services.funding import payment_settled
from tasks_app import services
from tasks_app.models import Assignment, Response


@transaction.atomic
def held_without_processor(response: Response) -> Assignment:
    """The response is chosen and its money held, as if a card had paid."""
    deal = services.open_secure_deal(
        response_id=response.pk, by=response.task.customer, operation=f"leaf-{response.pk}"
    )
    intent = begin(
        operation=f"deal:{deal.pk}:pay:1",
        kind=Intent.Kind.DEAL_PAYMENT,
        user_id=deal.customer_id,
        amount=deal.paid,
        subject=books.subject_of(deal),
    )
    entry = books.book_payment(deal, intent, source=f"ch_{deal.pk}")
    Intent.objects.filter(pk=intent.pk).update(status="settled", entry=entry, settled_at=entry.at, next_check_at=None)
    payment_settled(Intent.objects.get(pk=intent.pk))
    return Assignment.objects.get(pk=SecureDeal.objects.get(pk=deal.pk).assignment_id)
