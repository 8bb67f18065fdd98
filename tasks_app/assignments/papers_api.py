"""Papers of deals, and the fee of an unanswered response, for phone apps."""

from datetime import date
from typing import TYPE_CHECKING

from ninja import Field, Router, Schema

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import Denied
from payments import selectors as payments
from payments.documents.api import Amount, DocumentOut
from tasks_app.assignments import papers
from tasks_app.responses import refund_requests
from tasks_app.responses.selectors import response_visible_to

if TYPE_CHECKING:
    from payments.models import Document
    from tasks_app.models import Response

router = Router(tags=["papers"], auth=auth)


class PaperIn(Schema):
    series: str = Field(..., pattern="^(act|invoice)$")


class MonthIn(PaperIn):
    month: str = Field(..., pattern=r"^\d{4}-\d{2}$")


class ReceiptOut(Schema):
    """What the executor enters into the tax service's app; nothing is sent there. `paid_on`: the day of the payout of a
    secure deal, null before it; else the day of acceptance. `customer_kind`: person, company or entrepreneur."""

    deal: int
    service: str
    amount: Amount
    paid_on: date | None
    customer_kind: str
    customer_name: str
    customer_inn: str


class FeeRequestOut(Schema):
    """Whether the fee of an opened, unanswered response may be asked back now, and how many more may."""

    allowed: bool
    code: str
    reason: str
    paid: int
    total: int
    used: int
    left: int


@router.post("/deals/{int:deal_id}/papers", response={201: DocumentOut}, summary="Make the act or invoice of a deal")
def issue(request: SignedIn, deal_id: int, body: PaperIn) -> "tuple[int, Document]":
    """Again gives the same paper."""
    return 201, papers.issue_deal_paper(assignment_id=deal_id, series=body.series, by=request.user)


@router.post(
    "/documents/month", response={201: DocumentOut}, summary="Make one act or invoice for a month that is over"
)
def issue_month(request: SignedIn, body: MonthIn) -> "tuple[int, Document]":
    return 201, papers.issue_month_paper(month=body.month, series=body.series, by=request.user)


@router.get(
    "/deals/{int:deal_id}/receipt-data", response=ReceiptOut, summary="Data for a self-employed executor's receipt"
)
def receipt(request: SignedIn, deal_id: int) -> papers.ReceiptData:
    return papers.receipt_data(assignment_id=deal_id, user=request.user)


@router.get("/responses/{int:response_id}/fee-request", response=FeeRequestOut, summary="May this fee be asked back?")
def fee_request(request: SignedIn, response_id: int) -> FeeRequestOut:
    return _fee_request(_own(request, response_id))


@router.post("/responses/{int:response_id}/fee-request", response=FeeRequestOut, summary="Ask for the fee back")
def ask_back(request: SignedIn, response_id: int) -> FeeRequestOut:
    """The fee is back when this answers 200; asking again changes nothing."""
    refund_requests.ask_fee_back(response_id=response_id, by=request.user)
    return _fee_request(_own(request, response_id))


def _own(request: SignedIn, response_id: int) -> "Response":
    response = response_visible_to(request.user, response_id)
    if response.executor_id != request.user.pk:
        raise NotFound
    return response


def _fee_request(response: "Response") -> FeeRequestOut:
    decision = refund_requests.may_ask_fee_back(response)
    allowance = payments.silent_allowance(response.executor_id)
    denied = decision if isinstance(decision, Denied) else None
    return FeeRequestOut(
        allowed=denied is None,
        code=denied.code if denied is not None else "",
        reason=str(denied.reason) if denied is not None else "",
        paid=allowance.paid,
        total=allowance.total,
        used=allowance.used,
        left=allowance.left,
    )
