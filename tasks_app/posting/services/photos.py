"""Photos of a draft: at most ten, in the order the person likes."""

from collections.abc import Sequence
from typing import IO
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from tasks_app.models import Task, TaskDraft, TaskPhoto
from tasks_app.posting.errors import TooManyPhotos
from tasks_app.posting.photos import forget_files, store_photo
from tasks_app.posting.services.drafts import locked


def add_photo(*, draft: TaskDraft, source: bytes | IO[bytes]) -> TaskPhoto:
    """Add a picture as the last one. Raises TooManyPhotos, DraftPublished and what store_photo raises."""
    room_for_one(draft.photos.count())
    stored = store_photo(source, folder="tasks")
    try:
        with transaction.atomic():
            held = locked(draft)
            room_for_one(held.photos.count())
            last = held.photos.aggregate(last=Max("position"))["last"]
            photo = TaskPhoto(draft=held, position=0 if last is None else last + 1)
            photo.image.name, photo.thumbnail.name = stored.image, stored.thumbnail
            photo.width, photo.height = stored.width, stored.height
            photo.save()
            TaskDraft.objects.filter(pk=held.pk).update(changed_at=now())
    except Exception:
        forget_files(TaskPhoto(image=stored.image, thumbnail=stored.thumbnail))()
        raise
    return photo


def delete_photo(*, draft: TaskDraft, public_id: UUID) -> None:
    """Raises NotFound, DraftPublished."""
    with transaction.atomic():
        photo = locked(draft).photos.filter(public_id=public_id).first()
        if photo is None:
            raise NotFound
        photo.delete()
        transaction.on_commit(forget_files(photo))


def order_photos(*, draft: TaskDraft, public_ids: Sequence[UUID]) -> None:
    """Put the named photos first, in this order; the others keep theirs after them. Raises DraftPublished."""
    with transaction.atomic():
        photos = list(locked(draft).photos.all())
        wanted = {public_id: place for place, public_id in enumerate(public_ids)}
        photos.sort(key=lambda photo: (wanted.get(photo.public_id, len(wanted)), photo.position))
        for position, photo in enumerate(photos):
            photo.position = position
        TaskPhoto.objects.bulk_update(photos, ["position"])


def copy_photos(*, task: Task, draft: TaskDraft) -> None:
    """The draft gets files of its own: deleting one of them leaves the task's."""
    for photo in task.photos.all():
        copy = TaskPhoto(draft=draft, position=photo.position)
        for field in ("image", "thumbnail"):
            original = getattr(photo, field)
            extension = original.name.rpartition(".")[2]
            with original.open("rb") as file:
                getattr(copy, field).save(f"{uuid4().hex}.{extension}", ContentFile(file.read()), save=False)
        copy.width, copy.height = photo.width, photo.height
        copy.save()


def room_for_one(photos: int) -> None:
    """Raises TooManyPhotos when there are as many as can be."""
    limit = int(settings.RULES["photos_per_task"])
    if photos >= limit:
        raise TooManyPhotos(limit=limit)
