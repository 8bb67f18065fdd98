"""Pictures of tasks in the storage: checked, stripped and re-encoded before they are written."""

from dataclasses import dataclass
from typing import IO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from marketplace.kit.pictures import clean_picture


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
