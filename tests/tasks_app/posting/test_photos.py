"""Photos: whatever is sent, only pixels are kept, at most ten, and nothing else of the draft changes."""

import io
import resource
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.pictures import PictureTooHeavy
from tasks_app.models import TaskDraft, TaskPhoto
from tasks_app.posting.errors import DraftPublished, TooManyPhotos
from tasks_app.posting.services import (
    add_photo,
    copy_to_draft,
    delete_photo,
    discard_draft,
    order_photos,
    publish_task,
    save_part,
)  # fmt: skip
from tests.factories import make_customer
from tests.people import sign_in
from tests.steps import write_draft
from tests.tasks_app.posting.hostile_files import CANARY, FILES

pytestmark = pytest.mark.django_db


def picture(width: int = 64, colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 48), colour).save(out, "JPEG")
    return out.getvalue()


def refusal_of(draft: TaskDraft, file: SimpleUploadedFile) -> DomainError | None:
    """Any other error than a refusal fails the test."""
    try:
        add_photo(draft=draft, source=file)
    except DomainError as refused:
        return refused
    return None


def stored_files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


@pytest.fixture
def draft() -> TaskDraft:
    return write_draft(owner=make_customer())


@pytest.fixture
def page(client: Client, draft: TaskDraft) -> str:
    assert draft.owner
    sign_in(client, draft.owner)
    return f"/post/{draft.public_id}/photos/"


def test_there_are_more_than_forty_hostile_files() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("name", FILES, ids=[name[:40].encode("unicode_escape").decode() for name in FILES])
def test_a_hostile_file_leaves_nothing_but_pixels(name: str, draft: TaskDraft) -> None:
    before, data = stored_files(), draft.data
    refused = refusal_of(draft, SimpleUploadedFile(name, FILES[name](), "image/jpeg"))
    if refused is not None:
        assert refused.status == 422
        assert refused.sentence
        assert stored_files() == before
        assert not TaskPhoto.objects.exists()
    draft.refresh_from_db()
    assert draft.data == data
    for path in stored_files() - before:
        kept = path.read_bytes()
        assert path.suffix == ".webp"
        assert path.parent == Path(settings.MEDIA_ROOT) / "tasks"
        assert CANARY not in kept
        assert b"<script" not in kept
        assert b"<?php" not in kept
        image = Image.open(io.BytesIO(kept))
        assert image.format == "WEBP"
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)


def test_all_hostile_files_through_the_page(client: Client, draft: TaskDraft, page: str) -> None:
    """None of them makes the page fail, and the memory stays within bounds."""
    for name, make in FILES.items():
        response = client.post(page, {"photos": SimpleUploadedFile(name, make(), "image/png")})
        assert response.status_code in (302, 422), name
        body = response.content
        assert b"<img src=x" not in body
        TaskPhoto.objects.all().delete()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000  # kB, of the whole test process


def test_a_forty_megabyte_photo_is_refused_with_a_sentence(draft: TaskDraft) -> None:
    before = stored_files()
    with pytest.raises(PictureTooHeavy) as refused:
        add_photo(draft=draft, source=SimpleUploadedFile("huge.jpg", picture() + b"\0" * 40_000_000))
    assert "15" in refused.value.sentence
    assert stored_files() == before
    assert not draft.photos.exists()


def test_the_eleventh_photo_is_refused_and_the_ten_stay(draft: TaskDraft) -> None:
    for _ in range(10):
        add_photo(draft=draft, source=picture())
    before = stored_files()
    with pytest.raises(TooManyPhotos) as refused:
        add_photo(draft=draft, source=picture())
    assert "10" in refused.value.sentence
    assert draft.photos.count() == 10
    assert stored_files() == before


def test_of_several_files_the_good_ones_are_kept(client: Client, draft: TaskDraft, page: str) -> None:
    files = [
        SimpleUploadedFile("one.jpg", picture(), "image/jpeg"),
        SimpleUploadedFile("two.jpg", b"not a photo", "image/jpeg"),
        SimpleUploadedFile("three.jpg", picture(), "image/jpeg"),
    ]
    response = client.post(page, {"photos": files})
    assert response.status_code == 422
    text = response.content.decode()
    assert "two.jpg" in text
    assert "one.jpg" not in text
    assert draft.photos.count() == 2


def test_photos_are_ordered_and_deleted(draft: TaskDraft, django_capture_on_commit_callbacks: Any) -> None:
    first, second, third = (add_photo(draft=draft, source=picture()) for _ in range(3))
    order_photos(draft=draft, public_ids=[third.public_id, first.public_id])
    assert [photo.pk for photo in draft.photos.all()] == [third.pk, first.pk, second.pk]
    files = len(stored_files())
    with django_capture_on_commit_callbacks(execute=True):
        delete_photo(draft=draft, public_id=first.public_id)
    assert [photo.pk for photo in draft.photos.all()] == [third.pk, second.pk]
    assert len(stored_files()) == files - 2


def test_somebody_elses_photo_is_not_found(draft: TaskDraft) -> None:
    foreign = add_photo(draft=write_draft(owner=make_customer()), source=picture())
    with pytest.raises(NotFound):
        delete_photo(draft=draft, public_id=foreign.public_id)
    assert TaskPhoto.objects.filter(pk=foreign.pk).exists()


def test_photos_go_with_the_task_and_are_copied_for_the_next(
    draft: TaskDraft, django_capture_on_commit_callbacks: Any
) -> None:
    add_photo(draft=draft, source=picture())
    assert draft.owner
    task = publish_task(draft=draft, by=draft.owner, operation="a")
    assert (task.photos_count, task.photos.count(), draft.photos.count()) == (1, 1, 0)
    again = copy_to_draft(task=task, by=draft.owner)
    assert again.photos.get().image.name != task.photos.get().image.name
    with django_capture_on_commit_callbacks(execute=True):
        discard_draft(draft=again)
    assert Path(task.photos.get().image.path).exists()


def test_a_published_draft_takes_no_more_photos(draft: TaskDraft) -> None:
    assert draft.owner
    publish_task(draft=draft, by=draft.owner, operation="a")
    before = stored_files()
    with pytest.raises(DraftPublished):
        add_photo(draft=draft, source=picture())
    assert stored_files() == before
    with pytest.raises(DraftPublished):
        save_part(draft=draft, part="budget", values={"budget": "offer"})
