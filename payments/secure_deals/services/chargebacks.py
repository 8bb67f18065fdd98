"""The customer's bank takes the money of a deal back. What is held covers it; what was paid out is taken back from the
executor's account as far as it goes; the rest is owed or lost. The bank hears what we know."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from marketplace.kit import jobs
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.intents.disputed import disputed_payment
from payments.models import Chargeback, Intent, SecureDeal
from payments.secure_deals import books, news
from payments.secure_deals.history import lock_deal, note, step_deal
from payments.secure_deals.movements import attempts_of, moved
from payments.secure_deals.services.settling import begin_reversal, drive, publish
from payments.stripe_gateway import refunds, transfers

Status = SecureDeal.Status
FINAL = {"won": Chargeback.Status.WON, "lost": Chargeback.Status.LOST}
TRIES = 5


def note_dispute(*, dispute_id: str) -> Chargeback | None:
    """A hint about a dispute: ask how it stands and write down what is new. None when it is about no deal's payment.
    Any number of times, in any order. Raises Unavailable while the payment itself cannot be booked."""
    state = refunds.dispute(dispute_id)
    payment = disputed_payment(state.payment_id)
    if (
        payment is None
        or payment.kind != Intent.Kind.DEAL_PAYMENT
        or not any(amount < 0 for _id, amount, _fee in state.lines)
    ):
        return None  # another's, or a warning that has moved nothing
    with transaction.atomic():
        deal = lock_deal(int(payment.subject.removeprefix("deal:")))
        chargeback = _opened(deal, state, own=payment.pk == deal.payment_id)
        if (
            state.status in FINAL
            and (state.status == "lost" or state.taken_minor == 0)
            and chargeback.status == Chargeback.Status.OPEN
        ):
            _close(deal, chargeback, FINAL[state.status])
    return chargeback


def take_back(deal: SecureDeal) -> Intent | None:
    """Under the deal's lock: what was sent on and is owed to us comes back from the executor's account, as far as it
    goes. Refused once, it is tried again a day later, a few times."""
    facts = moved(deal)
    if facts.in_motion or facts.sent <= 0 or books.owed_to_us(deal).minor <= 0:
        return None
    tried = attempts_of(deal, Intent.Kind.TRANSFER_REVERSAL).exclude(status=Intent.Status.SETTLED)
    if tried.count() >= TRIES or tried.filter(created_at__gt=now() - timedelta(days=1)).exists():
        return None
    return begin_reversal(deal, Money(min(facts.sent, books.owed_to_us(deal).minor), deal.currency))


def take_back_again(*, deal_id: int) -> None:
    with transaction.atomic():
        take_back(lock_deal(deal_id))


def send_evidence(*, chargeback_id: int) -> Chargeback:
    """Tell the bank what the deal's history says. The processor takes it once; later calls change nothing."""
    chargeback = Chargeback.objects.select_related("deal").get(pk=chargeback_id)
    if chargeback.evidence_at is not None or chargeback.status != Chargeback.Status.OPEN:
        return chargeback
    dispute_id = chargeback.processor_id
    transfers.send_evidence(key=f"evidence:{dispute_id}", dispute_id=dispute_id, evidence=evidence(chargeback.deal))
    Chargeback.objects.filter(pk=chargeback_id, evidence_at=None).update(evidence_at=now())
    chargeback.refresh_from_db()
    return chargeback


def evidence(deal: SecureDeal) -> Mapping[str, str]:
    """The facts, in English for the bank: no names, no addresses."""
    lines = [
        f"{event.at:%Y-%m-%d %H:%M} UTC: {event.left or 'new'} -> {event.entered} ({event.reason})"
        for event in deal.events.all()
    ]
    return {
        "product_description": f"Service ordered on a marketplace: {deal.title}",
        "service_date": f"{deal.paid_at:%Y-%m-%d}" if deal.paid_at else "",
        "uncategorized_text": "History of the deal whose payment is disputed.\n" + "\n".join(lines),
    }


def _opened(deal: SecureDeal, state: refunds.DisputeState, *, own: bool) -> Chargeback:
    """`own`: it is about the payment that the deal stands on, not about a second one that goes back anyway."""
    chargeback, created = Chargeback.objects.get_or_create(
        processor_id=state.id,
        defaults={
            "deal": deal,
            "amount_minor": state.amount.minor,
            "reason": state.reason,
            "status_before": deal.status,
            "opened_at": now(),
        },
    )
    if not created:
        return chargeback
    books.book_chargeback(deal, chargeback, sent_on=moved(deal).sent)
    if own and deal.status != Status.CHARGED_BACK:
        step_deal(deal, Status.CHARGED_BACK, reason=state.reason[:60] or "disputed")
    news.tell_charged_back(deal, chargeback)
    publish(deal)
    take_back(deal)
    jobs.nudge("payments.send_chargeback_evidence")
    return chargeback


def _close(deal: SecureDeal, chargeback: Chargeback, status: str) -> None:
    chargeback.status, chargeback.closed_at = status, now()
    chargeback.save(update_fields=["status", "closed_at"])
    if status == Chargeback.Status.LOST:
        note(deal, left=deal.status, reason="chargeback_lost")
    else:
        books.book_chargeback_won(deal, chargeback)
        if deal.status == Status.CHARGED_BACK and not deal.chargebacks.exclude(status=Chargeback.Status.WON).exists():
            step_deal(deal, Status.SETTLING if deal.outcome else Status.HELD, reason="chargeback_won")
        drive(deal)
    news.tell_chargeback_closed(deal, chargeback)
    publish(deal)
