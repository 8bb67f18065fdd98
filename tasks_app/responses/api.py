"""Responses for phone apps: the same services and sentences as the pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from ninja import Field, Query, Router, Schema

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.http import PageKey, idempotent, operation_key
from marketplace.kit.money import Money
from tasks_app.assignments.selectors.deals import assignments_by_response, find_task
from tasks_app.responses import selectors, services
from tasks_app.responses.ranking import RankedResponse

if TYPE_CHECKING:
    from marketplace.accounts.models import User
    from tasks_app.models import Assignment, Response

router = Router(tags=["responses"], auth=auth)


class ResponseIn(Schema):
    """`price_minor`: kopecks, in the currency of the task's city. `agreed_minor`: the fee that the person was shown before
    sending; a dearer one is refused as fee_changed and nothing is charged."""

    message: str = Field(..., max_length=4000)
    price_minor: int = Field(..., gt=0, le=10**12)
    available_at: datetime | None = None
    agreed_minor: int | None = Field(None, ge=0, le=10**12)


class ResponseOut(Schema):
    """`message`: contacts are masked for the customer until the choice. `deal_id`: its deal at `/deals/{deal_id}`, once
    it was chosen."""

    id: int
    deal_id: int | None
    task_id: int
    task_title: str
    executor_id: int
    executor_name: str
    status: str
    message: str
    price_minor: int
    currency: str
    available_at: datetime | None
    created_at: datetime
    edited_at: datetime | None
    seen_at: datetime | None
    unopened_due_at: datetime


class FactOut(Schema):
    words: str
    points: int
    most: int


class RankedOut(ResponseOut):
    """`facts`: why it stands where it stands, in the words of the reader's language."""

    points: int
    facts: list[FactOut]


class ResponsesOut(Schema):
    responses: list[RankedOut]


class ResponsePageOut(Schema):
    responses: list[ResponseOut]
    next_key: str | None


class MineQuery(PageKey):
    tab: str = Field("waiting", pattern="^(waiting|chosen|ended)$")


@router.get("/tasks/{int:task_id}/responses", response=ResponsesOut, summary="What you may see of a task's responses")
def task_responses(request: SignedIn, task_id: int) -> ResponsesOut:
    """The customer sees all, best first; an executor the own one."""
    ranked = selectors.ranked_responses(request.user, find_task(task_id))
    made = assignments_by_response(row.response.pk for row in ranked)
    return ResponsesOut(responses=[_ranked(row, request.user, made) for row in ranked])


@router.post("/tasks/{int:task_id}/responses", response={201: ResponseOut}, summary="Send a response; charges the fee")
@idempotent
def send(request: SignedIn, task_id: int, body: ResponseIn) -> tuple[int, ResponseOut]:
    """The header Idempotency-Key is the action: the same key is one response, charged once."""
    task = find_task(task_id)
    response = services.send_response(
        task_id=task_id,
        by=request.user,
        message=body.message,
        price=Money(body.price_minor, task.currency),
        available_at=body.available_at,
        operation=operation_key(request),
        agreed=None if body.agreed_minor is None else Money(body.agreed_minor, task.currency),
    )
    return 201, _shown(response, request.user)


@router.get("/my/responses", response=ResponsePageOut, summary="My responses, newest first")
def mine(request: SignedIn, query: Query[MineQuery]) -> ResponsePageOut:
    page = selectors.my_responses_page(request.user, tab=query.tab, after=query.after)
    made = assignments_by_response(response.pk for response in page.rows)
    shown = [ResponseOut.model_validate(_fields(response, request.user, made)) for response in page.rows]
    return ResponsePageOut(responses=shown, next_key=page.next_key)


@router.get("/responses/{int:response_id}", response=ResponseOut, summary="One response; does not mark it as seen")
def one(request: SignedIn, response_id: int) -> ResponseOut:
    return _shown(selectors.response_visible_to(request.user, response_id), request.user)


@router.post(
    "/responses/{int:response_id}/open", response=ResponseOut, summary="The customer opens it: seen from now on"
)
def open_one(request: SignedIn, response_id: int) -> ResponseOut:
    return _shown(services.open_response(response_id=response_id, by=request.user), request.user)


@router.put("/responses/{int:response_id}", response=ResponseOut, summary="Change it, until the customer has opened it")
def edit(request: SignedIn, response_id: int, body: ResponseIn) -> ResponseOut:
    current = selectors.response_visible_to(request.user, response_id)
    response = services.edit_response(
        response_id=response_id,
        by=request.user,
        message=body.message,
        price=Money(body.price_minor, current.currency),
        available_at=body.available_at,
    )
    return _shown(response, request.user)


@router.post("/responses/{int:response_id}/withdraw", response=ResponseOut, summary="Take it back before the choice")
def withdraw(request: SignedIn, response_id: int) -> ResponseOut:
    return _shown(services.withdraw_response(response_id=response_id, by=request.user), request.user)


def _fields(response: "Response", reader: "User", made: "Mapping[int, Assignment]") -> dict[str, object]:
    """`made`: the deals of the responses shown."""
    deal = made.get(response.pk)
    return {
        "id": response.pk,
        "deal_id": deal.pk if deal else None,
        "task_id": response.task_id,
        "task_title": response.task.title,
        "executor_id": response.executor_id,
        "executor_name": response.executor.public_name,
        "status": response.status,
        "message": selectors.readable_message(response, reader),
        "price_minor": response.price_minor,
        "currency": response.currency,
        "available_at": response.available_at,
        "created_at": response.created_at,
        "edited_at": response.edited_at,
        "seen_at": response.seen_at,
        "unopened_due_at": response.unopened_due_at,
    }


def _shown(response: "Response", reader: "User") -> ResponseOut:
    return ResponseOut.model_validate(_fields(response, reader, assignments_by_response([response.pk])))


def _ranked(row: RankedResponse, reader: "User", made: "Mapping[int, Assignment]") -> RankedOut:
    facts = [FactOut(words=fact.words, points=fact.points, most=fact.most) for fact in row.facts]
    return RankedOut.model_validate({**_fields(row.response, reader, made), "points": row.points, "facts": facts})
