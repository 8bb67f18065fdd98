from celery import shared_task

from marketplace.kit.jobs import nudge
from marketplace.notifications import services

PORTION = 100


@shared_task(name="notifications.deliver")
def deliver() -> int:
    """A portion; the rest goes behind what else waits."""
    done = services.deliver_due(limit=PORTION)
    if done == PORTION:
        nudge("notifications.deliver")
    return done


SCHEDULE = {"notifications.deliver": 30}
