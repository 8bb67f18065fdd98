"""Reads of drafts and of one's own tasks."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db.models import Q, QuerySet

from marketplace.kit.errors import NotFound
from tasks_app.models import City, Task, TaskDraft
from tasks_app.posting.content import DraftContent
from tasks_app.posting.geocoder import Place, geocoder

if TYPE_CHECKING:
    from marketplace.accounts.models import User

PARTS = ("category", "questions", "details", "place", "when", "budget")


def drafts_visible_to(user: "User | None", *, visitor_ids: Collection[UUID] = ()) -> QuerySet[TaskDraft]:
    """A person's drafts, and the ownerless ones whose ids the visitor's signed cookie holds; the latest first."""
    mine = Q(owner=None, public_id__in=list(visitor_ids)[: int(settings.RULES["drafts_per_visitor"])])
    if user is not None:
        mine |= Q(owner=user)
    return TaskDraft.objects.filter(mine).order_by("-changed_at", "-id")


def draft_visible_to(user: "User | None", public_id: UUID, *, visitor_ids: Collection[UUID] = ()) -> TaskDraft:
    """Raises NotFound for anybody else's draft as for one that never was."""
    draft = drafts_visible_to(user, visitor_ids=visitor_ids).filter(public_id=public_id).first()
    if draft is None:
        raise NotFound
    return draft


def unpublished_drafts(user: "User | None", *, visitor_ids: Collection[UUID] = ()) -> QuerySet[TaskDraft]:
    return drafts_visible_to(user, visitor_ids=visitor_ids).filter(task=None)


def own_task(user: "User", task_id: int) -> Task:
    """The customer's own task with everything about it. Raises NotFound for anybody else's."""
    rows = Task.objects.select_related("category", "city", "district").prefetch_related("points", "photos", "events")
    task = rows.filter(customer=user, pk=task_id).first()
    if task is None:
        raise NotFound
    return task


def suggest_addresses(text: str, *, city: City, limit: int = 6) -> list[Place]:
    """Places for what is typed so far. Raises GeocoderAway."""
    return geocoder().suggest(text, city=city, limit=limit)


def address_at(point: Point, *, city: City) -> Place | None:
    """The address nearest to a point (EPSG:4326) of the city. Raises GeocoderAway."""
    return geocoder().reverse(longitude=point.x, latitude=point.y, city=city)


def first_missing_part(draft: TaskDraft) -> str | None:
    """The first step that was never saved, or None when all were; not every category has questions of its own."""
    missing = [part for part in PARTS if part not in draft.data]
    if missing[:1] == ["questions"]:
        category = DraftContent(draft.data).category
        if category is not None and not category.questions.all():
            missing.pop(0)
    return missing[0] if missing else None
