"""Secure deals for phone apps: the same services and sentences as the pages. Calls that move money carry a key."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ninja import Field, Query, Router, Schema

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import NotFound
from marketplace.kit.http import PageKey, idempotent, operation_key, takes_key
from marketplace.kit.money import Money
from payments import selectors as money
from payments import services as payments
from tasks_app.assignments.selectors.deals import assignment_visible_to
from tasks_app.responses.selectors import response_visible_to
from tasks_app.secure import selectors, services

if TYPE_CHECKING:
    from payments.models import SecureDeal

router = Router(tags=["secure deals"], auth=auth)


class MoneyOut(Schema):
    """`minor`: whole minor units; `currency`: ISO 4217."""

    minor: int
    currency: str


class QuoteOut(Schema):
    """`commission_bp`: basis points; `commission_payer`: customer, executor or both."""

    price: MoneyOut
    customer_pays: MoneyOut
    executor_gets: MoneyOut
    commission_bp: int
    commission_payer: str


class PaymentOut(Schema):
    """`action_url`: where to pay or confirm; empty when there is nothing to do there."""

    status: str
    method: str
    action_url: str
    refusal_code: str


class PartOut(Schema):
    amount: MoneyOut
    reason: str
    answer: str
    offered_at: datetime


class LineOut(Schema):
    """One movement for the reader's pocket: `mine` is signed."""

    kind: str
    at: datetime
    mine: MoneyOut
    deal_id: int
    assignment_id: int | None
    title: str


class SecureDealOut(Schema):
    """`status`: awaiting_payment, held, settling, settled, expired or charged_back. `waits_for`, while it settles: account,
    appeal, appealed, approval or transfer. `assignment_id` is null until the response is chosen."""

    id: int
    status: str
    outcome: str
    waits_for: str
    response_id: int
    assignment_id: int | None
    paid: MoneyOut
    executor_gets: MoneyOut
    to_executor: MoneyOut
    to_customer: MoneyOut
    commission_bp: int
    commission_payer: str
    pay_by: datetime
    end_by: datetime | None
    pay_after: datetime | None
    payment: PaymentOut | None
    part: PartOut | None
    lines: list[LineOut]


class LinesOut(Schema):
    lines: list[LineOut]
    next_key: str | None


class PayIn(Schema):
    """`method`: page (the processor's) or card (a kept one; the first of them without `card_id`). `agreed_minor`: the sum that
    was shown."""

    method: str = Field("page", pattern="^(page|card)$")
    card_id: int | None = Field(None, ge=1, le=2**31)
    agreed_minor: int | None = Field(None, ge=1, le=2**53)


class PartIn(Schema):
    amount_minor: int = Field(..., ge=0, le=2**53)
    reason: str = Field(..., max_length=1000)


class AnswerIn(Schema):
    agree: bool
    words: str = Field("", max_length=1000)


class AppealIn(Schema):
    text: str = Field(..., max_length=1000)


@router.get("/responses/{int:response_id}/secure-quote", response=QuoteOut, summary="What a secure deal would cost")
def quote(request: SignedIn, response_id: int) -> QuoteOut:
    found = selectors.quote_for(response_visible_to(request.user, response_id))
    return QuoteOut(
        price=_money(found.price),
        customer_pays=_money(found.customer_pays),
        executor_gets=_money(found.executor_gets),
        commission_bp=found.commission.bp,
        commission_payer=found.commission.payer,
    )


@router.post(
    "/responses/{int:response_id}/secure-deal", response={201: SecureDealOut}, summary="Choose a response by paying"
)
@takes_key
def choose(request: SignedIn, response_id: int, body: PayIn) -> tuple[int, SecureDealOut]:
    """The Idempotency-Key is the operation: the same key is the same deal and the same payment. Nothing is chosen before the
    money has come: ask `/secure-deals/{id}` how it stands."""
    response = response_visible_to(request.user, response_id)
    agreed = None if body.agreed_minor is None else Money(body.agreed_minor, response.currency)
    deal = services.open_secure_deal(
        response_id=response_id, by=request.user, operation=operation_key(request), agreed=agreed
    )
    if deal.status == "awaiting_payment":
        _pay(request, deal, body)
    deal.refresh_from_db()
    return 201, _shown(deal, request.user.pk)


@router.get("/secure-deals/{int:deal_id}", response=SecureDealOut, summary="How the money of a deal stands")
def secure_deal(request: SignedIn, deal_id: int) -> SecureDealOut:
    return _shown(money.secure_deal_visible_to(request.user, deal_id), request.user.pk)


@router.post("/secure-deals/{int:deal_id}/pay", response=SecureDealOut, summary="Try to pay once more")
def pay(request: SignedIn, deal_id: int, body: PayIn) -> SecureDealOut:
    deal = money.secure_deal_visible_to(request.user, deal_id)
    _pay(request, deal, body)
    deal.refresh_from_db()
    return _shown(deal, request.user.pk)


@router.get("/deals/{int:deal_id}/money", response=SecureDealOut, summary="The held money of a deal")
def money_of_deal(request: SignedIn, deal_id: int) -> SecureDealOut:
    return _shown(_of(request, deal_id), request.user.pk)


@router.post("/deals/{int:deal_id}/part", response=SecureDealOut, summary="The customer offers a part of the price")
@idempotent
def offer_part(request: SignedIn, deal_id: int, body: PartIn) -> SecureDealOut:
    found = _of(request, deal_id)
    amount = Money(body.amount_minor, found.currency)
    services.offer_part(assignment_id=deal_id, by=request.user, amount=amount, reason=body.reason)
    return _shown(_of(request, deal_id), request.user.pk)


@router.post("/deals/{int:deal_id}/part-answer", response=SecureDealOut, summary="The executor answers an offered part")
@idempotent
def answer_part(request: SignedIn, deal_id: int, body: AnswerIn) -> SecureDealOut:
    _of(request, deal_id)
    services.answer_part(assignment_id=deal_id, by=request.user, agree=body.agree, words=body.words)
    return _shown(_of(request, deal_id), request.user.pk)


@router.post("/deals/{int:deal_id}/money-appeal", response=SecureDealOut, summary="Appeal against a division")
@idempotent
def appeal(request: SignedIn, deal_id: int, body: AppealIn) -> SecureDealOut:
    found = _of(request, deal_id)
    payments.appeal_split(deal_id=found.pk, by=request.user, text=body.text)
    return _shown(_of(request, deal_id), request.user.pk)


@router.get("/wallet/deals", response=LinesOut, summary="Movements of my secure deals, newest first")
def lines(request: SignedIn, page: Query[PageKey]) -> LinesOut:
    found = money.movements_page(user_id=request.user.pk, after=page.after)
    return LinesOut(lines=[_line(row) for row in found.rows], next_key=found.next_key)


def _pay(request: SignedIn, deal: "SecureDeal", body: PayIn) -> None:
    payments.pay_deal(
        deal_id=deal.pk,
        user_id=request.user.pk,
        method=body.method,
        card_id=body.card_id,
        key=operation_key(request),
    )


def _of(request: SignedIn, assignment_id: int) -> "SecureDeal":
    found = money.secure_deal_of(assignment_visible_to(request.user, assignment_id).pk)
    if found is None:
        raise NotFound
    return found


def _shown(deal: "SecureDeal", reader_id: int) -> SecureDealOut:
    view = money.payment_view(deal) if deal.customer_id == reader_id else None
    part = money.part_offer_of(deal)
    sums = ("paid", "executor_gets", "to_executor", "to_customer")
    plain = ("status", "outcome", "response_id", "assignment_id", "commission_bp", "commission_payer")
    moments = ("pay_by", "end_by", "pay_after")
    values: dict[str, Any] = {name: _money(getattr(deal, name)) for name in sums}
    values |= {name: getattr(deal, name) for name in (*plain, *moments)}
    return SecureDealOut(
        id=deal.pk,
        waits_for=money.waits_for(deal),
        payment=PaymentOut(
            status=view.status, method=view.method, action_url=view.action_url, refusal_code=view.refusal
        )
        if view
        else None,
        part=PartOut(amount=_money(part.amount), reason=part.reason, answer=part.answer, offered_at=part.offered_at)
        if part
        else None,
        lines=[_line(row) for row in money.movements_of_deal(deal, reader_id)],
        **values,
    )


def _line(row: money.Movement) -> LineOut:
    return LineOut(
        kind=row.kind,
        at=row.at,
        mine=_money(row.mine),
        deal_id=row.deal_id,
        assignment_id=row.assignment_id,
        title=row.title,
    )


def _money(value: Money) -> MoneyOut:
    return MoneyOut(minor=value.minor, currency=value.currency)
