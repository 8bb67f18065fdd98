"""Reads of what waits for a second staff member."""

from django.db.models import QuerySet

from payments.models import StaffApproval


def waiting_approvals() -> "QuerySet[StaffApproval]":
    """Oldest first."""
    rows = StaffApproval.objects.filter(outcome=StaffApproval.Outcome.WAITING)
    return rows.select_related("requested_by").order_by("requested_at", "id")
