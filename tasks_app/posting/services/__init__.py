"""All writes of drafts and of publishing."""

from tasks_app.posting.services.copying import copy_to_draft
from tasks_app.posting.services.drafts import claim_drafts, discard_draft, save_part, start_draft
from tasks_app.posting.services.editing import edit_task
from tasks_app.posting.services.photos import add_photo, delete_photo, order_photos
from tasks_app.posting.services.publishing import publish_task
from tasks_app.posting.services.task_photos import add_task_photo, delete_task_photo

__all__ = [
    "add_photo",
    "add_task_photo",
    "claim_drafts",
    "copy_to_draft",
    "delete_photo",
    "delete_task_photo",
    "discard_draft",
    "edit_task",
    "order_photos",
    "publish_task",
    "save_part",
    "start_draft",
]
