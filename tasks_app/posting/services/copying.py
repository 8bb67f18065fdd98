"""Posting a task again: its words, place and price in a new draft; the time is asked for anew."""

from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.kit.errors import NotFound
from tasks_app.models import Task, TaskDraft
from tasks_app.posting.services.photos import copy_photos
from tasks_app.posting.written import written_parts

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def copy_to_draft(*, task: Task, by: "User") -> TaskDraft:
    """A new draft with everything but the time. Raises NotFound for somebody else's task."""
    if task.customer_id != by.pk:
        raise NotFound
    with transaction.atomic():
        draft = TaskDraft.objects.create(owner=by, data=written_parts(task))
        copy_photos(task=task, draft=draft)
    return draft
