"""What moves by itself: each may be run any number of times."""

from celery import shared_task
from django.conf import settings

from payments.models import Chargeback, SecureDeal
from payments.payouts import services as payouts
from payments.secure_deals.services import ageing, chargebacks
from payments.stripe_gateway.errors import ProcessorError


@shared_task(name="payments.drive_secure_deals")
def drive_secure_deals() -> int:
    """Unpaid deals expire; what may not be held any longer ends; decided money that has not moved yet moves."""
    return ageing.expire_unpaid() + ageing.end_decided() + ageing.drive_settling()


@shared_task(name="payments.age_secure_deals")
def age_secure_deals() -> int:
    """Warnings before the end, and reminders of accounts that money waits for."""
    return ageing.warn_of_end() + payouts.remind_of_accounts()


@shared_task(name="payments.send_chargeback_evidence")
def send_chargeback_evidence() -> int:
    """Evidence that has not reached the bank yet, and money that is still to come back from executors' accounts."""
    sent = 0
    for pk in list(Chargeback.objects.filter(status="open", evidence_at=None).values_list("pk", flat=True)):
        try:
            sent += chargebacks.send_evidence(chargeback_id=pk).evidence_at is not None
        except ProcessorError:
            continue  # the processor is away or no longer asks: the next run looks again
    for deal_id in list(SecureDeal.objects.filter(status="charged_back").values_list("pk", flat=True)):
        chargebacks.take_back_again(deal_id=deal_id)
    return sent


@shared_task(name="payments.refresh_payout_accounts")
def refresh_payout_accounts() -> int:
    return payouts.refresh_stale() if settings.STRIPE_SECRET_KEY else 0


SCHEDULE = {
    "payments.drive_secure_deals": 60,
    "payments.age_secure_deals": 3600,
    "payments.send_chargeback_evidence": 600,
    "payments.refresh_payout_accounts": 900,
}
