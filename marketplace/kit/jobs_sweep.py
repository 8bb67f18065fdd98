"""Housekeeping of the kit's own rows."""

from datetime import timedelta

from celery import shared_task

from marketplace.kit.clock import now
from marketplace.kit.models import KeptAnswer, LiveEvent


@shared_task(name="kit.forget_live_events")
def forget_live_events() -> int:
    """Live events older than a day; a client that was away longer takes a new snapshot."""
    return LiveEvent.objects.filter(created_at__lt=now() - timedelta(days=1)).delete()[0]


@shared_task(name="kit.forget_kept_answers")
def forget_kept_answers() -> int:
    """Answers older than a day: by then a client has stopped repeating."""
    return KeptAnswer.objects.filter(created_at__lt=now() - timedelta(days=1)).delete()[0]


SCHEDULE = {"kit.forget_live_events": 3600, "kit.forget_kept_answers": 3600}
