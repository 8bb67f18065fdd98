"""What of a deal's money has moved, told from its settled intents."""

from dataclasses import dataclass

from django.db.models import QuerySet

from payments.intents.states import UNSETTLED
from payments.models import Entry, Intent, SecureDeal
from payments.secure_deals.books import failures_of_refunds, subject_of

Kind = Intent.Kind
SHARE = "share"  # in an intent's details: part of the decision, not the return of a second payment


@dataclass(frozen=True, slots=True)
class Moved:
    """Minor units. `sent`: at the executor's account, less what came back; `returned`: back at the customer's card,
    less what the bank sent back;
    `in_motion`: some movement is not finished."""

    sent: int
    returned: int
    in_motion: bool


def attempts_of(deal: SecureDeal, kind: str) -> "QuerySet[Intent]":
    """The tries of one kind of movement that carry out the decision."""
    return Intent.objects.filter(subject=subject_of(deal), kind=kind, details__has_key=SHARE)


def payments_of(deal: SecureDeal) -> "QuerySet[Intent]":
    return Intent.objects.filter(subject=subject_of(deal), kind=Kind.DEAL_PAYMENT).order_by("id")


def moved(deal: SecureDeal) -> Moved:
    totals = {Kind.DEAL_TRANSFER: 0, Kind.DEAL_REFUND: 0, Kind.TRANSFER_REVERSAL: 0}
    in_motion = False
    rows = Intent.objects.filter(subject=subject_of(deal), kind__in=totals, details__has_key=SHARE)
    sent_back = set(Entry.objects.filter(failures_of_refunds(deal)).values_list("operation", flat=True))
    rows = rows.exclude(operation__in=sent_back)
    for kind, status, minor in rows.values_list("kind", "status", "amount_minor"):
        if status == Intent.Status.SETTLED:
            totals[Kind(kind)] += minor
        in_motion = in_motion or status in UNSETTLED
    sent = totals[Kind.DEAL_TRANSFER] - totals[Kind.TRANSFER_REVERSAL]
    return Moved(sent=sent, returned=totals[Kind.DEAL_REFUND], in_motion=in_motion)
