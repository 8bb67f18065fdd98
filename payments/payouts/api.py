"""The account for payouts, for phone apps."""

from datetime import datetime

from django.conf import settings
from ninja import Query, Router, Schema

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.http import PageKey
from payments.payouts import selectors, services

router = Router(tags=["payouts"], auth=auth)


class AccountOut(Schema):
    """`status`: none, incomplete, pending, enabled or restricted; `missing`: what is asked, in words."""

    status: str
    missing: list[str]
    problem: str
    bank_last4: str


class LinkOut(Schema):
    """Where identity and bank account are given: the processor's page, open for some minutes."""

    url: str


class PayoutOut(Schema):
    id: int
    minor: int
    currency: str
    status: str
    why: str
    created_at: datetime
    arrives_at: datetime | None


class PayoutsOut(Schema):
    payouts: list[PayoutOut]
    next_key: str | None


@router.get("/payouts/account", response=AccountOut, summary="My account for payouts")
def account(request: SignedIn) -> AccountOut:
    found = selectors.payout_account(request.user.pk)
    return AccountOut(
        status=found.status, missing=list(found.missing), problem=found.problem, bank_last4=found.bank_last4
    )


@router.post("/payouts/account", response=LinkOut, summary="Open my account or go on filling it in")
def start(request: SignedIn) -> LinkOut:
    """Safe to repeat: one account a person, a new link each time."""
    here = f"{settings.SITE_URL}/account/payouts/"
    url = services.start_onboarding(user_id=request.user.pk, return_url=f"{here}?back", refresh_url=here)
    return LinkOut(url=url)


@router.get("/payouts", response=PayoutsOut, summary="Payouts to my bank, newest first")
def payouts(request: SignedIn, page: Query[PageKey]) -> PayoutsOut:
    found = selectors.payouts_page(user_id=request.user.pk, after=page.after)
    rows = [
        PayoutOut(
            id=row.id,
            minor=row.amount.minor,
            currency=row.amount.currency,
            status=row.status,
            why=row.why,
            created_at=row.created_at,
            arrives_at=row.arrives_at,
        )
        for row in found.rows
    ]
    return PayoutsOut(payouts=rows, next_key=found.next_key)
