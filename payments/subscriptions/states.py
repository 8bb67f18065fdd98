"""The legal steps of a subscription; every step leaves a row in its history."""

from typing import TYPE_CHECKING, Any

from marketplace.kit import states
from marketplace.kit.clock import now
from payments.models import Subscription, SubscriptionEvent

if TYPE_CHECKING:
    from marketplace.accounts.models import User

S = Subscription.Status
STEPS: states.Steps = {
    S.ACTIVE: frozenset({S.PENDING, S.PAST_DUE, S.PAUSED}),
    S.PAST_DUE: frozenset({S.ACTIVE}),
    S.PAUSED: frozenset({S.ACTIVE}),
    S.ENDED: frozenset({S.ACTIVE, S.PAST_DUE, S.PAUSED}),
    S.ABANDONED: frozenset({S.PENDING}),
}


def step(subscription: Subscription, to: str, *, why: str, actor: "User | None" = None, **changes: Any) -> None:
    """Raises StaleState when somebody was faster."""
    left = states.step(subscription, to, STEPS, **changes)
    SubscriptionEvent.objects.create(subscription=subscription, actor=actor, left=left, entered=to, why=why, at=now())


def note(subscription: Subscription, *, why: str, actor: "User | None" = None) -> None:
    """Something happened that changes no state: a renewal, a cancellation for later."""
    SubscriptionEvent.objects.create(
        subscription=subscription, actor=actor, left=subscription.status, entered=subscription.status, why=why, at=now()
    )
