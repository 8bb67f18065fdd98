"""Deals for phone apps: the same services and sentences as the pages."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ninja import Field, Query, Router, Schema

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import NotFound
from marketplace.kit.http import PageKey
from marketplace.kit.policy import require
from tasks_app.assignments import policies, services
from tasks_app.assignments.fees import cancellation_preview
from tasks_app.assignments.selectors import deals

if TYPE_CHECKING:
    from marketplace.accounts.models import User
    from tasks_app.models import Assignment, Task

router = Router(tags=["deals"], auth=auth)


class ContactsOut(Schema):
    name: str
    phone: str | None
    email: str | None


class StopOut(Schema):
    address: str
    note: str
    point: tuple[float, float]


class PlaceOut(Schema):
    """The exact place; `point`: longitude, latitude. `further`: the next stops of a route, in their order."""

    address: str
    flat: str
    point: tuple[float, float] | None
    further: list[StopOut]


class EventOut(Schema):
    at: datetime
    left: str
    entered: str
    reason: str
    note: str


class CancellationOut(Schema):
    id: int
    by_side: str
    stage: str
    at: datetime
    customer_reason: str
    customer_fault: str
    executor_reason: str
    executor_fault: str
    fault: str
    fault_note: str


class DealOut(Schema):
    """`side`: customer or executor. `contacts` and `place` are empty once the deal is cancelled. `settles_at`,
    `dispute_due_at`: without an answer, or a moderator's decision, it is settled by itself then."""

    id: int
    side: str
    status: str
    task_id: int
    task_title: str
    response_id: int
    customer_id: int
    customer_name: str
    executor_id: int
    executor_name: str
    price_minor: int
    currency: str
    window_start: datetime
    window_end: datetime
    chosen_at: datetime
    accept_by: datetime | None
    settles_at: datetime | None
    dispute_due_at: datetime | None
    closed_at: datetime | None
    dispute_reason: str
    contacts: ContactsOut | None
    place: PlaceOut | None
    events: list[EventOut]
    cancellation: CancellationOut | None


class DealLineOut(Schema):
    """`side`: customer or executor."""

    id: int
    side: str
    status: str
    task_id: int
    task_title: str
    response_id: int
    other_name: str
    price_minor: int
    currency: str
    window_start: datetime
    window_end: datetime
    chosen_at: datetime


class DealsOut(Schema):
    deals: list[DealLineOut]
    next_key: str | None


class DealsQuery(PageKey):
    tab: str = Field("active", pattern="^(active|ended)$")


class TaskLineOut(Schema):
    """`deal_id`: its deal at `/deals/{deal_id}`; null before the choice."""

    id: int
    deal_id: int | None
    title: str
    status: str
    category_id: int
    city_id: int
    responses_count: int
    created_at: datetime
    respond_by: datetime


class MyTasksOut(Schema):
    tasks: list[TaskLineOut]
    next_key: str | None


class MyTasksQuery(PageKey):
    tab: str = Field("open", pattern="^(open|active|ended)$")


class ReasonIn(Schema):
    reason: str = Field(..., max_length=40)
    note: str = Field("", max_length=2000)


class AnswerIn(ReasonIn):
    at_fault: str = Field(..., pattern="^(nobody|customer|executor|unknown)$")


class DisputeIn(Schema):
    reason: str = Field(..., max_length=2000)


class ChoiceOut(Schema):
    """`outcome` for the executor's fee: returns, stays or nothing."""

    code: str
    text: str
    outcome: str
    sentence: str


class PreviewOut(Schema):
    side: str
    stage: str
    fee_minor: int | None
    currency: str | None
    returns_at: datetime
    choices: list[ChoiceOut]


@router.post("/responses/{int:response_id}/choose", response={201: DealOut}, summary="Choose one response")
def choose(request: SignedIn, response_id: int) -> tuple[int, DealOut]:
    return 201, _shown(services.choose_response(response_id=response_id, by=request.user), request.user)


@router.get("/my/tasks", response=MyTasksOut, summary="My tasks, newest first")
def my_tasks(request: SignedIn, query: Query[MyTasksQuery]) -> MyTasksOut:
    page = deals.my_tasks_page(request.user, tab=query.tab, after=query.after)
    made = deals.deals_by_task(task.pk for task in page.rows)
    return MyTasksOut(tasks=[_task(task, made.get(task.pk)) for task in page.rows], next_key=page.next_key)


@router.post("/tasks/{int:task_id}/cancel", response=TaskLineOut, summary="Cancel a task before the choice")
def cancel_task(request: SignedIn, task_id: int, body: ReasonIn) -> TaskLineOut:
    task = services.cancel_task(task_id=task_id, by=request.user, reason=body.reason, note=body.note)
    return _task(task, deals.deals_by_task([task.pk]).get(task.pk))


@router.get("/deals", response=DealsOut, summary="My deals on either side, the latest choice first")
def my_deals(request: SignedIn, query: Query[DealsQuery]) -> DealsOut:
    page = deals.my_deals_page(request.user, tab=query.tab, after=query.after)
    return DealsOut(deals=[_line(found, request.user) for found in page.rows], next_key=page.next_key)


@router.get("/deals/{int:deal_id}", response=DealOut, summary="A deal, for its two sides")
def deal(request: SignedIn, deal_id: int) -> DealOut:
    return _shown(deals.assignment_visible_to(request.user, deal_id), request.user)


@router.post("/deals/{int:deal_id}/on-the-way", response=DealOut, summary="The executor has set off")
def on_the_way(request: SignedIn, deal_id: int) -> DealOut:
    return _shown(services.set_on_the_way(assignment_id=deal_id, by=request.user), request.user)


@router.post("/deals/{int:deal_id}/start", response=DealOut, summary="The executor has begun")
def start(request: SignedIn, deal_id: int) -> DealOut:
    return _shown(services.start_work(assignment_id=deal_id, by=request.user), request.user)


@router.post("/deals/{int:deal_id}/done", response=DealOut, summary="The executor calls the work done")
def done(request: SignedIn, deal_id: int) -> DealOut:
    return _shown(services.finish_work(assignment_id=deal_id, by=request.user), request.user)


@router.post("/deals/{int:deal_id}/accept", response=DealOut, summary="The customer accepts the work")
def accept(request: SignedIn, deal_id: int) -> DealOut:
    return _shown(services.accept_work(assignment_id=deal_id, by=request.user), request.user)


@router.post("/deals/{int:deal_id}/took-place", response=DealOut, summary="It took place, once the agreed time is over")
def took_place(request: SignedIn, deal_id: int) -> DealOut:
    """The executor's word makes the work done, the customer's accepts it."""
    return _shown(services.confirm_took_place(assignment_id=deal_id, by=request.user), request.user)


@router.post("/deals/{int:deal_id}/dispute", response=DealOut, summary="The customer says what is wrong")
def dispute(request: SignedIn, deal_id: int, body: DisputeIn) -> DealOut:
    return _shown(services.dispute_work(assignment_id=deal_id, by=request.user, reason=body.reason), request.user)


@router.get(
    "/deals/{int:deal_id}/cancellation-preview", response=PreviewOut, summary="What cancelling would do to the fee"
)
def preview(request: SignedIn, deal_id: int) -> PreviewOut:
    found = deals.assignment_visible_to(request.user, deal_id)
    require(policies.may_cancel(found, request.user))
    shown = cancellation_preview(found, str(policies.side_of(found, request.user)))
    choices = [
        ChoiceOut(code=c.reason.code, text=str(c.reason.text), outcome=c.outcome.value, sentence=c.sentence)
        for c in shown.choices
    ]
    return PreviewOut(
        side=shown.side,
        stage=shown.stage,
        fee_minor=shown.fee.minor if shown.fee else None,
        currency=shown.fee.currency if shown.fee else None,
        returns_at=shown.returns_at,
        choices=choices,
    )


@router.post("/deals/{int:deal_id}/cancel", response=DealOut, summary="One side ends the deal and says why")
def cancel(request: SignedIn, deal_id: int, body: ReasonIn) -> DealOut:
    services.cancel_assignment(assignment_id=deal_id, by=request.user, reason=body.reason, note=body.note)
    return _shown(deals.assignment_visible_to(request.user, deal_id), request.user)


@router.post("/deals/{int:deal_id}/cancellation-answer", response=DealOut, summary="The other side says how it sees it")
def answer(request: SignedIn, deal_id: int, body: AnswerIn) -> DealOut:
    found = deals.assignment_visible_to(request.user, deal_id)
    cancellation = getattr(found, "cancellation", None)
    if cancellation is None:
        raise NotFound
    services.answer_cancellation(
        cancellation_id=cancellation.pk,
        by=request.user,
        reason=body.reason,
        at_fault=body.at_fault,
        note=body.note,
    )
    return _shown(deals.assignment_visible_to(request.user, deal_id), request.user)


def _task(task: "Task", deal_id: int | None) -> TaskLineOut:
    names = ("title", "status", "category_id", "city_id", "responses_count", "created_at", "respond_by")
    return TaskLineOut.model_validate(
        {"id": task.pk, "deal_id": deal_id, **{name: getattr(task, name) for name in names}}
    )


def _line(found: "Assignment", reader: "User") -> DealLineOut:
    side = policies.side_of(found, reader)
    other = found.executor if side == "customer" else found.customer
    names = ("status", "task_id", "response_id", "window_start", "window_end", "chosen_at")
    values: dict[str, Any] = {name: getattr(found, name) for name in names}
    values |= {
        "id": found.pk,
        "side": side,
        "task_title": found.task.title,
        "other_name": other.public_name,
        "price_minor": found.response.price_minor,
        "currency": found.response.currency,
    }
    return DealLineOut.model_validate(values)


def _shown(found: "Assignment", reader: "User") -> DealOut:
    names = ("status", "task_id", "response_id", "customer_id", "executor_id", "window_start", "window_end")
    moments = ("chosen_at", "accept_by", "settles_at", "dispute_due_at", "closed_at", "dispute_reason")
    contacts, place = deals.contacts_for(found, reader), deals.exact_place(found, reader)
    values: dict[str, Any] = {name: getattr(found, name) for name in (*names, *moments)}
    values |= {
        "id": found.pk,
        "side": policies.side_of(found, reader),
        "task_title": found.task.title,
        "customer_name": found.customer.public_name,
        "executor_name": found.executor.public_name,
        "price_minor": found.response.price_minor,
        "currency": found.response.currency,
        "contacts": ContactsOut(name=contacts.name, phone=contacts.phone, email=contacts.email) if contacts else None,
        "place": PlaceOut.model_validate(asdict(place)) if place else None,
        "events": [EventOut.from_orm(event) for event in found.events.all()],
        "cancellation": _cancellation(found),
    }
    return DealOut.model_validate(values)


def _cancellation(found: "Assignment") -> CancellationOut | None:
    cancellation = getattr(found, "cancellation", None)
    return CancellationOut.from_orm(cancellation) if cancellation else None
