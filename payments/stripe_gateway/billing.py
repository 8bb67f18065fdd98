"""Subscriptions at the processor: prices, the first payment, and everything they can be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe

from marketplace.kit.money import Money
from payments.stripe_gateway.cards import card_facts
from payments.stripe_gateway.client import ask, client
from payments.stripe_gateway.errors import Refused
from payments.stripe_gateway.payments import CardFacts, confirm_payment, metadata_of, operation_of, payment

_SUBSCRIPTION = ["latest_invoice.payments", "default_payment_method"]


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """How a subscription stands. `status` is the processor's word: incomplete, incomplete_expired, trialing, active, past_due,
    unpaid, canceled, paused. `price` is what the next month costs, `card` what it is taken from."""

    id: str
    status: str
    customer_id: str
    item_id: str
    price: Money
    period_start: datetime
    period_end: datetime
    trial_end: datetime | None
    ends_at_period_end: bool
    is_paused: bool
    ended_at: datetime | None
    latest_invoice_id: str
    metadata: Mapping[str, str]
    card: CardFacts | None = None

    @property
    def operation(self) -> str:
        return self.metadata.get("operation", "")


@dataclass(frozen=True, slots=True)
class InvoiceState:
    """One month's bill. `status`: draft, open, paid, void or uncollectible. `action_url`: where the person can pay it or
    confirm the payment. `period_*`: the month it is for."""

    id: str
    status: str
    paid: Money
    due: Money
    period_start: datetime
    period_end: datetime
    created_at: datetime
    paid_at: datetime | None
    payment_id: str
    action_url: str
    attempts: int
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """The processor's page to begin on. `status`: open, complete or expired."""

    id: str
    status: str
    url: str
    subscription_id: str


def monthly_price(*, key: str, name: str, lookup_key: str, amount: Money) -> str:
    """The id of a price of so much a month, made once per `lookup_key`."""
    found = ask(lambda: client().v1.prices.list({"lookup_keys": [lookup_key], "limit": 1}))
    if found.data:
        return found.data[0].id
    params: dict[str, Any] = {
        "currency": amount.currency.lower(),
        "unit_amount": amount.minor,
        "recurring": {"interval": "month"},
        "product_data": {"name": name},
        "lookup_key": lookup_key,
    }
    return ask(lambda: client().v1.prices.create(params, {"idempotency_key": key})).id  # type: ignore[arg-type]


def open_subscription_page(
    *,
    key: str,
    customer_id: str,
    price_id: str,
    trial_days: int,
    success_url: str,
    cancel_url: str,
    metadata: Mapping[str, str],
    language: str,
) -> SubscriptionPage:
    """A page that takes a card and begins the subscription; it closes itself after 24 hours."""
    data: dict[str, Any] = {"metadata": dict(metadata)}
    if trial_days:
        data["trial_period_days"] = trial_days
    params: dict[str, Any] = {
        "mode": "subscription",
        "customer": customer_id,
        "allowed_payment_method_types": ["card"],
        "line_items": [{"price": price_id, "quantity": 1}],
        "subscription_data": data,
        "metadata": dict(metadata),
        "success_url": success_url,
        "cancel_url": cancel_url,
        "locale": language,
    }
    return _page(ask(lambda: client().v1.checkout.sessions.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def subscription_page(page_id: str) -> SubscriptionPage:
    return _page(ask(lambda: client().v1.checkout.sessions.retrieve(page_id)))


def close_subscription_page(*, key: str, page_id: str) -> SubscriptionPage:
    """Raises Refused when the page is no longer open."""
    return _page(ask(lambda: client().v1.checkout.sessions.expire(page_id, {}, {"idempotency_key": key})))


def find_subscription_page(*, operation: str, since: datetime, customer_id: str) -> SubscriptionPage | None:
    """The page that carries our operation; None when there is none."""
    params: dict[str, Any] = {"customer": customer_id, "created": _since(since), "limit": 100}
    pages = ask(lambda: client().v1.checkout.sessions.list(params))  # type: ignore[arg-type]
    found = ask(lambda: next((row for row in pages.auto_paging_iter() if operation_of(row) == operation), None))
    return _page(found) if found is not None else None


def begin_subscription(
    *, key: str, customer_id: str, price_id: str, card_id: str, trial_days: int, metadata: Mapping[str, str]
) -> SubscriptionState:
    """Begin with a saved card, the person present: `active` or `trialing` at once, or `incomplete` while the bank asks for a
    confirmation or after it said no."""
    params: dict[str, Any] = {
        "customer": customer_id,
        "items": [{"price": price_id}],
        "default_payment_method": card_id,
        "payment_behavior": "allow_incomplete",
        "metadata": dict(metadata),
        "expand": _SUBSCRIPTION,
    }
    if trial_days:
        params["trial_period_days"] = trial_days
    return _state(ask(lambda: client().v1.subscriptions.create(params, {"idempotency_key": key})))  # type: ignore[arg-type]


def subscription(subscription_id: str) -> SubscriptionState:
    return _state(ask(lambda: client().v1.subscriptions.retrieve(subscription_id, {"expand": _SUBSCRIPTION})))


def find_subscription(*, operation: str, since: datetime, customer_id: str) -> SubscriptionState | None:
    """The person's subscription that carries our operation, ended ones too; None when there is none."""
    params: dict[str, Any] = {"customer": customer_id, "status": "all", "created": _since(since), "limit": 100}
    pages = ask(lambda: client().v1.subscriptions.list(params))  # type: ignore[arg-type]
    found = ask(lambda: next((row for row in pages.auto_paging_iter() if operation_of(row) == operation), None))
    return _state(found) if found is not None else None


def invoices_of(subscription_id: str) -> list[InvoiceState]:
    """All bills of a subscription, newest first."""
    params: dict[str, Any] = {"subscription": subscription_id, "limit": 100, "expand": ["data.payments"]}
    pages = ask(lambda: client().v1.invoices.list(params))  # type: ignore[arg-type]
    return ask(lambda: [_invoice(row) for row in pages.auto_paging_iter()])


def subscription_behind_invoice(invoice_id: str) -> str:
    """The id of the subscription that a bill is of; empty for any other bill."""
    row = ask(lambda: client().v1.invoices.retrieve(invoice_id))
    details = getattr(row.parent, "subscription_details", None) if row.parent else None
    return _id(details.subscription) if details else ""


def tell(subscription_id: str, *, key: str, **changes: Any) -> SubscriptionState:
    """Change what is named and nothing else; no part of a month is ever charged or given back by it."""
    params = {**changes, "expand": _SUBSCRIPTION}
    return _state(ask(lambda: client().v1.subscriptions.update(subscription_id, params, {"idempotency_key": key})))  # type: ignore[arg-type]


def end_at_period_end(subscription_id: str, *, key: str, ends: bool) -> SubscriptionState:
    return tell(subscription_id, key=key, cancel_at_period_end=ends)


def pause(subscription_id: str, *, key: str) -> SubscriptionState:
    """Bills of the paused months become void."""
    return tell(subscription_id, key=key, pause_collection={"behavior": "void"})


def resume(subscription_id: str, *, key: str, next_bill_at: datetime) -> SubscriptionState:
    """Bills come again, the next one at the given moment: the time until then is paid already. Where that moment has passed
    before anybody could be told (an outage longer than the time that was left), the processor's own month goes on."""
    moment = int(next_bill_at.timestamp())
    try:
        return tell(subscription_id, key=key, pause_collection="", trial_end=moment, proration_behavior="none")
    except Refused:
        return tell(subscription_id, key=f"{key}:late", pause_collection="")


def reprice(subscription_id: str, *, key: str, item_id: str, price_id: str) -> SubscriptionState:
    """The next bill, and those after it, by another price."""
    items = [{"id": item_id, "price": price_id}]
    return tell(subscription_id, key=key, items=items, proration_behavior="none")


def use_card(subscription_id: str, *, key: str, card_id: str) -> SubscriptionState:
    """From now on bills are taken from this card; an open one at once. Raises Declined."""
    state = tell(subscription_id, key=key, default_payment_method=card_id)
    due = next((row for row in invoices_of(subscription_id) if row.status == "open"), None)
    if due is not None:
        ask(
            lambda: client().v1.invoices.pay(
                due.id, {"payment_method": card_id}, {"idempotency_key": f"{key}:{due.id}"}
            )
        )
    return subscription(subscription_id) if due is not None else state


def end_now(subscription_id: str, *, key: str) -> SubscriptionState:
    """End it at once, without a bill. Raises Refused when it has ended before."""
    params: dict[str, Any] = {"prorate": False, "invoice_now": False, "expand": _SUBSCRIPTION}
    return _state(ask(lambda: client().v1.subscriptions.cancel(subscription_id, params, {"idempotency_key": key})))  # type: ignore[arg-type]


def _since(moment: datetime) -> dict[str, int]:
    return {"gte": int((moment - timedelta(minutes=15)).timestamp())}


def _page(row: stripe.checkout.Session) -> SubscriptionPage:
    return SubscriptionPage(row.id, row.status or "open", row.url or "", _id(row.subscription))


def _state(row: stripe.Subscription) -> SubscriptionState:
    item = row["items"].data[0]  # `items` is also a method of the object
    return SubscriptionState(
        id=row.id,
        status=row.status,
        customer_id=_id(row.customer),
        item_id=item.id,
        price=Money(item.price.unit_amount or 0, item.price.currency.upper()),
        period_start=_moment(item.current_period_start),
        period_end=_moment(item.current_period_end),
        trial_end=_moment(row.trial_end) if row.trial_end else None,
        ends_at_period_end=row.cancel_at_period_end,
        is_paused=row.pause_collection is not None,
        ended_at=_moment(row.ended_at) if row.ended_at else None,
        latest_invoice_id=_id(row.latest_invoice),
        metadata=metadata_of(row),
        card=card_facts(row.default_payment_method)
        if isinstance(row.default_payment_method, stripe.PaymentMethod)
        else None,
    )


def _invoice(row: stripe.Invoice) -> InvoiceState:
    currency = row.currency.upper()
    lines = row.lines.data
    start = max((line.period.start for line in lines), default=row.period_start)
    end = max((line.period.end for line in lines), default=row.period_end)
    paid_at = row.status_transitions.paid_at
    return InvoiceState(
        id=row.id or "",
        status=row.status or "draft",
        paid=Money(row.amount_paid, currency),
        due=Money(row.amount_due, currency),
        period_start=_moment(start),
        period_end=_moment(end),
        created_at=_moment(row.created),
        paid_at=_moment(paid_at) if paid_at else None,
        payment_id=_payment_of(row),
        action_url=row.hosted_invoice_url or "",
        attempts=row.attempt_count,
        next_attempt_at=_moment(row.next_payment_attempt) if row.next_payment_attempt else None,
    )


def _payment_of(row: stripe.Invoice) -> str:
    payments = row.payments.data if row.payments else []
    chosen = next((line for line in payments if line.status == "paid"), payments[0] if payments else None)
    return _id(chosen.payment.payment_intent) if chosen else ""


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _id(value: Any) -> str:
    return value if isinstance(value, str) else getattr(value, "id", "") or ""


@dataclass(frozen=True, slots=True)
class FirstPayment:
    """How the first payment of a subscription stands: the bank said no (`declined`: why), or asks at `action_url`."""

    declined: str
    action_url: str


def first_payment(payment_id: str, *, return_url: str) -> FirstPayment:
    """`return_url`: where the bank's confirmation leads back to. Raises Unavailable."""
    if not payment_id:
        return FirstPayment("", "")
    state = payment(payment_id)
    if state.status == "requires_action" and not state.action_url:
        # A bill's payment is begun without a way back: confirmed once more with one, it asks the person on a page that has it.
        state = confirm_payment(payment_id, return_url=return_url)
    declined = state.decline_code if state.status == "requires_payment_method" else ""
    return FirstPayment(declined, state.action_url)


def charge_behind(payment_id: str) -> str:
    """The id of the money that came in, in the processor's own books."""
    return payment(payment_id).charge_id if payment_id else ""
