"""Reads of what waits for a second staff member."""

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from payments.models import SecureDeal, StaffApproval


def waiting_approvals() -> "QuerySet[StaffApproval]":
    """Oldest first; not those about a division that is no longer the deal's, because the time to hold its money was over."""
    deals = SecureDeal.objects.annotate(subject=Concat(Value("deal:"), Cast("pk", CharField())))
    gone = deals.filter(subject=OuterRef("subject")).exclude(status="settling", outcome="moderator")
    rows = StaffApproval.objects.filter(outcome=StaffApproval.Outcome.WAITING)
    rows = rows.exclude(Q(kind="deal_split") & Exists(gone))
    return rows.select_related("requested_by").order_by("requested_at", "id")


def waiting_about(deal: SecureDeal) -> "QuerySet[StaffApproval]":
    """What of one deal's money waits for a second staff member, oldest first."""
    return waiting_approvals().filter(details__deal_id=deal.pk)
