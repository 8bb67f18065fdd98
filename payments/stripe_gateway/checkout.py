"""The processor's own page to pay on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import stripe

from marketplace.kit.money import Money
from payments.stripe_gateway.client import ask, client
from payments.stripe_gateway.payments import PaymentState, operation_of, payment


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """`status`: open, complete or expired. `url` is where the person pays, while it is open."""

    id: str
    status: str
    url: str
    paid: bool
    payment: PaymentState | None
    operation: str = ""


def open_page(
    *,
    key: str,
    amount: Money,
    customer_id: str,
    title: str,
    success_url: str,
    cancel_url: str,
    metadata: Mapping[str, str],
    language: str = "ru",
    keep_card: bool = False,
) -> CheckoutPage:
    """Open a page for one payment; it closes itself after 24 hours. With `keep_card` the person agreed to have the card
    kept, also for payments without them. Raises Refused, Unavailable."""
    payment_data: dict[str, Any] = {"metadata": dict(metadata), "description": title}
    if keep_card:
        payment_data["setup_future_usage"] = "off_session"
    product = {"currency": amount.currency.lower(), "unit_amount": amount.minor, "product_data": {"name": title}}
    params: dict[str, Any] = {
        "mode": "payment",
        "customer": customer_id,
        "allowed_payment_method_types": ["card"],
        "line_items": [{"quantity": 1, "price_data": product}],
        "payment_intent_data": payment_data,
        "metadata": dict(metadata),
        "success_url": success_url,
        "cancel_url": cancel_url,
        "locale": language,
    }
    return _page(ask(lambda: client().v1.checkout.sessions.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def page(page_id: str) -> CheckoutPage:
    return _page(ask(lambda: client().v1.checkout.sessions.retrieve(page_id)))


def expire_page(page_id: str) -> CheckoutPage:
    """Close a page nobody will pay on. Raises Refused when it is no longer open."""
    return _page(ask(lambda: client().v1.checkout.sessions.expire(page_id)))


def find_page(*, operation: str, since: datetime, customer_id: str = "") -> CheckoutPage | None:
    """The page that carries our operation, among those opened since just before `since`; None when there is none."""
    params: dict[str, Any] = {"created": {"gte": int((since - timedelta(minutes=15)).timestamp())}, "limit": 100}
    if customer_id:
        params["customer"] = customer_id
    pages = ask(lambda: client().v1.checkout.sessions.list(params))  # type: ignore[arg-type]
    found = ask(lambda: next((row for row in pages.auto_paging_iter() if operation_of(row) == operation), None))
    return _page(found) if found is not None else None


def _page(row: stripe.checkout.Session) -> CheckoutPage:
    behind = row.payment_intent
    payment_id = behind if isinstance(behind, str) else getattr(behind, "id", "")
    return CheckoutPage(
        id=row.id,
        status=row.status or "open",
        url=row.url or "",
        paid=row.payment_status == "paid",
        payment=payment(payment_id) if payment_id else None,
        operation=operation_of(row),
    )
