"""The feed and a task's public page for phone apps. Visitors may read them too; a signed-in person gets fees and own answers."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from marketplace.accounts.api import auth
from marketplace.kit.contacts import mask_contacts
from marketplace.kit.money import Money
from payments.selectors import FeeQuote, quote_response_fees
from tasks_app.feed.area import longitude_latitude
from tasks_app.feed.filters import PAGE_SIZE
from tasks_app.feed.public_task import CELL_RADIUS_M, PublicTask, public_task
from tasks_app.feed.query import RADII_KM, parse, scope_for
from tasks_app.feed.reference import Reference, reference
from tasks_app.feed.selectors import FeedRow, answered_by, feed_page

router = Router(tags=["feed"])


def anybody(request: HttpRequest) -> bool:
    """The last of the ways in: reading open tasks needs no account."""
    return True


class FeedParams(Schema):
    """The same names as in the address of the feed's page."""

    sort: Literal["near", "new"] | None = None
    category: list[str] = Field([], description='slugs; "any" for all; without it the executor\'s own')
    radius: int | None = Field(None, ge=RADII_KM[0], le=RADII_KM[-1], description="kilometres")
    at: str | None = Field(None, description="longitude,latitude of a point to search around")
    city: str | None = None
    district: list[str] = Field([], description="slugs of the city's districts")
    price: int | None = Field(None, ge=1, description="hides cheaper tasks and tasks without a price; major units")
    day: Literal["today", "tomorrow"] | None = None
    where: Literal["onsite", "remote"] | None = None
    photos: bool = False
    after: str | None = Field(None, description="`next` of the page before")


class MoneyOut(Schema):
    minor: int
    currency: str


class FeeOut(Schema):
    """`amount`: what the wallet would pay now; `refusal`: why a response could not be sent, or null."""

    amount: MoneyOut
    covered_by: str
    refusal: str | None


class CellOut(Schema):
    """The task is somewhere within `radius_m` of this point, the centre of a fixed grid cell."""

    longitude: float
    latitude: float
    radius_m: int


class TaskLineOut(Schema):
    id: int
    title: str
    category: str
    city: str
    district: str | None
    is_remote: bool
    cell: CellOut | None
    distance_m: int | None
    timing: str
    starts_at: datetime | None
    ends_at: datetime | None
    budget: str
    price: MoneyOut | None
    price_high: MoneyOut | None
    responses: int
    max_responses: int
    photos: int
    secure_deal: bool
    created_at: datetime
    is_mine: bool
    my_response: str | None
    fee: FeeOut | None


class FeedOut(Schema):
    items: list[TaskLineOut]
    next: str | None


class CustomerOut(Schema):
    name: str
    phone_verified: bool
    registered_at: datetime
    tasks: int
    hire_rate: float | None
    deals: int
    cancellations_at_fault: int


class PhotoOut(Schema):
    url: str
    thumbnail: str
    width: int
    height: int


class AnswerOut(Schema):
    question: str
    answer: str


class TaskOut(Schema):
    id: int
    status: str
    title: str
    details: str
    answers: list[AnswerOut]
    photos: list[PhotoOut]
    category: str
    city: str
    district: str | None
    is_remote: bool
    cell: CellOut | None
    further_stops: int
    timing: str
    starts_at: datetime | None
    ends_at: datetime | None
    budget: str
    price: MoneyOut | None
    price_high: MoneyOut | None
    responses: int
    max_responses: int
    created_at: datetime
    respond_by: datetime
    customer: CustomerOut
    is_mine: bool
    my_response: str | None
    fee: FeeOut | None


@router.get("/feed", auth=[*auth, anybody], response=FeedOut, summary="Open tasks, nearest or newest first")
def feed(request: HttpRequest, params: Query[FeedParams]) -> HttpResponse:
    given = {name: str(value) for name, value in params.dict(exclude_none=True).items() if not isinstance(value, list)}
    given["photos"] = "1" if params.photos else ""
    many = {"category": params.category, "district": params.district}
    known = reference()
    scope = scope_for(request.user, parse(given, lambda name: many[name], strict=True), known, strict=True)
    page = feed_page(scope.filters, after=params.after, size=PAGE_SIZE)
    fees, answered = _personal(request, page.rows)
    items = [_line(row, known, request.user.pk, fees, answered) for row in page.rows]
    return _json({"items": items, "next": page.next_key})


@router.get("/tasks/{task_id}", auth=[*auth, anybody], response=TaskOut, summary="What everybody may see of a task")
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    found = public_task(task_id)
    place = (found.category.pk, found.city.pk)
    user_id = request.user.pk
    quote = quote_response_fees(user_id=user_id, places=[place])[place] if user_id else None
    mine = answered_by(user_id, [task_id]) if user_id else {}
    return _json(_task(found) | {
        "is_mine": found.customer_id == user_id, "my_response": mine.get(task_id), "fee": _fee(quote),
    })  # fmt: skip


def _personal(
    request: HttpRequest, rows: list[FeedRow]
) -> tuple[Mapping[tuple[int, int], dict[str, Any] | None], dict[int, str]]:
    user_id = request.user.pk
    if not user_id or not rows:
        return {}, {}
    quotes = quote_response_fees(user_id=user_id, places={(row.category_id, row.city_id) for row in rows})
    return {place: _fee(quote) for place, quote in quotes.items()}, answered_by(user_id, [row.id for row in rows])


def _line(
    row: FeedRow,
    known: Reference,
    user_id: int | None,
    fees: Mapping[tuple[int, int], dict[str, Any] | None],
    answered: dict[int, str],
) -> dict[str, Any]:
    district = known.districts.get(row.district_id or 0)
    return {
        "id": row.id,
        "title": mask_contacts(row.title).text,
        "category": known.categories[row.category_id].slug,
        "city": known.cities[row.city_id].slug,
        "district": district.slug if district else None,
        "is_remote": row.is_remote,
        "cell": _cell(row.x, row.y),
        "distance_m": None if row.distance_m is None else round(row.distance_m),
        "timing": row.timing,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "budget": row.budget,
        "price": _money(row.price),
        "price_high": _money(row.price_high),
        "responses": row.responses_count,
        "max_responses": row.max_responses,
        "photos": row.photos_count,
        "secure_deal": row.secure_deal,
        "created_at": row.created_at,
        "is_mine": row.customer_id == user_id,
        "my_response": answered.get(row.id),
        "fee": fees.get((row.category_id, row.city_id)),
    }


def _task(found: PublicTask) -> dict[str, Any]:
    record = found.record
    return {
        "id": found.id,
        "status": found.status,
        "title": found.title,
        "details": found.details,
        "answers": [{"question": question, "answer": answer} for question, answer in found.answers],
        "photos": [
            {"url": p.url, "thumbnail": p.thumbnail, "width": p.width, "height": p.height} for p in found.photos
        ],
        "category": found.category.slug,
        "city": found.city.slug,
        "district": found.district.slug if found.district else None,
        "is_remote": found.is_remote,
        "cell": _circle(found.longitude, found.latitude),
        "further_stops": found.further_stops,
        "timing": found.timing,
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "budget": found.budget,
        "price": _money(found.price),
        "price_high": _money(found.price_high),
        "responses": found.responses_count,
        "max_responses": found.max_responses,
        "created_at": found.created_at,
        "respond_by": found.respond_by,
        "customer": {
            "name": found.customer_name,
            "phone_verified": found.standing.phone_verified,
            "registered_at": found.standing.registered_at,
            "tasks": record.tasks,
            "hire_rate": record.hire_rate,
            "deals": record.deals,
            "cancellations_at_fault": record.cancellations_at_fault,
        },
    }


def _fee(quote: FeeQuote | None) -> dict[str, Any] | None:
    if quote is None:
        return None
    refusal = quote.refusal.code if quote.refusal else None
    return {"amount": _money(quote.amount), "covered_by": quote.covered_by, "refusal": refusal}


def _money(money: Money | None) -> dict[str, Any] | None:
    return None if money is None else {"minor": money.minor, "currency": money.currency}


def _cell(x: int | None, y: int | None) -> dict[str, Any] | None:
    if x is None or y is None:
        return None
    longitude, latitude = longitude_latitude(x, y)
    return _circle(round(longitude, 5), round(latitude, 5))


def _circle(longitude: float | None, latitude: float | None) -> dict[str, Any] | None:
    if longitude is None:
        return None
    return {"longitude": longitude, "latitude": latitude, "radius_m": CELL_RADIUS_M}


def _json(body: dict[str, Any]) -> HttpResponse:
    """Written by hand: validating twenty rows that the database typed already costs more than finding them."""
    return HttpResponse(json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False), content_type="application/json")
