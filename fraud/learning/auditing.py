"""The blind audit: a few unflagged cancellations are drawn at random, so that what is missed can be known."""

from datetime import datetime, timedelta
from secrets import SystemRandom

from fraud.learning.capacity import capacity_per_day
from fraud.models import AuditDraw
from fraud.rules import rule
from marketplace.kit.clock import now

RECENT = timedelta(days=28)
PRIOR = timedelta(days=1)  # the weight of what is supposed before anything is known
_dice = SystemRandom()


def draw_for_audit(cancellation_id: int, *, verifiable: bool) -> bool:
    """Draw one unflagged cancellation, once; the very chance it had is kept for the weights. `verifiable`: whether its positions
    tell anything. True when it was drawn now."""
    chance = propensity(verifiable=verifiable)
    draw, created = AuditDraw.objects.get_or_create(
        cancellation_id=cancellation_id,
        defaults={"propensity": chance, "verifiable": verifiable, "drawn": _dice.random() < chance, "at": now()},
    )
    return created and draw.drawn


def propensity(*, verifiable: bool) -> float:
    """The share of the capacity that is given to the audit, over the usual number of unflagged cancellations a day. Where nothing
    can be seen nothing is learned by looking, so the chance is a tenth (`audit_unseen`) and the weight tenfold: any
    chance above zero keeps the weighted figures true for all (Horvitz and Thompson, JASA 47, 1952)."""
    slots = capacity_per_day() * rule("audit_share")
    usual = _unflagged_a_day()
    chance = min(1.0, slots / usual) if usual > 0 else 1.0
    return chance if verifiable else chance * rule("audit_unseen")


def _unflagged_a_day() -> float:
    """Those that can be checked, and a tenth of the others, so that the audit's share is spent in full. Before they are known
    `unflagged_per_case` for each case of the day's work are supposed, with the weight of one day: the mean of a Poisson rate
    under a gamma prior (Gelman et al., Bayesian Data Analysis, 2.6). The first ones are no likelier to be drawn than later
    ones, and a desk whose stated work is far above what comes does not look at everybody."""
    rows = AuditDraw.objects.filter(at__gte=now() - RECENT)
    told = rows.filter(verifiable=True).count() + rule("audit_unseen") * rows.filter(verifiable=False).count()
    supposed = rule("unflagged_per_case") * capacity_per_day()
    return (told + supposed) / (1 + _known_for() / PRIOR)


def _known_for() -> timedelta:
    first: datetime | None = AuditDraw.objects.order_by("pk").values_list("at", flat=True).first()
    return timedelta() if first is None else min(RECENT, now() - first)
