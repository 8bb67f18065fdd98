"""What staff must decide before the money may not be held any longer."""

from datetime import datetime, timedelta

from django.conf import settings

from marketplace.kit.clock import now
from payments.approvals.selectors import waiting_approvals
from payments.models import SecureDeal, StaffApproval

Status = SecureDeal.Status


def must_move_by(deal: SecureDeal) -> datetime | None:
    """For staff: the money may not be held any longer than this, and that is soon. None while there is time."""
    if deal.end_by is None or deal.status not in (Status.HELD, Status.SETTLING):
        return None
    days = settings.RULES["secure_end_days"] - settings.RULES["secure_warn_days"]
    return deal.end_by if deal.end_by <= now() + timedelta(days=days) else None


def approvals_by_urgency(*, limit: int) -> list[tuple[StaffApproval, datetime | None]]:
    """What waits for a second staff member, with the moment its deal ends when that is soon: these first."""
    waiting = list(waiting_approvals()[:limit])
    deals = SecureDeal.objects.in_bulk([row.details["deal_id"] for row in waiting if "deal_id" in row.details])
    rows = [(row, _end_of(deals.get(row.details.get("deal_id", 0)))) for row in waiting]
    return sorted(rows, key=lambda pair: (pair[1] is None, pair[1] or pair[0].requested_at))


def _end_of(deal: SecureDeal | None) -> datetime | None:
    return must_move_by(deal) if deal is not None else None
