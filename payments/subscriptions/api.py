"""Subscriptions for phone apps: what is offered, one's own, and everything one can do with them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ninja import Field, Query, Router, Schema, Status

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import NotFound
from marketplace.kit.http import effect_once, takes_key
from marketplace.kit.money import Money
from payments.models import Subscription
from payments.subscriptions import selectors, services
from payments.subscriptions.following import carry_out
from payments.topups.cards import own_card
from payments.topups.declines import sentence

router = Router(tags=["wallet"], auth=auth)


class MonthOut(Schema):
    """`minor`: whole minor units (kopecks); `currency`: ISO 4217."""

    minor: int
    currency: str


class BillOut(Schema):
    amount: MonthOut
    period_start: datetime
    period_end: datetime
    paid_at: datetime
    refund_rule: str | None
    refunded_at: datetime | None


class PayingCardOut(Schema):
    """The card that the next month is taken from."""

    id: int
    brand: str
    last4: str
    exp_month: int
    exp_year: int


class SubscriptionOut(Schema):
    """`status`: pending (lead the person to `action_url`), active, past_due (covered until `grace_until`; pay at `action_url`),
    paused, ended, abandoned (`refusal` says why). `card`: what the next month is taken from; null when no kept card pays. `may`: the verbs that are allowed
    now."""

    id: int
    category_id: int
    city_id: int
    status: str
    price: MonthOut
    on_trial: bool
    period_end: datetime | None
    covered_until: datetime | None
    grace_until: datetime | None
    ends_at_period_end: bool
    left_seconds: int | None
    action_url: str
    card: PayingCardOut | None
    end_reason: str
    refusal: str
    next_price: MonthOut | None
    next_price_from: datetime | None
    may: list[str]
    payments: list[BillOut]


class OfferOut(Schema):
    month: MonthOut
    response_fee: MonthOut
    with_trial: bool
    standing_id: int | None


class ComparisonOut(Schema):
    """The last 90 days of one place: what was paid, and what three months by subscription would have cost."""

    category_id: int
    city_id: int
    responses: int
    paid_responses: int
    covered: int
    by_response: MonthOut
    by_month: MonthOut
    would: MonthOut


class SubscriptionPlaceIn(Schema):
    category_id: int = Field(..., ge=1, le=2**31)
    city_id: int = Field(..., ge=1, le=2**31)


class SubscribeIn(SubscriptionPlaceIn):
    """`agreed_minor`: the monthly price that the person was shown. `card_id`: a kept card; without one a page to pay on is
    opened in `language`."""

    agreed_minor: int = Field(..., ge=1, le=10**9)
    card_id: int | None = Field(None, ge=1, le=2**31)
    language: str = Field("ru", pattern="^(ru|en)$")


class CardIn(Schema):
    card_id: int = Field(..., ge=1, le=2**31)


@router.get("/wallet/subscriptions", response=list[SubscriptionOut], summary="My subscriptions, newest first")
def mine(request: SignedIn) -> list[dict[str, Any]]:
    return [_shown(row) for row in selectors.subscriptions_of(request.user.pk)[:50]]


@router.get("/wallet/subscriptions/offer", response=OfferOut, summary="What a month costs in a place")
def offer(request: SignedIn, place: Query[SubscriptionPlaceIn]) -> dict[str, Any]:
    found = selectors.offer(user_id=request.user.pk, category_id=place.category_id, city_id=place.city_id)
    if found is None:
        raise NotFound
    return {
        "month": found.month,
        "response_fee": found.fee,
        "with_trial": found.with_trial,
        "standing_id": found.standing.pk if found.standing else None,
    }


@router.get("/wallet/subscriptions/compare", response=list[ComparisonOut], summary="By the response or by the month")
def compare(request: SignedIn) -> list[selectors.Comparison]:
    return selectors.comparison(user_id=request.user.pk)


@router.post("/wallet/subscriptions", response={201: SubscriptionOut}, summary="Subscribe")
@takes_key
def subscribe(request: SignedIn, body: SubscribeIn) -> Status[dict[str, Any]]:
    """The same Idempotency-Key is the same subscription."""
    card = None if body.card_id is None else own_card(user_id=request.user.pk, card_id=body.card_id)

    def begin() -> int:
        made = services.subscribe(
            by=request.user,
            category_id=body.category_id,
            city_id=body.city_id,
            agreed=Money(body.agreed_minor),
            card=card,
            language=body.language,
        )
        return int(made.pk)

    # The row is committed before the processor hears of it: see docs/decisions/0051.
    return Status(201, _shown(carry_out(subscription_id=effect_once(request, begin))))


@router.get("/wallet/subscriptions/{int:subscription_id}", response=SubscriptionOut, summary="One subscription")
def one(request: SignedIn, subscription_id: int) -> dict[str, Any]:
    return _shown(selectors.own_subscription(user_id=request.user.pk, subscription_id=subscription_id))


@router.post(
    "/wallet/subscriptions/{int:subscription_id}/card", response=SubscriptionOut, summary="Pay by another card"
)
def change_card(request: SignedIn, subscription_id: int, body: CardIn) -> dict[str, Any]:
    card = own_card(user_id=request.user.pk, card_id=body.card_id)
    services.change_card(subscription_id=subscription_id, by=request.user, card=card)
    return _shown(carry_out(subscription_id=subscription_id))


_VERBS: dict[str, Callable[..., Any]] = {
    "pause": services.pause,
    "resume": services.resume,
    "cancel": services.cancel,
    "come_back": services.come_back,
    "refund": services.refund_unused_month,
    "give_up": services.give_up,
}


@router.post(
    "/wallet/subscriptions/{int:subscription_id}/do/{verb}",
    response=SubscriptionOut,
    summary="pause, resume, cancel, come_back, refund or give_up",
)
def change(request: SignedIn, subscription_id: int, verb: str) -> dict[str, Any]:
    if verb not in _VERBS:
        raise NotFound
    _VERBS[verb](subscription_id=subscription_id, by=request.user)
    return _shown(carry_out(subscription_id=subscription_id))


def _shown(row: Subscription) -> dict[str, Any]:
    ahead = selectors.price_change_ahead(row)
    plain = (
        "id", "category_id", "city_id", "status", "price", "on_trial", "period_end", "covered_until", "grace_until",
        "ends_at_period_end", "left_seconds", "action_url", "end_reason",
    )  # fmt: skip
    return {name: getattr(row, name) for name in plain} | {
        "card": selectors.paying_card(row),
        "refusal": str(sentence(row.refusal_code)) if row.refusal_code else "",
        "next_price": ahead[0] if ahead else None,
        "next_price_from": ahead[1] if ahead else None,
        "may": [verb for verb, decision in selectors.rights(row).items() if decision],
        "payments": [_bill(payment) for payment in selectors.payments_of(row)],
    }


def _bill(payment: Any) -> dict[str, Any]:
    refund = max(payment.refunds.all(), key=lambda row: row.pk, default=None)
    return {
        "amount": payment.amount,
        "period_start": payment.period_start,
        "period_end": payment.period_end,
        "paid_at": payment.paid_at,
        "refund_rule": refund.rule if refund else None,
        "refunded_at": refund.paid_at if refund else None,
    }
