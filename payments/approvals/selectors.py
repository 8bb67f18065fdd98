"""Reads of what waits for a second staff member."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from payments.models import StaffApproval

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def waiting_approvals() -> "QuerySet[StaffApproval]":
    """Oldest first."""
    rows = StaffApproval.objects.filter(outcome=StaffApproval.Outcome.WAITING)
    return rows.select_related("requested_by").order_by("requested_at", "id")


def waiting_for(user: "User") -> "QuerySet[StaffApproval]":
    """Those that this staff member did not ask for."""
    return waiting_approvals().exclude(requested_by=user)


def approvals_about(subject: str) -> "QuerySet[StaffApproval]":
    """All of a subject, the newest first."""
    return StaffApproval.objects.filter(subject=subject).select_related("requested_by", "decided_by").order_by("-id")
