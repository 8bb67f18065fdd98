"""Drafts: started by anybody, saved part by part, attached to the account at log-in."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from marketplace.kit.clock import now
from tasks_app.models import TaskDraft
from tasks_app.posting.content import DraftContent
from tasks_app.posting.errors import DraftPublished
from tasks_app.posting.parts import CLEAN, typed
from tasks_app.posting.photos import forget_files

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def start_draft(*, owner: "User | None", text: str = "", category: str = "", city: str = "") -> TaskDraft:
    """A new draft. `text`: what was typed on the home page, it becomes the proposed title; `category`, `city`: slugs,
    the city is proposed, too (without one the owner's).

    Raises AnswersRefused for a category that does not exist; no draft is made then.
    """
    near = city or (owner.city.slug if owner and owner.city else "")
    proposed = {"text": typed.text_of(text)[:100], "city": typed.text_of(near)[:60]}
    data: dict[str, Any] = {"typed": {name: value for name, value in proposed.items() if value}}
    if category:
        data["category"] = CLEAN["category"]({"category": category}, DraftContent(data))
    return TaskDraft.objects.create(owner=owner, data=data)


def save_part(*, draft: TaskDraft, part: str, values: dict[str, Any]) -> TaskDraft:
    """Save one part's cleaned values. Raises AnswersRefused (nothing is saved then) and DraftPublished."""
    with transaction.atomic():
        held = locked(draft)
        before = DraftContent(held.data)
        held.data = {**held.data, part: CLEAN[part](values, before)}
        if part == "category":
            _ask_again(held, before)
        held.changed_at = now()
        held.save(update_fields=["data", "changed_at"])
    draft.data, draft.changed_at = held.data, held.changed_at
    return draft


def claim_drafts(*, user: "User", public_ids: Collection[UUID]) -> int:
    """Give a visitor's drafts to the account they logged in to; returns how many there were."""
    ids = list(public_ids)[: int(settings.RULES["drafts_per_visitor"])]
    return TaskDraft.objects.filter(owner=None, task=None, public_id__in=ids).update(owner=user)


def discard_draft(*, draft: TaskDraft) -> None:
    """Forget an unpublished draft with its photos. Raises DraftPublished."""
    with transaction.atomic():
        held = locked(draft)
        photos = list(held.photos.all())
        held.delete()
        for photo in photos:
            transaction.on_commit(forget_files(photo))


def locked(draft: TaskDraft) -> TaskDraft:
    """The draft's row, locked. Raises DraftPublished."""
    held = TaskDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if held.task_id is not None:
        raise DraftPublished
    return held


def _ask_again(draft: TaskDraft, before: DraftContent) -> None:
    """Another category has questions of its own, and may ask for another kind of place."""
    if before.part("category").get("category") == draft.data["category"]["category"]:
        return
    draft.data.pop("questions", None)
    now_chosen = DraftContent(draft.data).category
    place = before.part("place")
    if now_chosen and place and bool(place.get("remote")) != (now_chosen.place == "remote"):
        draft.data.pop("place", None)
