"""Statements, requisites and issued papers for phone apps."""

from datetime import date, datetime

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Field, Query, Router, Schema

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import NotFound
from marketplace.kit.http import PageKey
from payments.documents import files, issuing, requisites, statements, tables
from payments.models import Document, Requisites

router = Router(tags=["papers"], auth=auth)


class Amount(Schema):
    """`minor`: whole minor units (kopecks); `currency`: ISO 4217."""

    minor: int
    currency: str


class PeriodQuery(Schema):
    """Whole days, both included; the current month when not given."""

    first: date | None = None
    last: date | None = None


class BalanceOut(Schema):
    first: date
    last: date
    opening: Amount
    came: Amount
    went: Amount
    closing: Amount
    lines: int


class CardLineOut(Schema):
    """`id`: the journal's entry; `amount`: below zero what a card paid. `to_account`: the account for payouts, not a card."""

    id: int
    kind: str
    title: str
    about: str
    why: str
    amount: Amount
    at: datetime
    to_account: bool
    subscription_id: int | None
    deal_id: int | None
    assignment_id: int | None


class PastWalletOut(Schema):
    lines: list[CardLineOut]


class RequisitesIn(Schema):
    """`kind`: company, entrepreneur or self_employed. `kpp` and `address` are a company's."""

    kind: str = Field(..., max_length=13)
    name: str = Field(..., max_length=200)
    inn: str = Field(..., max_length=20)
    kpp: str = Field("", max_length=20)
    address: str = Field("", max_length=300)


class DocumentOut(Schema):
    """`series`: act or invoice; `subject`: deal:12 or month:2026-10."""

    id: int
    series: str
    number: str = Field(..., alias="title_number")
    subject: str
    issued_at: datetime
    total: Amount


class DocumentsOut(Schema):
    documents: list[DocumentOut]
    next_key: str | None


@router.get("/wallet/balances", response=BalanceOut, summary="What a period opened and closed with")
def balances(request: SignedIn, query: Query[PeriodQuery]) -> dict[str, object]:
    made = statements.make_statement(user_id=request.user.pk, period=statements.make_period(query.first, query.last))
    return {
        "first": made.period.first,
        "last": made.period.last,
        "opening": made.opening,
        "came": made.came,
        "went": made.went,
        "closing": made.closing,
        "lines": len(made.lines),
    }


@router.get("/wallet/by-card", response=PastWalletOut, summary="What went past the wallet in a period, oldest first")
def by_card(request: SignedIn, query: Query[PeriodQuery]) -> dict[str, object]:
    period = statements.make_period(query.first, query.last)
    return {"lines": statements.by_card_in(user_id=request.user.pk, period=period)}


@router.get("/wallet/statement.csv", summary="The statement of a period as a table (text/csv)")
def table(request: SignedIn, query: Query[PeriodQuery]) -> HttpResponseBase:
    period = statements.make_period(query.first, query.last)
    lines = tables.statement_table(user_id=request.user.pk, period=period)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")


@router.get("/wallet/statement.pdf", summary="The statement of a period as PDF (application/pdf)")
def paper(request: SignedIn, query: Query[PeriodQuery]) -> HttpResponse:
    period = statements.make_period(query.first, query.last)
    made = statements.make_statement(user_id=request.user.pk, period=period)
    file = files.statement_file(statement=made, owner=request.user.name or request.user.public_name)
    return HttpResponse(file.content, content_type="application/pdf")


@router.get("/me/requisites", response=RequisitesIn, summary="Who you are on paper")
def kept(request: SignedIn) -> Requisites:
    found = requisites.requisites_of(request.user.pk)
    if found is None:
        raise NotFound
    return found


@router.put("/me/requisites", response=RequisitesIn, summary="Set who you are on paper")
def keep(request: SignedIn, body: RequisitesIn) -> Requisites:
    return requisites.save_requisites(user_id=request.user.pk, typed=requisites.RequisitesForm(**body.dict()))


@router.get("/documents", response=DocumentsOut, summary="Your acts and invoices, newest first")
def documents(request: SignedIn, page: Query[PageKey]) -> dict[str, object]:
    found = issuing.documents_page(user_id=request.user.pk, after=page.after)
    return {"documents": found.rows, "next_key": found.next_key}


@router.get("/documents/{int:document_id}.pdf", summary="An act or invoice as PDF (application/pdf)")
def document(request: SignedIn, document_id: int) -> HttpResponse:
    found: Document = issuing.document_of(user_id=request.user.pk, document_id=document_id)
    return HttpResponse(files.document_file(found).content, content_type="application/pdf")
