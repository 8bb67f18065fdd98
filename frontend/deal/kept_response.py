"""A response half written, kept in the session while the person tops up; also without JavaScript."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from marketplace.accounts.requests import SignedIn
from marketplace.kit.money import Money
from payments.selectors import FeeQuote, card_payments_on, debt_of

FIELDS = ("operation", "price", "message", "available_at")


def missing_for(quote: FeeQuote, user_id: int) -> Money | None:
    """What has to be put in before this response can be paid; None when money is not what is missing, or cards are off."""
    if quote.refusal is None or quote.refusal.code not in ("insufficient_funds", "in_debt") or not card_payments_on():
        return None
    debt = debt_of(user_id, quote.amount.currency)
    short = max(quote.amount - quote.balance + debt, debt)  # a debt is settled by the next top-up, whatever is there
    return short if short.minor > 0 else None


def wants_to_top_up(request: SignedIn) -> bool:
    return request.method == "POST" and request.POST.get("then") == "top_up"


def to_top_up(request: SignedIn, task_id: int, missing: Money | None) -> HttpResponse:
    """Keep what was written and lead to the top-up; its last page leads back here."""
    request.session[_name(task_id)] = {field: request.POST.get(field, "")[:2000] for field in FIELDS}
    address = {"back": reverse("deal:respond", args=[task_id])} | ({"need": missing.minor} if missing else {})
    return redirect(f"{reverse('wallet:top_up')}?{urlencode(address)}")


def kept(request: SignedIn, task_id: int) -> dict[str, Any] | None:
    """What was written before the top-up, for the form."""
    return request.session.get(_name(task_id))


def forget(request: SignedIn, task_id: int) -> None:
    request.session.pop(_name(task_id), None)


def _name(task_id: int) -> str:
    return f"response:{task_id}"
