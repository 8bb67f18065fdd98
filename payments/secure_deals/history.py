"""Locking a secure deal, and its steps with their history rows."""

from typing import TYPE_CHECKING, Any

from marketplace.kit.errors import NotFound
from marketplace.kit.states import step
from payments.models import SecureDeal, SecureDealEvent
from payments.secure_deals.states import SECURE_DEAL_STEPS

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def lock_deal(deal_id: int) -> SecureDeal:
    """The deal, locked until the end of the transaction. Order of locks: an intent that is being settled, the task, the
    deal. Raises NotFound."""
    deal = SecureDeal.objects.select_for_update(of=("self",)).filter(pk=deal_id).first()
    if deal is None:
        raise NotFound
    return deal


def lock_deal_of(assignment_id: int) -> SecureDeal | None:
    """The deal that holds the money of an assignment; None when it has none."""
    return SecureDeal.objects.select_for_update(of=("self",)).filter(assignment_id=assignment_id).first()


def step_deal(
    deal: SecureDeal, to: str, *, actor: "User | None" = None, reason: str = "", **changes: Any
) -> SecureDealEvent:
    """Raises StaleState when the deal is in no state that leads to `to`."""
    left = step(deal, to, SECURE_DEAL_STEPS, **changes)
    return note(deal, left=left, actor=actor, reason=reason)


def note(deal: SecureDeal, *, left: str, actor: "User | None" = None, reason: str = "") -> SecureDealEvent:
    """A row of the history for something that moved no state."""
    return SecureDealEvent.objects.create(deal=deal, actor=actor, left=left, entered=deal.status, reason=reason)
