"""Housekeeping of drafts."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from marketplace.kit.clock import now
from tasks_app.models import TaskDraft
from tasks_app.posting.errors import DraftPublished
from tasks_app.posting.services import discard_draft

AT_ONCE = 200


@shared_task(name="tasks_app.forget_old_drafts")
def forget_old_drafts() -> int:
    """Drafts of visitors that nobody touched for `draft_keep_days`, with their photos; those of accounts stay."""
    before = now() - timedelta(days=int(settings.RULES["draft_keep_days"]))
    forgotten = 0
    for draft in TaskDraft.objects.filter(owner=None, task=None, changed_at__lt=before).order_by("changed_at")[
        :AT_ONCE
    ]:
        try:
            discard_draft(draft=draft)
        except (DraftPublished, TaskDraft.DoesNotExist):  # published or deleted in the meantime
            continue
        forgotten += 1
    return forgotten


SCHEDULE = {"tasks_app.forget_old_drafts": 3600}
