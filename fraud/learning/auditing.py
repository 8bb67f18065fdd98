"""The blind audit: a few unflagged cancellations are drawn at random, so that what is missed can be known."""

from datetime import timedelta
from secrets import SystemRandom

from fraud.learning.capacity import capacity_per_day
from fraud.models import AuditDraw
from fraud.rules import rule
from marketplace.kit.clock import now

RECENT = timedelta(days=28)
_dice = SystemRandom()


def draw_for_audit(cancellation_id: int) -> bool:
    """Draw one unflagged cancellation, once; the chance it had is kept for the weights. True when it was drawn now."""
    chance = propensity()
    draw, created = AuditDraw.objects.get_or_create(
        cancellation_id=cancellation_id,
        defaults={"propensity": chance, "drawn": _dice.random() < chance, "at": now()},
    )
    return created and draw.drawn


def propensity() -> float:
    """The share of the capacity that is given to the audit, over the usual number of unflagged cancellations a day."""
    slots = capacity_per_day() * rule("audit_share")
    return min(1.0, slots / max(1.0, _unflagged_a_day()))


def _unflagged_a_day() -> float:
    rows = AuditDraw.objects.filter(at__gte=now() - RECENT)
    first = rows.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return 0.0
    days = max(1.0, (now() - first) / timedelta(days=1))
    return rows.count() / days
