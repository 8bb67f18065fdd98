"""The life of a subscription: begun, on trial, renewed, owing, paused, ended."""

import json

from payments.simulator.billing import invoices
from payments.simulator.billing.periods import after, days
from payments.simulator.calls import Call, changed, present
from payments.simulator.errors import Refusal
from payments.simulator.schedule import job
from payments.simulator.shapes import Obj

INCOMPLETE_FOR = 23 * 3600
ENDED = ("canceled", "incomplete_expired")


def told(call: Call, subscription: Obj, before: Obj) -> Obj:
    """Keep a changed subscription and tell of it."""
    difference = changed(before, subscription)
    if difference:
        call.save(subscription)
        call.emit("customer.subscription.updated", subscription, present(difference))
    return subscription


def copy(doc: Obj) -> Obj:
    duplicate: Obj = json.loads(json.dumps(doc))
    return duplicate


def set_period(subscription: Obj, start: int, end: int) -> None:
    for item in subscription["items"]["data"]:
        item |= {"current_period_start": start, "current_period_end": end}


def period_of(subscription: Obj) -> tuple[int, int]:
    first = subscription["items"]["data"][0]
    return first["current_period_start"], first["current_period_end"]


def plan_next(call: Call, subscription: Obj) -> None:
    """The end of the running period is the next thing that happens by itself."""
    call.forget("period_ends", subscription["id"])
    call.later(period_of(subscription)[1], "period_ends", subscription["id"], subscription["test_clock"])


def begin(
    call: Call, subscription: Obj, customer: Obj, *, behavior: str, off_session: bool = True, paid_by: Obj | None = None
) -> Obj:
    """A new subscription: its trial, or its first invoice. Raises Declined only for error_if_incomplete."""
    now, trial_end = call.now, subscription["trial_end"]
    if trial_end:
        set_period(subscription, now, trial_end)
        subscription |= {"status": "trialing", "billing_cycle_anchor": trial_end, "trial_start": now}
    else:
        first = subscription["items"]["data"][0]["price"]["recurring"]
        set_period(subscription, now, after(now, subscription["billing_cycle_anchor"], first))
        subscription["status"] = "incomplete"
    call.add(subscription)
    invoice = bill(call, subscription, customer, reason="subscription_create", free=bool(trial_end))
    subscription["latest_invoice"] = invoice["id"]
    call.save(subscription)
    call.emit("customer.subscription.created", subscription)
    plan_next(call, subscription)
    if trial_end:
        _announce_end(call, subscription)
    _first_payment(call, invoice, behavior=behavior, off_session=off_session, paid_by=paid_by)
    return _begun(call, subscription["id"])


def _begun(call: Call, id: str) -> Obj:
    subscription = call.store.find(id) or {}
    if subscription["status"] == "incomplete":
        call.later(call.now + INCOMPLETE_FOR, "incomplete_expires", id, subscription["test_clock"])
    return subscription


def _first_payment(call: Call, invoice: Obj, *, behavior: str, off_session: bool, paid_by: Obj | None) -> None:
    invoices.finalize(call, invoice, intent=paid_by)
    if paid_by:
        paid_by["_invoice"] = invoice["id"]
        call.save(paid_by)
        invoices.mark_paid(call, invoice)
    if invoice["status"] != "open" or behavior == "default_incomplete":
        _prepare_intent(call, invoice)
        return
    refusal = invoices.collect(call, invoice, off_session=off_session)
    waiting = (call.store.find(invoice["_intent"]) or {})["status"] == "requires_action"
    if behavior == "error_if_incomplete" and (refusal or waiting):
        raise Refusal(
            str(refusal or "This payment requires additional action."),
            status=402,
            type="card_error",
            code=refusal.error["code"] if refusal else "subscription_payment_intent_requires_action",
        )


def _prepare_intent(call: Call, invoice: Obj) -> None:
    """An intent that waits for its person already knows the card."""
    intent = call.store.find(invoice.get("_intent") or "")
    method = invoices.method_of(call, invoice)
    if intent and method and intent["status"] == "requires_payment_method":
        call.save(intent | {"payment_method": method["id"], "status": "requires_confirmation"})


def bill(call: Call, subscription: Obj, customer: Obj, *, reason: str, free: bool = False) -> Obj:
    """A draft for the running period, with what waits for it. Not yet told of: the caller opens or finalizes it."""
    start, end = period_of(subscription)
    invoice = invoices.draft(
        call,
        customer,
        subscription["currency"],
        reason=reason,
        subscription=subscription,
        period_start=start,
        period_end=end,
    )
    if reason == "subscription_create":
        invoice["period_end"] = start
    for item in subscription["items"]["data"]:
        _bill_item(call, invoice, subscription, item, free=free)
    invoices.gather(call, invoice)
    call.save(invoice)
    if reason != "subscription_cycle":
        call.emit("invoice.created", invoice)
    return invoice


def _bill_item(call: Call, invoice: Obj, subscription: Obj, item: Obj, *, free: bool) -> None:
    price, (start, end) = item["price"], period_of(subscription)
    product = (call.store.find(price["product"]) or {}).get("name", "")
    details = {
        "invoice_item": None, "proration": False, "proration_details": None, "subscription": subscription["id"],
        "subscription_item": item["id"],
    }  # fmt: skip
    invoices.add_line(
        invoice, amount=0 if free else price["unit_amount"] * item["quantity"], start=start, end=end, price=price, quantity=item["quantity"],
        description=f"Trial period for {product}" if free else f"{item['quantity']} × {product}",
        parent={"invoice_item_details": None, "subscription_item_details": details, "type": "subscription_item_details"},
    )  # fmt: skip


def _announce_end(call: Call, subscription: Obj) -> None:
    """Three days before a trial ends; at once when it is shorter."""
    moment = subscription["trial_end"] - days(3)
    if moment > call.now:
        call.later(moment, "trial_will_end", subscription["id"], subscription["test_clock"])
    else:
        call.emit("customer.subscription.trial_will_end", subscription)


@job("trial_will_end")
def _trial_will_end(call: Call, id: str) -> None:
    subscription = call.store.find(id)
    if subscription and subscription["status"] == "trialing":
        call.emit("customer.subscription.trial_will_end", subscription)


@job("period_ends")
def _period_ends(call: Call, id: str) -> None:
    subscription = call.store.find(id)
    if subscription is None or subscription["status"] in (*ENDED, "paused", "incomplete"):
        return
    if subscription["cancel_at_period_end"] or (subscription["cancel_at"] or call.now + 1) <= call.now:
        end(call, subscription, reason="cancellation_requested")
        return
    if subscription["status"] == "trialing":
        trial_over(call, subscription)
    else:
        renew(call, subscription)


def trial_over(call: Call, subscription: Obj, *, at_once: bool = False) -> Obj:
    """Without a card: as `trial_settings` say. With one, the first paid period begins."""
    no_card = subscription["default_payment_method"] is None and _customers_card(call, subscription) is None
    missing = (subscription["trial_settings"] or {}).get("end_behavior", {}).get("missing_payment_method")
    if no_card and missing == "cancel":
        return end(call, subscription, reason="cancellation_requested")
    if no_card and missing == "pause":
        before = copy(call.store.find(subscription["id"]) or subscription)
        paused = told(call, subscription | {"status": "paused"}, before)
        call.emit("customer.subscription.paused", paused)
        return paused
    return renew(call, subscription, at_once=at_once)


def _customers_card(call: Call, subscription: Obj) -> str | None:
    card: str | None = (call.store.find(subscription["customer"]) or {})["invoice_settings"]["default_payment_method"]
    return card


def renew(call: Call, subscription: Obj, *, at_once: bool = False) -> Obj:
    """The next period begins; its invoice is drafted, to be collected in an hour (or at once)."""
    before = copy(subscription)
    start = period_of(subscription)[1] if not at_once else call.now
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    set_period(subscription, start, after(start, subscription["billing_cycle_anchor"], recurring))
    if subscription["status"] in ("trialing", "paused"):
        subscription["status"] = "active"
    customer = call.store.find(subscription["customer"]) or {}
    invoice = bill(call, subscription, customer, reason="subscription_update" if at_once else "subscription_cycle")
    subscription["latest_invoice"] = invoice["id"]
    told(call, subscription, before)
    plan_next(call, subscription)
    pause = subscription["pause_collection"]
    if pause and pause["behavior"] == "keep_as_draft":
        invoice["auto_advance"] = False
    if not at_once:
        invoices.opened(call, invoice, wait=invoice["auto_advance"])
    if pause and pause["behavior"] != "keep_as_draft":
        invoices.finalize(call, invoice)
        if invoice["status"] == "open":
            invoices.close(call, invoice, "void" if pause["behavior"] == "void" else "uncollectible")
    elif at_once:
        invoices.finalize(call, invoice)
        if invoice["status"] == "open":
            invoices.collect(call, invoice)
    return call.store.find(subscription["id"]) or {}


def end(call: Call, subscription: Obj, *, reason: str, status: str = "canceled") -> Obj:
    """Over for good: nothing renews, nothing is tried again."""
    subscription |= {
        "status": status, "ended_at": call.now, "canceled_at": subscription["canceled_at"] or call.now, "cancel_at_period_end": False,
        "cancellation_details": {**subscription["cancellation_details"], "reason": reason}, "pause_collection": None,
    }  # fmt: skip
    call.save(subscription)
    for kind in ("period_ends", "trial_will_end", "incomplete_expires", "cancel_at", "resume_collection"):
        call.forget(kind, subscription["id"])
    for invoice in call.store.select("invoice", "doc ->> '$._subscription' = ?", (subscription["id"],)):
        if invoice["status"] in ("draft", "open"):
            call.save(invoice | {"auto_advance": False, "next_payment_attempt": None})
            call.forget("retry_invoice", invoice["id"])
            call.forget("finalize_invoice", invoice["id"])
    call.emit(
        "customer.subscription.updated" if status == "incomplete_expired" else "customer.subscription.deleted",
        subscription,
    )
    return subscription


@job("incomplete_expires")
def _incomplete_expires(call: Call, id: str) -> None:
    subscription = call.store.find(id)
    if subscription and subscription["status"] == "incomplete":
        invoice = call.store.find(subscription["latest_invoice"])
        if invoice and invoice["status"] == "open":
            invoices.close(call, invoice, "void")
        end(call, subscription, reason="payment_failed", status="incomplete_expired")


@job("cancel_at")
def _cancel_at(call: Call, id: str) -> None:
    subscription = call.store.find(id)
    if (
        subscription
        and subscription["status"] not in ENDED
        and subscription["cancel_at"]
        and subscription["cancel_at"] <= call.now
    ):
        end(call, subscription, reason="cancellation_requested")


@job("resume_collection")
def _resume_collection(call: Call, id: str) -> None:
    subscription = call.store.find(id)
    if subscription and subscription["pause_collection"]:
        before = copy(subscription)
        subscription["pause_collection"] = None
        told(call, subscription, before)
