"""What other packages may do with tasks (the rooms hold the code)."""

from tasks_app.posting.services import (
    add_photo,
    claim_drafts,
    copy_to_draft,
    delete_photo,
    discard_draft,
    edit_task,
    order_photos,
    publish_task,
    save_part,
    start_draft,
)
from tasks_app.tracking.services import accept_pings, delete_track, end_shift, hold_track, release_track, start_shift

__all__ = [
    "accept_pings",
    "add_photo",
    "claim_drafts",
    "copy_to_draft",
    "delete_photo",
    "delete_track",
    "discard_draft",
    "edit_task",
    "end_shift",
    "hold_track",
    "order_photos",
    "publish_task",
    "release_track",
    "save_part",
    "start_draft",
    "start_shift",
]
