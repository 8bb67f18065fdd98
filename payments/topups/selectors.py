"""What a person reads about putting money in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from marketplace.kit.money import Money
from marketplace.kit.pagination import Page, key_page
from payments.models import Intent
from payments.tariff_plans.selectors import usual_fee
from payments.topups.declines import sentence
from payments.topups.policies import TOP_UPS, largest, smallest
from payments.topups.returns import returnable
from payments.topups.services import own_top_up

_ROUND_TO = 10_000  # whole hundreds
_WITHOUT_FEES = 10_000  # what a response is taken for where none costs anything


@dataclass(frozen=True, slots=True)
class TopUpView:
    """How a top-up stands. `stage`: asking (the processor has not answered yet), pay (a page waits at `action_url`),
    confirm (the bank waits there), paid, failed, given_up. `reason`: why a try came to nothing."""

    id: int
    stage: str
    amount: Money
    automatic: bool
    card: dict[str, Any]
    reason: str
    reason_code: str
    action_url: str
    receipt_url: str
    back: str
    created_at: datetime
    settled_at: datetime | None


def top_up_view(intent: Intent) -> TopUpView:
    by_card = intent.kind != Intent.Kind.TOP_UP_PAGE
    url = intent.details.get("action_url", "")
    stages = {"created": "asking", "settled": "paid", "failed": "failed", "cancelled": "given_up"}
    waiting = "asking" if not url else "confirm" if by_card else "pay"
    return TopUpView(
        id=intent.pk,
        stage=stages.get(intent.status, waiting),
        amount=intent.amount,
        automatic=intent.kind == Intent.Kind.TOP_UP_AUTOMATIC,
        card=intent.details.get("card") or {},
        reason=sentence(intent.refusal_code) if intent.refusal_code and intent.status != "settled" else "",
        reason_code=intent.refusal_code,
        action_url=url if intent.status == "waiting" else "",
        receipt_url=intent.details.get("receipt_url", ""),
        back=intent.details.get("back", ""),
        created_at=intent.created_at,
        settled_at=intent.settled_at,
    )


def top_up_of(*, user_id: int, intent_id: int) -> TopUpView:
    """Raises NotFound."""
    return top_up_view(own_top_up(user_id=user_id, intent_id=intent_id))


def top_ups_page(*, user_id: int, after: str | None = None, size: int = 30) -> Page[TopUpView]:
    """The person's top-ups, newest first, also those that came to nothing."""
    page = key_page(_of(user_id), order=["id"], after=after, size=size)
    return Page([top_up_view(row) for row in page.rows], page.next_key)


def returnable_of(*, user_id: int, intent_id: int) -> Money:
    """What of the person's top-up could go back to its card now. Raises NotFound."""
    top_up = own_top_up(user_id=user_id, intent_id=intent_id)
    return returnable(top_up) if top_up.status == Intent.Status.SETTLED else Money.zero(top_up.currency)


def presets(*, user_id: int, city_id: int | None, at: datetime, missing: Money | None = None) -> Sequence[Money]:
    """Three sums to choose from: about five, ten and twenty-five responses at the usual fee that the person pays in the
    city; with `missing`, the first one is enough for the response in hand."""
    fee = usual_fee(city_id=city_id, executor_id=user_id, at=at) if city_id else None
    usual = fee.minor if fee else _WITHOUT_FEES
    sums = [_rounded(usual * count) for count in (5, 10, 25)]
    if missing:
        sums = [_rounded(missing.minor), *sums]
    within = sorted({min(max(value, smallest().minor), largest().minor) for value in sums})
    return [Money(value) for value in within[:3]]


def _rounded(minor: int) -> int:
    return -(-minor // _ROUND_TO) * _ROUND_TO


def _of(user_id: int) -> "QuerySet[Intent]":
    return Intent.objects.filter(user_id=user_id, kind__in=TOP_UPS)
