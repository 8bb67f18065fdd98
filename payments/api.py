"""The wallet for phone apps: balance, quote, statement, limits, the free day."""

from datetime import datetime

from ninja import Field, Query, Router, Schema

from marketplace.accounts.api import auth
from marketplace.accounts.policies import may_respond
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import NotFound
from marketplace.kit.http import PageKey
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments import selectors, services
from payments.fees.selectors import ChargeView, FeeQuote
from payments.ledger.selectors import StatementLine

router = Router(tags=["wallet"], auth=auth)


class MoneyOut(Schema):
    """`minor`: whole minor units (kopecks); `currency`: ISO 4217."""

    minor: int
    currency: str


class WalletOut(Schema):
    """`debt`: owed after a bank took an earlier payment back; the next top-up settles it first."""

    balance: MoneyOut
    debt: MoneyOut
    held: MoneyOut
    held_until: datetime | None
    trial_until: datetime | None
    daily_limit_minor: int | None
    weekly_limit_minor: int | None


class QuoteOut(Schema):
    amount: MoneyOut
    list_price: MoneyOut
    covered_by: str
    balance: MoneyOut
    refusal_code: str | None
    refusal: str | None


class ChargeOut(Schema):
    response_id: int
    amount: MoneyOut
    covered_by: str
    status: str
    charged_at: datetime
    unopened_until: datetime
    rule: str | None
    returns_at: datetime | None
    paid_at: datetime | None
    held_until: datetime | None


class LineOut(Schema):
    id: int
    kind: str
    title: str
    amount: MoneyOut
    at: datetime
    task_id: int | None
    task_title: str
    why: str
    charge: ChargeOut | None


class StatementOut(Schema):
    lines: list[LineOut]
    next_key: str | None


class PlaceIn(Schema):
    category_id: int = Field(..., ge=1, le=2**31)
    city_id: int = Field(..., ge=1, le=2**31)


class LimitsIn(Schema):
    daily_minor: int | None = Field(None, ge=0, le=100_000_000)
    weekly_minor: int | None = Field(None, ge=0, le=100_000_000)


@router.get("/wallet", response=WalletOut, summary="Balance, holds, trial and limits")
def wallet(request: SignedIn) -> dict[str, object]:
    user_id = request.user.pk
    held, held_until = selectors.standing_holds(user_id)
    cap = selectors.spending_cap(user_id)
    return {
        "balance": selectors.wallet_balance(user_id),
        "debt": selectors.debt_of(user_id),
        "held": held,
        "held_until": held_until,
        "trial_until": selectors.trial_until(user_id),
        "daily_limit_minor": cap.daily_minor if cap else None,
        "weekly_limit_minor": cap.weekly_minor if cap else None,
    }


@router.get("/wallet/quote", response=QuoteOut, summary="What a response would cost now")
def quote(request: SignedIn, place: Query[PlaceIn]) -> QuoteOut:
    found: FeeQuote = selectors.quote_response_fee(
        user_id=request.user.pk, category_id=place.category_id, city_id=place.city_id
    )
    return QuoteOut(
        amount=_money(found.amount),
        list_price=_money(found.list_price),
        covered_by=found.covered_by,
        balance=_money(found.balance),
        refusal_code=found.refusal.code if found.refusal else None,
        refusal=str(found.refusal.reason) if found.refusal else None,
    )


@router.get("/wallet/statement", response=StatementOut, summary="Lines of the wallet, newest first")
def statement(request: SignedIn, page: Query[PageKey]) -> dict[str, object]:
    found = selectors.statement_page(user_id=request.user.pk, after=page.after)
    return {"lines": found.rows, "next_key": found.next_key}


@router.get("/wallet/statement/{int:line_id}", response=LineOut, summary="One line of the wallet")
def statement_line(request: SignedIn, line_id: int) -> StatementLine:
    line = selectors.statement_line(user_id=request.user.pk, line_id=line_id)
    if line is None:
        raise NotFound
    return line


@router.get("/wallet/charges/{int:response_id}", response=ChargeOut, summary="What became of a response's fee")
def charge(request: SignedIn, response_id: int) -> ChargeView:
    found = selectors.charge_for(response_id, user_id=request.user.pk)
    if found is None:
        raise NotFound
    return found


@router.put("/wallet/limits", response=WalletOut, summary="Set or take away spending limits")
def limits(request: SignedIn, body: LimitsIn) -> dict[str, object]:
    services.set_spending_cap(
        user_id=request.user.pk,
        daily=None if body.daily_minor is None else Money(body.daily_minor),
        weekly=None if body.weekly_minor is None else Money(body.weekly_minor),
    )
    return wallet(request)


@router.post("/wallet/trial", response=WalletOut, summary="Begin the 24 free hours, once")
def begin_trial(request: SignedIn) -> dict[str, object]:
    require(may_respond(request.user))
    services.start_trial(user_id=request.user.pk)
    return wallet(request)


def _money(value: Money) -> MoneyOut:
    return MoneyOut(minor=value.minor, currency=value.currency)
