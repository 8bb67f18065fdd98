"""Photos of a published task, while it is open."""

from typing import IO, TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from marketplace.kit import live
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from tasks_app.locks import lock_task
from tasks_app.models import Task, TaskEvent, TaskPhoto
from tasks_app.posting.photos import forget_files, store_photo
from tasks_app.posting.policies import may_edit
from tasks_app.posting.services.photos import room_for_one

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def add_task_photo(*, task_id: int, by: "User", source: bytes | IO[bytes]) -> TaskPhoto:
    """Add a picture as the last one. Raises PolicyDenied, TooManyPhotos and what store_photo raises."""
    with transaction.atomic():  # before the picture is worked on: strangers do not spend our time
        task = lock_task(task_id)
        require(may_edit(by, task))
        room_for_one(task.photos.count())
    stored = store_photo(source, folder="tasks")
    try:
        with transaction.atomic():
            task = lock_task(task_id)
            require(may_edit(by, task))
            room_for_one(task.photos.count())
            last = task.photos.aggregate(last=Max("position"))["last"]
            photo = TaskPhoto(task=task, position=0 if last is None else last + 1)
            photo.image.name, photo.thumbnail.name = stored.image, stored.thumbnail
            photo.width, photo.height = stored.width, stored.height
            photo.save()
            _changed(task, by)
    except Exception:
        forget_files(TaskPhoto(image=stored.image, thumbnail=stored.thumbnail))()
        raise
    return photo


@transaction.atomic
def delete_task_photo(*, task_id: int, by: "User", public_id: UUID) -> None:
    """Raises PolicyDenied, NotFound."""
    task = lock_task(task_id)
    require(may_edit(by, task))
    photo = task.photos.filter(public_id=public_id).first()
    if photo is None:
        raise NotFound
    photo.delete()
    transaction.on_commit(forget_files(photo))
    _changed(task, by)


def _changed(task: Task, by: "User") -> None:
    task.photos_count = task.photos.count()
    task.version += 1
    task.edited_at = now()
    task.save(update_fields=["photos_count", "version", "edited_at"])
    TaskEvent.objects.create(task=task, actor=by, left=task.status, entered=task.status, reason="edited:photos")
    live.publish(topic=f"task:{task.pk}", kind="task_changed", payload={"task": task.pk, "version": task.version})
