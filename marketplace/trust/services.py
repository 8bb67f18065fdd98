"""Reviews that are blind until both are written or 14 days pass; replies; portfolios."""

import hashlib
import re
from datetime import timedelta
from functools import partial
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.contacts import mask_contacts
from marketplace.kit.errors import InvalidInput, NotFound
from marketplace.kit.policy import require
from marketplace.notifications.services import notify
from marketplace.trust.errors import AlbumFull, TooManyAlbums
from marketplace.trust.models import CRITERIA, Album, AlbumPhoto, Review, ReviewWindow
from marketplace.trust.policies import may_reply, may_review
from tasks_app.posting.photos import store_photo
from tasks_app.selectors import assignment_visible_to, deal_of_hook

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def open_review_window(*, assignment_id: int) -> None:
    """Both sides may write for 14 days from now; they are told. Opening it again changes nothing."""
    deal = deal_of_hook(assignment_id)
    window, created = ReviewWindow.objects.get_or_create(
        assignment_id=deal.pk,
        defaults={
            "customer_id": deal.customer_id,
            "executor_id": deal.executor_id,
            "opened_at": now(),
            "closes_at": now() + timedelta(days=settings.RULES["review_blind_days"]),
        },
    )
    if created:
        for user_id in (deal.customer_id, deal.executor_id):
            params = {"title": deal.task.title}
            path = f"/deals/{deal.pk}/review/"
            notify(user_id=user_id, kind="review_open", params=params, path=path, key=f"review:{window.pk}:open")


@transaction.atomic
def write_review(*, assignment_id: int, by: "User", stars: int, criteria: dict[str, int], text: str) -> Review:
    """One side's review. With the second one both become public at once.

    Raises PolicyDenied, InvalidInput (stars and criteria are 1 to 5), NotFound.
    """
    deal = assignment_visible_to(by, assignment_id)
    window = ReviewWindow.objects.select_for_update(of=("self",)).filter(assignment_id=deal.pk).first()
    require(may_review(deal, window, by))
    if window is None:
        raise NotFound
    about_executor = by.pk == window.customer_id
    key = _text_key(text)
    review = Review.objects.create(
        window=window,
        author=by,
        about_id=window.executor_id if about_executor else window.customer_id,
        about_role=Review.Role.EXECUTOR if about_executor else Review.Role.CUSTOMER,
        category_id=deal.task.category_id,
        stars=_in_range("stars", stars),
        criteria={name: _in_range(name, value) for name, value in criteria.items() if name in CRITERIA},
        text=mask_contacts(_checked(text)).text,
        text_key=key,
        repeats_own_text=bool(key) and Review.objects.filter(author=by, text_key=key).exists(),
        written_at=now(),
    )
    if window.reviews.count() == 2:
        _reveal(window)
    return review


@transaction.atomic
def reply_to_review(*, review_id: int, by: "User", text: str) -> Review:
    """The one public reply of the person it is about."""
    review = Review.objects.select_for_update(of=("self",)).filter(pk=review_id).first()
    if review is None:
        raise NotFound
    require(may_reply(review, by))
    words = text.strip()
    if not 2 <= len(words) <= 1000:
        raise InvalidInput(field="text", reason=_("A reply has 2 to 1,000 characters."))
    review.reply, review.replied_at = mask_contacts(words).text, now()
    review.save(update_fields=["reply", "replied_at"])
    return review


def reveal_due_reviews(*, limit: int = 200) -> int:
    """Show what was written in the windows whose 14 days are over."""
    due = ReviewWindow.objects.filter(revealed_at=None, closes_at__lte=now()).order_by("closes_at")
    done = 0
    for window_id in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            waiting = ReviewWindow.objects.select_for_update(of=("self",), skip_locked=True)
            window = waiting.filter(pk=window_id, revealed_at=None).first()
            if window is not None:
                _reveal(window)
                done += 1
    return done


@transaction.atomic
def make_album(*, by: "User", title: str, category_id: int | None = None) -> Album:
    name = title.strip()
    if not 2 <= len(name) <= 80:
        raise InvalidInput(field="title", reason=_("Name the album in 2 to 80 characters."))
    if Album.objects.filter(executor=by).count() >= (limit := int(settings.RULES["albums"])):
        raise TooManyAlbums(limit=limit)
    return Album.objects.create(executor=by, title=mask_contacts(name).text, category_id=category_id, created_at=now())


@transaction.atomic
def add_album_photo(*, album_id: int, by: "User", source: bytes | IO[bytes], caption: str = "") -> AlbumPhoto:
    """Check, re-encode and keep a picture. Raises NotFound, AlbumFull and the errors of kit.pictures."""
    album = _own_album(album_id, by)
    position = album.photos.count()
    if position >= (limit := int(settings.RULES["album_photos"])):
        raise AlbumFull(limit=limit)
    stored = store_photo(source, folder="albums")
    return AlbumPhoto.objects.create(
        album=album,
        image=stored.image,
        thumbnail=stored.thumbnail,
        caption=mask_contacts(caption.strip()).text[:120],
        width=stored.width,
        height=stored.height,
        position=position,
    )


@transaction.atomic
def delete_album_photo(*, photo_id: int, by: "User") -> int:
    """Delete an own picture and its files; gives the album's id. Raises NotFound."""
    photo = AlbumPhoto.objects.filter(pk=photo_id, album__executor=by).first()
    if photo is None:
        raise NotFound
    names = [photo.image.name, photo.thumbnail.name]
    photo.delete()
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name))
    return photo.album_id


@transaction.atomic
def delete_album(*, album_id: int, by: "User") -> None:
    album = _own_album(album_id, by)
    for photo_id in list(album.photos.values_list("pk", flat=True)):
        delete_album_photo(photo_id=photo_id, by=by)
    album.delete()


def _own_album(album_id: int, by: "User") -> Album:
    album = Album.objects.select_for_update(of=("self",)).filter(pk=album_id, executor=by).first()
    if album is None:
        raise NotFound
    return album


def _reveal(window: ReviewWindow) -> None:
    at = now()
    window.revealed_at = at
    window.save(update_fields=["revealed_at"])
    reviews = list(window.reviews.select_related("window__assignment__task"))
    window.reviews.update(revealed_at=at)
    for review in reviews:
        notify(
            user_id=review.about_id,
            kind="review_revealed",
            params={"title": review.window.assignment.task.title},
            path=f"/deals/{window.assignment_id}/review/",
            key=f"review:{review.pk}:revealed",
        )


def _in_range(field: str, value: int) -> int:
    if isinstance(value, bool) or value not in range(1, 6):
        raise InvalidInput(field=field, reason=_("Choose from one to five stars."))
    return value


def _checked(text: str) -> str:
    words = text.strip()
    if len(words) > 2000:
        raise InvalidInput(field="text", reason=_("A review has at most 2,000 characters."))
    return words


def _text_key(text: str) -> str:
    """The same for texts that differ only in case, marks and spaces; empty for very short ones."""
    bare = re.sub(r"[\W_]+", "", text.casefold())
    return hashlib.sha256(bare.encode()).hexdigest() if len(bare) >= 12 else ""
