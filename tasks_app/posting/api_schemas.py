"""What the API of drafts and of own tasks takes and answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from ninja import Field, Schema

from tasks_app.assignments.selectors.deals import deals_by_task
from tasks_app.catalogue.api import MoneyOut
from tasks_app.models import Task, TaskDraft, TaskPhoto, TaskPoint
from tasks_app.posting.selectors import first_missing_part


class DraftIn(Schema):
    text: str = Field("", max_length=400, description="what was typed; it becomes the proposed title")
    category: str = Field("", max_length=60, description="slug")


class CategoryPart(Schema):
    category: str = Field(max_length=60)


class DetailsPart(Schema):
    title: str = ""
    details: str = ""


class StopIn(Schema):
    """An address, a point, or both; of a point alone the nearest address is taken."""

    address: str = ""
    lon: float | None = None
    lat: float | None = None
    note: str = ""


class PlacePart(StopIn):
    """`points`: the further points of a route; `city`: needed for remote work and for an address without a point."""

    remote: bool = False
    city: str = ""
    flat: str = ""
    points: list[StopIn] = []


class WhenPart(Schema):
    """`day`: the city's calendar day; `slot`: any, morning, midday, afternoon, evening or exact (with `time`)."""

    day: str = Field("", description="YYYY-MM-DD")
    slot: str = ""
    time: str = Field("", description="HH:MM")
    flexible: bool = False


class BudgetPart(Schema):
    """`budget`: fixed, range or offer; prices in whole units of the city's currency."""

    budget: str
    price: int | None = None
    price_high: int | None = None
    secure_deal: bool = False


class PhotoOut(Schema):
    id: UUID
    image: str
    thumbnail: str
    width: int
    height: int

    @staticmethod
    def resolve_id(photo: TaskPhoto) -> UUID:
        return photo.public_id

    @staticmethod
    def resolve_image(photo: TaskPhoto) -> str:
        return photo.image.url

    @staticmethod
    def resolve_thumbnail(photo: TaskPhoto) -> str:
        return photo.thumbnail.url


class DraftOut(Schema):
    """`parts`: what was saved of each part; `missing`: the first part never saved; `task`: once published."""

    id: UUID
    parts: dict[str, Any]
    missing: str | None
    photos: list[PhotoOut]
    task: int | None
    changed_at: datetime

    @staticmethod
    def resolve_id(draft: TaskDraft) -> UUID:
        return draft.public_id

    @staticmethod
    def resolve_parts(draft: TaskDraft) -> dict[str, Any]:
        return {name: part for name, part in draft.data.items() if isinstance(part, dict)}

    @staticmethod
    def resolve_missing(draft: TaskDraft) -> str | None:
        return first_missing_part(draft)

    @staticmethod
    def resolve_task(draft: TaskDraft) -> int | None:
        return draft.task_id


class PlaceOut(Schema):
    address: str
    longitude: float
    latitude: float
    district: str
    has_house: bool


class PointOut(Schema):
    address: str
    note: str
    longitude: float
    latitude: float

    @staticmethod
    def resolve_longitude(point: TaskPoint) -> float:
        return point.point.x

    @staticmethod
    def resolve_latitude(point: TaskPoint) -> float:
        return point.point.y


class OwnTaskOut(Schema):
    """Everything about one's own task, the exact place included. `deal_id`: its deal at `/deals/{deal_id}`; null before the
    choice."""

    id: int
    deal_id: int | None
    status: str
    version: int
    category: str
    city: str
    title: str
    details: str
    answers: dict[str, Any]
    is_remote: bool
    address: str
    flat: str
    longitude: float | None
    latitude: float | None
    district: str | None
    points: list[PointOut]
    timing: str
    starts_at: datetime | None
    ends_at: datetime | None
    respond_by: datetime
    budget: str
    price: MoneyOut | None
    price_high: MoneyOut | None
    secure_deal: bool
    responses_count: int
    max_responses: int
    photos: list[PhotoOut]
    created_at: datetime

    @staticmethod
    def resolve_deal_id(task: Task) -> int | None:
        return deals_by_task([task.pk]).get(task.pk)

    @staticmethod
    def resolve_category(task: Task) -> str:
        return task.category.slug

    @staticmethod
    def resolve_city(task: Task) -> str:
        return task.city.slug

    @staticmethod
    def resolve_district(task: Task) -> str | None:
        return task.district.name if task.district else None

    @staticmethod
    def resolve_longitude(task: Task) -> float | None:
        return task.point.x if isinstance(task.point, Point) else None

    @staticmethod
    def resolve_latitude(task: Task) -> float | None:
        return task.point.y if isinstance(task.point, Point) else None
