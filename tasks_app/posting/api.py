"""Writing and publishing a task from a phone app."""

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib.gis.geos import Point
from django.http import HttpRequest
from ninja import Body, Field, File, Query, Router, Schema, Status, UploadedFile

from marketplace.accounts.api import auth
from marketplace.accounts.limits import ADDRESSES, limit_visitor
from marketplace.kit.errors import NotFound
from marketplace.kit.http import idempotent, operation_key
from tasks_app.catalogue.selectors import city_at, city_by_slug
from tasks_app.models import Task, TaskDraft
from tasks_app.posting import selectors, services
from tasks_app.posting.api_schemas import (
    BudgetPart,
    CategoryPart,
    DetailsPart,
    DraftIn,
    DraftOut,
    OwnTaskOut,
    PhotoOut,
    PlaceOut,
    PlacePart,
    WhenPart,
)

if TYPE_CHECKING:
    from marketplace.accounts.models import User

router = Router(tags=["posting"], auth=auth)


class GeocodeIn(Schema):
    q: str = Field(max_length=240)
    city: str = Field(max_length=60, description="slug")


class PointIn(Schema):
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-85, le=85)


def _person(request: HttpRequest) -> "User":
    return cast("User", request.user)


def _draft(request: HttpRequest, draft_id: UUID) -> TaskDraft:
    return selectors.draft_visible_to(_person(request), draft_id)


def _save(request: HttpRequest, draft_id: UUID, part: str, values: dict[str, Any]) -> TaskDraft:
    return services.save_part(draft=_draft(request, draft_id), part=part, values=values)


def _edit(request: HttpRequest, task_id: int, part: str, values: dict[str, Any]) -> "Task":
    """One part of an open task, replaced."""
    person = _person(request)
    services.edit_task(task_id=selectors.own_task(person, task_id).pk, by=person, part=part, values=values)
    return selectors.own_task(person, task_id)


@router.get("/drafts", response=list[DraftOut])
def drafts(request: HttpRequest) -> Any:
    """One's unpublished drafts, the latest change first (at most 50)."""
    return selectors.unpublished_drafts(_person(request)).prefetch_related("photos")[:50]


@router.post("/drafts", response={201: DraftOut})
def start_draft(request: HttpRequest, values: DraftIn) -> Any:
    draft = services.start_draft(owner=_person(request), text=values.text, category=values.category)
    return Status(201, draft)


@router.get("/drafts/{uuid:draft_id}", response=DraftOut)
def draft(request: HttpRequest, draft_id: UUID) -> Any:
    return _draft(request, draft_id)


@router.delete("/drafts/{uuid:draft_id}", response={204: None})
def discard_draft(request: HttpRequest, draft_id: UUID) -> Any:
    services.discard_draft(draft=_draft(request, draft_id))
    return Status(204, None)


@router.put("/drafts/{uuid:draft_id}/category", response=DraftOut)
def save_category(request: HttpRequest, draft_id: UUID, values: CategoryPart) -> Any:
    return _save(request, draft_id, "category", values.dict())


@router.put("/drafts/{uuid:draft_id}/questions", response=DraftOut)
def save_questions(request: HttpRequest, draft_id: UUID, values: Body[dict[str, str | int]]) -> Any:
    """Question key → answer: an option's key, `yes` or `no`, a whole number, a text."""
    return _save(request, draft_id, "questions", values)


@router.put("/drafts/{uuid:draft_id}/details", response=DraftOut)
def save_details(request: HttpRequest, draft_id: UUID, values: DetailsPart) -> Any:
    return _save(request, draft_id, "details", values.dict())


@router.put("/drafts/{uuid:draft_id}/place", response=DraftOut)
def save_place(request: HttpRequest, draft_id: UUID, values: PlacePart) -> Any:
    return _save(request, draft_id, "place", values.dict())


@router.put("/drafts/{uuid:draft_id}/when", response=DraftOut)
def save_when(request: HttpRequest, draft_id: UUID, values: WhenPart) -> Any:
    return _save(request, draft_id, "when", values.dict())


@router.put("/drafts/{uuid:draft_id}/budget", response=DraftOut)
def save_budget(request: HttpRequest, draft_id: UUID, values: BudgetPart) -> Any:
    return _save(request, draft_id, "budget", values.dict())


@router.post("/drafts/{uuid:draft_id}/photos", response={201: PhotoOut})
def add_photo(request: HttpRequest, draft_id: UUID, photo: File[UploadedFile]) -> Any:
    """One JPEG, PNG or WebP of at most 15 MB; at most ten a task."""
    return Status(201, services.add_photo(draft=_draft(request, draft_id), source=photo))


@router.put("/drafts/{uuid:draft_id}/photos/order", response=DraftOut)
def order_photos(request: HttpRequest, draft_id: UUID, photo_ids: Body[list[UUID]]) -> Any:
    held = _draft(request, draft_id)
    services.order_photos(draft=held, public_ids=photo_ids[:50])
    return held


@router.delete("/drafts/{uuid:draft_id}/photos/{uuid:photo_id}", response={204: None})
def delete_photo(request: HttpRequest, draft_id: UUID, photo_id: UUID) -> Any:
    services.delete_photo(draft=_draft(request, draft_id), public_id=photo_id)
    return Status(204, None)


@router.post("/drafts/{uuid:draft_id}/publish", response={201: OwnTaskOut})
@idempotent
def publish(request: HttpRequest, draft_id: UUID) -> Any:
    """The draft becomes an open task. A refusal names the part to return to in `field`."""
    person = _person(request)
    task = services.publish_task(draft=_draft(request, draft_id), by=person, operation=operation_key(request))
    return Status(201, selectors.own_task(person, task.pk))


@router.get("/own-tasks/{int:task_id}", response=OwnTaskOut)
def own_task(request: HttpRequest, task_id: int) -> Any:
    return selectors.own_task(_person(request), task_id)


@router.put("/own-tasks/{int:task_id}/details", response=OwnTaskOut)
def edit_details(request: HttpRequest, task_id: int, values: DetailsPart) -> Any:
    """Once somebody has responded, the title stays and the details can only be added to."""
    return _edit(request, task_id, "details", values.dict())


@router.put("/own-tasks/{int:task_id}/place", response=OwnTaskOut)
def edit_place(request: HttpRequest, task_id: int, values: PlacePart) -> Any:
    """In the same city. Those who have responded are told and may leave with the fee back."""
    return _edit(request, task_id, "place", values.dict())


@router.put("/own-tasks/{int:task_id}/when", response=OwnTaskOut)
def edit_when(request: HttpRequest, task_id: int, values: WhenPart) -> Any:
    """Those who have responded are told and may leave with the fee back."""
    return _edit(request, task_id, "when", values.dict())


@router.put("/own-tasks/{int:task_id}/budget", response=OwnTaskOut)
def edit_budget(request: HttpRequest, task_id: int, values: BudgetPart) -> Any:
    """Those who have responded are told and may leave with the fee back; the secure deal then stays as it was."""
    return _edit(request, task_id, "budget", values.dict())


@router.post("/own-tasks/{int:task_id}/photos", response={201: PhotoOut})
def add_task_photo(request: HttpRequest, task_id: int, photo: File[UploadedFile]) -> Any:
    """One JPEG, PNG or WebP of at most 15 MB, while the task is open; at most ten a task."""
    task = selectors.own_task(_person(request), task_id)
    return Status(201, services.add_task_photo(task_id=task.pk, by=_person(request), source=photo))


@router.delete("/own-tasks/{int:task_id}/photos/{uuid:photo_id}", response={204: None})
def delete_task_photo(request: HttpRequest, task_id: int, photo_id: UUID) -> Any:
    task = selectors.own_task(_person(request), task_id)
    services.delete_task_photo(task_id=task.pk, by=_person(request), public_id=photo_id)
    return Status(204, None)


@router.post("/own-tasks/{int:task_id}/copy", response={201: DraftOut})
@idempotent
def copy_task(request: HttpRequest, task_id: int) -> Any:
    """The same task once more, as a draft without a time."""
    person = _person(request)
    return Status(201, services.copy_to_draft(task=selectors.own_task(person, task_id), by=person))


@router.get("/geocode", response=list[PlaceOut], auth=None)
def geocode(request: HttpRequest, asked: Query[GeocodeIn]) -> Any:
    """Places for what is typed so far."""
    limit_visitor(request, ADDRESSES)
    return selectors.suggest_addresses(asked.q, city=city_by_slug(asked.city))


@router.get("/geocode/reverse", response=PlaceOut, auth=None)
def reverse_geocode(request: HttpRequest, point: Query[PointIn]) -> Any:
    """The address nearest to a point of one of the cities."""
    limit_visitor(request, ADDRESSES)
    place = Point(point.lon, point.lat, srid=4326)
    city = city_at(place)
    found = selectors.address_at(place, city=city) if city else None
    if found is None:
        raise NotFound
    return found
