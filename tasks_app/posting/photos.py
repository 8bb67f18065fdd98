"""Pictures of tasks in the storage: checked, stripped and re-encoded before they are written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from marketplace.kit.pictures import clean_picture
from tasks_app.models import TaskPhoto


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """Names in the public storage; width and height of the full picture in pixels."""

    image: str
    thumbnail: str
    width: int
    height: int


def store_photo(source: bytes | IO[bytes], *, folder: str) -> StoredPhoto:
    """Write a picture and its thumbnail under names of our own.

    Raises PictureTooHeavy, PictureTooLarge, NotAPicture; nothing is written then.
    """
    picture = clean_picture(source)
    name = f"{folder}/{uuid4().hex}"
    full = default_storage.save(f"{name}.{picture.full.extension}", ContentFile(picture.full.data))
    small = default_storage.save(f"{name}-small.{picture.thumbnail.extension}", ContentFile(picture.thumbnail.data))
    return StoredPhoto(full, small, picture.full.width, picture.full.height)


def forget_files(photo: TaskPhoto) -> Callable[[], None]:
    """What deletes the photo's files; to be run when the deletion of its row is committed."""
    names = [file.name for file in (photo.image, photo.thumbnail) if file.name]

    def forget() -> None:
        for name in names:
            default_storage.delete(name)

    return forget
